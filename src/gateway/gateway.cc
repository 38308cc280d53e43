// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "gateway/gateway.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "gateway/credential_header.h"
#include "gateway/idempotency.h"
#include "http/json.h"
#include "http/problem.h"
#include "obs/log.h"

namespace helios::gateway {
namespace {

using tenancy::RateClass;

constexpr std::chrono::seconds kRequestDeadline{10};
/// A body sent where nothing is: as large as most routes allow, so that the answer is 404 or 405 and not 413, at which
/// a sender would cut its requests smaller and smaller.
constexpr std::size_t kUnroutedBodyBytes = http::kMaxJsonBytes;
/// Of a person: several tabs of dashboards that are opened, and asked again, quickly.
constexpr std::uint64_t kSessionRequestsPerMinute = 3'000;
constexpr std::uint64_t kSignUpsPerHour = 10;
constexpr std::uint64_t kSignInsPerMinute = 10;
constexpr std::uint64_t kInvitationsPerMinute = 30;
/// Look-ups of credentials that are not remembered: guessing keys costs a query each.
constexpr std::uint64_t kLookUpsPerMinute = 3'000;

std::vector<tenancy::RateWindow> PlanWindows(const tenancy::PlanLimits& limits) {
  std::vector<tenancy::RateWindow> windows;
  if (limits.api_requests_per_minute > 0) {
    windows.push_back({.name = "minute", .quota = limits.api_requests_per_minute, .length = std::chrono::seconds{60}});
  }
  if (limits.api_requests_per_hour > 0) {
    windows.push_back({.name = "hour", .quota = limits.api_requests_per_hour, .length = std::chrono::seconds{3600}});
  }
  return windows;
}

/// Only the last address is the proxy's own word; whatever stands before it, a client may have made up.
std::string ForwardedFor(const http::Request& request) {
  std::string_view address;
  for (const auto& [name, value] : request.headers.fields()) {
    if (::strcasecmp(name.c_str(), "X-Forwarded-For") == 0) address = value;
  }
  if (const std::size_t comma = address.rfind(','); comma != std::string_view::npos) address.remove_prefix(comma + 1);
  while (address.starts_with(' ')) address.remove_prefix(1);
  if (address.empty() || address.size() > 64) return request.peer;
  return std::string(address);
}

}  // namespace

struct Gateway::Served {
  tenancy::Route route;
  prometheus::Histogram* seconds = nullptr;
  std::array<prometheus::Counter*, 5> by_class{};  ///< answers 1xx to 5xx
};

struct Gateway::Exchange {
  std::shared_ptr<http::Request> request;
  http::Responder responder;
  const Served* served = nullptr;
  std::shared_ptr<const tenancy::RequestContext> context;
  std::vector<std::pair<std::string, std::string>> limit_headers;
};

Gateway::Gateway(const Environment& environment, tenancy::Routes routes, Pages pages)
    : environment_(environment), pages_(std::move(pages)) {
  for (tenancy::Route& route : routes) {
    std::unique_ptr<Served> served = MakeServed(std::move(route));
    router_.Add(served->route.method, served->route.pattern, served.get());
    served_.push_back(std::move(served));
  }
  if (!pages_) return;
  tenancy::Route page;
  page.operation = "portal";
  page_served_ = MakeServed(std::move(page));
}

std::unique_ptr<Gateway::Served> Gateway::MakeServed(tenancy::Route route) const {
  auto served = std::make_unique<Served>();
  served->route = std::move(route);
  const std::string& operation = served->route.operation;
  served->seconds =
      &environment_.metrics.Histogram("helios_http_request_seconds", "Time from a request's last byte to its answer.",
                                      obs::kLatencyBounds, {{"operation", operation}});
  for (std::size_t i = 0; i < served->by_class.size(); ++i) {
    served->by_class[i] =
        &environment_.metrics.Counter("helios_http_answers_total", "Answers by operation and class of status.",
                                      {{"operation", operation}, {"status", fmt::format("{}xx", i + 1)}});
  }
  return served;
}

Gateway::~Gateway() = default;

std::size_t Gateway::BodyLimit(const http::Request& request) const {
  const auto found = router_.Find(request.method, request.path);
  const auto* match = std::get_if<http::Router<const Served*>::Match>(&found);
  return match == nullptr ? kUnroutedBodyBytes : (*match->target)->route.max_body_bytes;
}

void Gateway::Handle(std::shared_ptr<http::Request> request, http::Responder responder) {
  if (environment_.behind_proxy) request->peer = ForwardedFor(*request);
  using Router = http::Router<const Served*>;
  auto found = router_.Find(request->method, request->path);
  if (std::holds_alternative<Router::NotFound>(found)) {
    if (auto page = pages_ ? pages_(*request) : std::nullopt) {
      Exchange exchange;
      exchange.request = std::move(request);
      exchange.responder = std::move(responder);
      exchange.served = page_served_.get();
      Finish(exchange, *std::move(page));
      return;
    }
    responder(http::NoSuchRoute(*request, "GET /api/v1/openapi.json lists what there is"));
    return;
  }
  if (const auto* refused = std::get_if<Router::MethodNotAllowed>(&found)) {
    responder(http::MethodNotAllowed(*request, refused->allowed));
    return;
  }
  auto& match = std::get<Router::Match>(found);
  request->path_parameters = std::move(match.parameters);
  auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->responder = std::move(responder);
  exchange->served = *match.target;
  Authenticate(exchange);
}

void Gateway::Authenticate(const ExchangePtr& exchange) {
  const tenancy::Route& route = exchange->served->route;
  if (!route.permission && !route.any_credential) {
    static const auto anonymous = std::make_shared<const tenancy::Principal>();
    Admit(exchange, anonymous);
    return;
  }
  auto hash = CredentialOf(*exchange->request, environment_.credentials);
  if (!hash) {
    Finish(*exchange, std::unexpected(std::move(hash).error()));
    return;
  }
  if (auto principal = environment_.credentials.Remembered(*hash)) {
    Admit(exchange, std::move(principal));
    return;
  }
  const tenancy::RateDecision look_up =
      environment_.limiter.Take("look-up:" + exchange->request->peer,
                                {{.name = "minute", .quota = kLookUpsPerMinute, .length = std::chrono::seconds{60}}});
  if (!look_up.allowed) {
    exchange->limit_headers.emplace_back("Retry-After", std::to_string(look_up.resets_in.count()));
    Finish(*exchange, Fail(ErrorCode::kUnavailable, "gateway.overloaded",
                           "cannot serve this now: too many unknown credentials came from your address; try again"));
    return;
  }
  const bool queued = environment_.workers.Submit({}, [this, exchange, credential = *std::move(hash)] {
    auto principal = environment_.credentials.Load(credential, std::chrono::steady_clock::now() + kRequestDeadline);
    if (principal) {
      Admit(exchange, *std::move(principal));
    } else {
      Finish(*exchange, std::unexpected(std::move(principal).error()));
    }
  });
  if (!queued) {
    Finish(*exchange, Fail(ErrorCode::kUnavailable, "gateway.overloaded",
                           "cannot serve this now: too many requests wait; try again"));
  }
}

void Gateway::Admit(const ExchangePtr& exchange, std::shared_ptr<const tenancy::Principal> principal) {
  auto context = std::make_shared<tenancy::RequestContext>();
  context->tenant = principal->tenant;
  context->principal = std::move(principal);
  context->request_id = exchange->request->request_id;
  context->now = environment_.clock.Now();
  context->deadline = std::chrono::steady_clock::now() + kRequestDeadline;
  context->peer = exchange->request->peer;
  exchange->context = std::move(context);

  if (const auto& permission = exchange->served->route.permission) {
    if (auto allowed = exchange->context->Require(*permission); !allowed) {
      Finish(*exchange, std::unexpected(std::move(allowed).error()));
      return;
    }
  }
  if (auto counted = CountAgainstLimits(*exchange); !counted) {
    Finish(*exchange, std::unexpected(std::move(counted).error()));
    return;
  }
  Dispatch(exchange);
}

Result<void> Gateway::CountAgainstLimits(Exchange& exchange) {
  const tenancy::Principal& principal = *exchange.context->principal;
  std::string key;
  std::vector<tenancy::RateWindow> windows;
  switch (exchange.served->route.rate_class) {
    case RateClass::kIntake: return {};
    case RateClass::kSignUp:
      key = "sign-up:" + exchange.request->peer;
      windows = {{.name = "hour", .quota = kSignUpsPerHour, .length = std::chrono::seconds{3600}}};
      break;
    case RateClass::kSignIn:
      key = "sign-in:" + exchange.request->peer;
      windows = {{.name = "minute", .quota = kSignInsPerMinute, .length = std::chrono::seconds{60}}};
      break;
    case RateClass::kInvitation:
      key = "invitation:" + exchange.request->peer;
      windows = {{.name = "minute", .quota = kInvitationsPerMinute, .length = std::chrono::seconds{60}}};
      break;
    case RateClass::kApi:
      if (principal.kind == tenancy::Principal::Kind::kAnonymous) return {};
      if (principal.kind == tenancy::Principal::Kind::kSession) {
        key = "user:" + principal.user.ToString();
        windows = {{.name = "minute", .quota = kSessionRequestsPerMinute, .length = std::chrono::seconds{60}}};
      } else {
        key = "org:" + principal.tenant.ToString();
        windows = PlanWindows(tenancy::LimitsOf(principal.plan));
      }
  }
  if (windows.empty()) return {};
  const tenancy::RateDecision decision = environment_.limiter.Take(key, windows);
  std::string policy;
  for (const tenancy::RateWindow& window : windows) {
    if (!policy.empty()) policy += ", ";
    policy += fmt::format("\"{}\";q={};w={}", window.name, window.quota, window.length.count());
  }
  exchange.limit_headers.emplace_back("RateLimit-Policy", std::move(policy));
  exchange.limit_headers.emplace_back("RateLimit", fmt::format("\"{}\";r={};t={}", decision.window.name,
                                                               decision.remaining, decision.resets_in.count()));
  if (decision.allowed) return {};
  exchange.limit_headers.emplace_back("Retry-After", std::to_string(decision.resets_in.count()));
  return Fail(ErrorCode::kQuotaExceeded, "gateway.rate_limited",
              "cannot serve this now: {} requests a{} {} are used up; try again in {} s", decision.window.quota,
              decision.window.name == "hour" ? "n" : "", decision.window.name, decision.resets_in.count());
}

void Gateway::Dispatch(const ExchangePtr& exchange) {
  const tenancy::Route& route = exchange->served->route;
  if (const auto* handler = std::get_if<tenancy::InlineHandler>(&route.handler)) {
    (*handler)(*exchange->request, exchange->context,
               [this, exchange](Result<http::Response> answer) { Finish(*exchange, std::move(answer)); });
    return;
  }
  const bool queued = environment_.workers.Submit(exchange->context->tenant, [this, exchange] {
    const auto& blocking = std::get<tenancy::BlockingHandler>(exchange->served->route.handler);
    if (std::chrono::steady_clock::now() > exchange->context->deadline) {
      Finish(*exchange, Fail(ErrorCode::kUnavailable, "gateway.overloaded",
                             "cannot serve this now: it waited too long for its turn; try again"));
      return;
    }
    const http::Request& request = *exchange->request;
    Finish(*exchange, RunOnce(environment_.database, exchange->served->route, request, *exchange->context,
                              [&] { return blocking(request, *exchange->context); }));
  });
  if (!queued) {
    Finish(*exchange, Fail(ErrorCode::kUnavailable, "gateway.overloaded",
                           "cannot serve this now: too many requests wait; try again"));
  }
}

void Gateway::Finish(Exchange& exchange, Result<http::Response> answer) const {
  const http::Request& request = *exchange.request;
  const tenancy::Route& route = exchange.served->route;
  std::string_view code;
  http::Response response;
  if (answer) {
    response = *std::move(answer);
  } else {
    code = answer.error().reason;
    response = http::Problem(answer.error(), request.request_id);
    if (response.status == 401) response.headers.Set("WWW-Authenticate", "Bearer realm=\"helios\"");
    if (response.status >= 500) {
      obs::LogFailure("http.failed", answer.error(),
                      {{"operation", route.operation}, {"request_id", request.request_id}});
    }
  }
  for (auto& [name, value] : exchange.limit_headers) response.headers.Set(name, std::move(value));
  if (!response.headers.Find("Cache-Control")) response.headers.Add("Cache-Control", "no-store");
  response.headers.Set("X-Content-Type-Options", "nosniff");

  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - request.received_at;
  exchange.served->seconds->Observe(took.count());
  exchange.served->by_class[static_cast<std::size_t>(std::clamp(response.status / 100, 1, 5)) - 1]->Increment();
  if (route.operation != "healthz" && route.operation != "readyz") {
    const bool known = exchange.context && !exchange.context->tenant.is_nil();
    obs::LogInfo("http.request", {{"request_id", request.request_id},
                                  {"operation", route.operation},
                                  {"status", response.status},
                                  {"code", code},
                                  {"milliseconds", took.count() * 1000},
                                  {"tenant", known ? exchange.context->tenant.ToString() : std::string()},
                                  {"peer", request.peer}});
  }
  RecordAccess(exchange, response.status);
  exchange.responder(std::move(response));
}

void Gateway::RecordAccess(const Exchange& exchange, int status) const {
  if (!exchange.context || exchange.context->tenant.is_nil()) return;
  const tenancy::Route& route = exchange.served->route;
  if (route.audited && status < 300) return;
  const tenancy::Access access{.tenant = exchange.context->tenant,
                               .actor = tenancy::ActorOf(*exchange.context->principal),
                               .operation = route.operation,
                               .status = status,
                               .request_id = exchange.context->request_id,
                               .time = exchange.context->now};
  if (route.rate_class == RateClass::kIntake) {
    environment_.access.Count(access);
  } else {
    environment_.access.Record(access);
  }
}

}  // namespace helios::gateway
