// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/live_service.h"

#include <algorithm>

#include "tenancy/page.h"

namespace helios::live {
namespace {

constexpr std::string_view kMetricLabel = "__name__";

/// The metric's name goes where the store's index looks first.
tsdb::SeriesSelector SelectorOf(std::vector<tsdb::Matcher> matchers) {
  tsdb::SeriesSelector selector;
  const auto name = std::ranges::find_if(matchers, [](const tsdb::Matcher& matcher) {
    return matcher.label == kMetricLabel && matcher.kind == tsdb::Matcher::Kind::kEqual;
  });
  if (name != matchers.end()) {
    selector.metric = std::move(name->value);
    matchers.erase(name);
  }
  selector.matchers = std::move(matchers);
  return selector;
}

/// A browser brings back what it had by the header; whoever takes a stream over from another one, by the parameter.
std::string_view ResumeOf(const http::Request& request) {
  const auto header = request.headers.Find("Last-Event-ID");
  return header && !header->empty() ? *header : request.Query("last_event_id").value_or("");
}

}  // namespace

Result<Subscription> ReadSubscription(const http::Request& request, TenantId tenant, const MatchParser& parse) {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"match", "last_event_id"}));
  std::vector<std::string_view> texts;
  for (const auto& [name, value] : request.query) {
    if (name == "match") texts.emplace_back(value);
  }
  std::ranges::sort(texts);
  const auto twice = std::ranges::unique(texts);
  texts.erase(twice.begin(), twice.end());
  if (texts.size() > kMaxMatches) {
    return Fail(ErrorCode::kInvalidArgument, "live.too_many_matches",
                "cannot open a stream: it has {} different matches; want at most {}", texts.size(), kMaxMatches);
  }
  Subscription subscription{.tenant = tenant, .name = {}, .selectors = {}};
  for (const std::string_view text : texts) {
    HELIOS_TRY(auto matchers, parse(text));
    if (matchers.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "live.bad_match",
                  "cannot open a stream of every series: match is '{}'; want one matcher at least, such as "
                  "{{__name__=\"cpu_usage\"}}",
                  text.substr(0, 64));
    }
    subscription.selectors.push_back(SelectorOf(std::move(matchers)));
    subscription.name.append(text).append("\n");
  }
  return subscription;
}

tenancy::Routes LiveService::MakeRoutes() {
  return {{.method = http::Method::kGet,
           .pattern = "/api/v1/live",
           .operation = "live",
           .permission = tenancy::Permission::kDataRead,
           .handler =
               tenancy::BlockingHandler([this](const http::Request& request, const tenancy::RequestContext& context) {
                 return Open(request, context);
               })}};
}

Result<http::Response> LiveService::Open(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_TRY(const Subscription subscription, ReadSubscription(request, context.tenant, parse_));
  HELIOS_TRY(std::string credential, credentials_.KeyOf(request));
  HELIOS_TRY(auto stream, hub_.Open(subscription, {.tenant = context.tenant, .credential = std::move(credential)},
                                    ResumeOf(request)));
  http::Response response{.status = 200, .headers = {}, .body = std::shared_ptr<http::BodyStream>(std::move(stream))};
  response.headers.Add("Content-Type", "text/event-stream");
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("X-Accel-Buffering", "no");  // a proxy in front would hold events back
  response.headers.Add("Connection", "close");      // nothing follows a stream on its connection
  return response;
}

}  // namespace helios::live
