// SPDX-License-Identifier: Apache-2.0
#include "stateless/inference_server.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "http/json.h"
#include "http/problem.h"
#include "http/router.h"
#include "http/worker_pool.h"
#include "obs/log.h"
#include "obs/metrics.h"
#include "stateless/routes.h"

namespace helios::stateless {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kHealth = "/healthz";
constexpr std::string_view kVersioned = "/api/v1";

Result<http::Response> Health(const http::Request&) {
  return http::Text(200, "ok\n");
}

class RunningServer final : public InferenceServer {
 public:
  explicit RunningServer(const ServerOptions& options)
      : options_(options),
        workers_(options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency()),
                 options.max_waiting) {
    router_.Add(http::Method::kGet, kHealth, Health);
    for (const Route& route : Routes()) {
      router_.Add(route.method, route.path, route.handler);
      router_.Add(route.method, std::string(kVersioned) + std::string(route.path), route.handler);
    }
  }
  ~RunningServer() override { Stop(std::chrono::milliseconds{0}); }

  Result<void> Listen() {
    HELIOS_TRY(server_, http::Server::Listen({.listen = options_.listen,
                                              .threads = 1,
                                              .max_connections = options_.max_connections,
                                              .max_body_bytes = http::kMaxJsonBytes},
                                             metrics_));
    server_->Start([this](std::shared_ptr<http::Request> request,
                          http::Responder respond) { Handle(std::move(request), std::move(respond)); },
                   [](const http::Request&) { return http::kMaxJsonBytes; });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return server_->port(); }

  void Stop(std::chrono::milliseconds grace) override {
    if (server_) server_->Stop(grace);
    workers_.Stop();
  }

 private:
  using Router = http::Router<Handler>;

  void Handle(std::shared_ptr<http::Request> request, http::Responder respond) {
    const auto found = router_.Find(request->method, request->path);
    if (const auto* refused = std::get_if<Router::MethodNotAllowed>(&found)) {
      respond(http::MethodNotAllowed(*request, refused->allowed));
      return;
    }
    const auto* match = std::get_if<Router::Match>(&found);
    if (match == nullptr) {
      respond(http::NoSuchRoute(*request, Known()));
      return;
    }
    const Handler handler = *match->target;
    if (handler == Health) {  // also while every worker computes
      Answer(handler, *request, respond);
      return;
    }
    const auto work = [this, handler, request, respond, arrived = Clock::now()] {
      if (Clock::now() - arrived > options_.max_wait) {
        Refuse("it waited too long for its turn", *request, respond);
      } else {
        Answer(handler, *request, respond);
      }
    };
    if (!workers_.Submit({}, work)) Refuse("too many requests wait", *request, respond);
  }

  static void Answer(Handler handler, const http::Request& request, const http::Responder& respond) {
    auto answer = handler(request);
    if (answer) {
      respond(*std::move(answer));
      return;
    }
    auto problem = http::Problem(answer.error(), request.request_id);
    if (problem.status >= 500) {
      obs::LogFailure("http.failed", answer.error(), {{"path", request.path}, {"request_id", request.request_id}});
    }
    respond(std::move(problem));
  }

  static void Refuse(std::string_view reason, const http::Request& request, const http::Responder& respond) {
    const auto error =
        Fail(ErrorCode::kUnavailable, "gateway.overloaded", "cannot serve this now: {}; try again", reason);
    respond(http::Problem(error.error(), request.request_id));
  }

  /// What there is, for someone who asked for something else.
  static std::string Known() {
    std::string known = fmt::format("GET {}", kHealth);
    for (const Route& route : Routes()) known += fmt::format(", {} {}", http::MethodName(route.method), route.path);
    return fmt::format("there are {}", known);
  }

  ServerOptions options_;
  Router router_;
  obs::Metrics metrics_;
  http::WorkerPool workers_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

Result<std::unique_ptr<InferenceServer>> InferenceServer::Start(const ServerOptions& options) {
  if (!options.behind_proxy && !http::IsLoopback(options.listen.host)) {
    return Fail(
        ErrorCode::kFailedPrecondition, "stateless.needs_proxy",
        "cannot listen on '{}': others could reach it, and it asks nobody who they are; listen on 127.0.0.1, or "
        "give --behind-proxy where a proxy in front decides who may",
        options.listen.host);
  }
  auto server = std::make_unique<RunningServer>(options);
  HELIOS_CHECK(server->Listen());
  return server;
}

}  // namespace helios::stateless
