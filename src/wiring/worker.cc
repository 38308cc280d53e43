// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/worker.h"

#include <string>
#include <utility>

#include "base/random.h"
#include "http/server.h"
#include "jobs/job_runner.h"
#include "obs/log.h"
#include "pg/database.h"
#include "pg/privileges.h"
#include "wiring/job_kinds.h"

namespace helios::wiring {
namespace {

class RunningWorker final : public Worker {
 public:
  explicit RunningWorker(const ServeConfig& config)
      : config_(config),
        database_({.url = config.database_url, .max_connections = config.database_connections}, metrics_) {}
  ~RunningWorker() override { Stop(); }

  Result<void> Start() {
    HELIOS_CHECK(ListenForOperator());
    jobs::JobKinds kinds = MakeJobKinds({.database = database_});
    std::string names;
    for (const auto& [name, entry] : kinds.entries()) names += (names.empty() ? "" : ", ") + name;
    runner_ = std::make_unique<jobs::JobRunner>(
        database_, std::move(kinds), &schedules_, clock_, random_, metrics_,
        jobs::JobRunner::Config{
            .threads = config_.job_threads, .owner = jobs::MakeOwner(random_), .listen_url = config_.database_url});
    obs::LogInfo("worker.ready",
                 {{"kinds", names}, {"operator_port", operator_server_ ? operator_server_->port() : std::uint16_t{0}}});
    obs::FlushLogs();
    return {};
  }

  void Stop() override {
    if (std::exchange(stopped_, true)) return;
    obs::LogInfo("worker.stopping");
    if (runner_) runner_->Stop();
    if (operator_server_) operator_server_->Stop(std::chrono::seconds{1});
    obs::LogInfo("worker.stopped");
    obs::FlushLogs();
  }

 private:
  http::Response Answer(const http::Request& request) {
    if (request.method != http::Method::kGet) return http::Text(405, "want GET\n");
    if (request.path == "/metrics") return http::Text(200, metrics_.Render(), "text/plain; version=0.0.4");
    if (request.path == "/healthz") return http::Text(200, "ok\n");
    return http::Text(404, "want /metrics or /healthz\n");
  }

  Result<void> ListenForOperator() {
    if (!config_.operator_listen) return {};
    http::ServerConfig server;
    server.listen = *config_.operator_listen;
    server.threads = 1;
    server.max_connections = 100;
    HELIOS_TRY(operator_server_, http::Server::Listen(server, metrics_));
    operator_server_->Start([this](const std::shared_ptr<http::Request>& request,
                                   const http::Responder& respond) { respond(Answer(*request)); },
                            [](const http::Request&) -> std::size_t { return 0; });
    return {};
  }

  ServeConfig config_;
  SystemClock clock_;
  SystemRandom random_;
  obs::Metrics metrics_;
  pg::Database database_;
  jobs::JobQueue queue_{random_};
  jobs::ScheduleBook schedules_{database_, queue_, random_};
  std::unique_ptr<jobs::JobRunner> runner_;
  std::unique_ptr<http::Server> operator_server_;
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<Worker>> Worker::Start(const ServeConfig& config) {
  if (config.database_url.empty()) {
    return Fail(
        ErrorCode::kFailedPrecondition, "config.worker_needs_database",
        "cannot work: database.url is not set, and the private PostgreSQL belongs to the one helios serve, which "
        "runs all jobs itself; want the database.url of the platform that this worker is to help");
  }
  HELIOS_CHECK(pg::DropPrivileges(config.data_dir));
  auto worker = std::make_unique<RunningWorker>(config);
  HELIOS_CHECK(worker->Start());
  return worker;
}

}  // namespace helios::wiring
