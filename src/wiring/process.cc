// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/process.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "billing/store_usage.h"
#include "billing/usage_recorder.h"
#include "detection/detection_runner.h"
#include "detection/detection_service.h"
#include "gateway/gateway.h"
#include "http/worker_pool.h"
#include "identity/identity_service.h"
#include "ingest/ingest_service.h"
#include "jobs/job_runner.h"
#include "jobs_api/job_service.h"
#include "objects/directory_store.h"
#include "pg/migrate.h"
#include "pg/private_cluster.h"
#include "pg/privileges.h"
#include "query/query_service.h"
#include "scaling/scaling_runner.h"
#include "scaling/scaling_service.h"
#include "secrets/key_provider.h"
#include "wiring/account_services.h"
#include "wiring/alerting_services.h"
#include "wiring/backup.h"
#include "wiring/job_kinds.h"
#include "wiring/live_services.h"
#include "wiring/model_services.h"
#include "wiring/names.h"
#include "wiring/operator_routes.h"
#include "wiring/organization_listener_adapter.h"
#include "wiring/portal_pages.h"
#include "wiring/prediction_services.h"
#include "wiring/self_signed_tls.h"

namespace helios::wiring {
namespace {

constexpr std::chrono::seconds kStopGrace{25};
constexpr std::size_t kMaxQueuedWork = 4096;

/// The object graph. Members are declared in the order they are built in, and go in the mirrored one.
class RunningProcess final : public Process {
 public:
  explicit RunningProcess(const ServeConfig& config) : config_(config) {}
  ~RunningProcess() override { Stop(); }

  Result<void> Start();
  [[nodiscard]] std::uint16_t port() const override { return server_->port(); }
  void Stop() override;

 private:
  Result<void> StartDatabase();
  Result<void> StartStore();
  void BuildServices();
  void StartDetection();
  void StartJobs();
  Result<void> Listen();
  Result<void> ListenForOperator();
  [[nodiscard]] Result<void> Ready() const;
  [[nodiscard]] Platform MakePlatform();

  ServeConfig config_;
  SystemClock clock_;
  SystemRandom random_;
  obs::Metrics metrics_;

  std::unique_ptr<secrets::KeyProvider> keys_;
  std::unique_ptr<pg::PrivateCluster> cluster_;
  std::string database_url_;  ///< as helios_app
  std::unique_ptr<pg::Database> database_;
  std::unique_ptr<tsdb::EmbeddedStore> store_;
  std::unique_ptr<billing::StoreUsage> usage_;
  std::unique_ptr<billing::UsageRecorder> usage_recorder_;
  std::unique_ptr<objects::ObjectStore> objects_;
  std::unique_ptr<detection::DetectionRunner> detection_runner_;
  std::unique_ptr<http::WorkerPool> workers_;

  std::unique_ptr<tenancy::CursorCodec> cursors_;
  std::unique_ptr<tenancy::AuditTrail> audit_;
  std::unique_ptr<tenancy::RateLimiter> limiter_;
  std::unique_ptr<tenancy::AccessLog> access_;
  std::unique_ptr<identity::Credentials> credentials_;
  std::unique_ptr<jobs::JobQueue> queue_;
  std::unique_ptr<jobs::ScheduleBook> schedules_;
  std::unique_ptr<OrganizationListenerAdapter> organization_listener_;
  std::unique_ptr<identity::Environment> identity_environment_;
  std::unique_ptr<identity::IdentityService> identity_;
  std::unique_ptr<ingest::IngestService> ingest_;
  std::unique_ptr<query::QueryService> query_;
  std::unique_ptr<PredictionServices> predictions_;
  std::unique_ptr<ModelServices> models_;
  std::unique_ptr<jobs_api::JobService> job_service_;
  std::unique_ptr<AccountServices> account_;
  std::unique_ptr<jobs::JobRunner> job_runner_;
  std::unique_ptr<AlertingServices> alerting_;
  std::unique_ptr<detection::DetectionService> detection_;
  std::unique_ptr<scaling::ScalingService> scaling_;
  std::unique_ptr<scaling::ScalingRunner> scaling_runner_;
  std::unique_ptr<LiveServices> live_;
  portal::Pages pages_ = portal::Pages::Absent();
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<gateway::Gateway> operator_gateway_;

  std::unique_ptr<http::Server> operator_server_;
  std::unique_ptr<http::Server> server_;
  std::mutex backing_up_;  ///< one backup at a time
  bool stopped_ = false;
};

Result<void> RunningProcess::Start() {
  // Before root is left behind: the portal may lie where only root can read.
  HELIOS_TRY(pages_, OpenPortal(config_.portal_dir));
  HELIOS_CHECK(pg::DropPrivileges(config_.data_dir));
  HELIOS_TRY(keys_, secrets::OpenLocalKeys(config_.data_dir / kMasterKeyFile, random_));
  HELIOS_CHECK(StartDatabase());
  HELIOS_CHECK(StartStore());
  HELIOS_TRY(objects_,
             objects::OpenDirectoryStore(config_.data_dir / kObjectsFolder, keys_->Derive(kObjectsKey), random_));
  BuildServices();
  StartDetection();
  StartJobs();
  models_->StartForecasts(MakePlatform(), config_);
  HELIOS_CHECK(ListenForOperator());
  return Listen();
}

Result<void> RunningProcess::StartDatabase() {
  std::string url = config_.database_url;
  std::string migrate_url = config_.database_migrate_url;
  if (url.empty()) {
    HELIOS_TRY(cluster_,
               pg::PrivateCluster::Start({.data_directory = config_.data_dir / "postgres", .bin_directory = {}}));
    url = cluster_->app_url();
    migrate_url = cluster_->owner_url();
  }
  pg::MigrationOutcome migrated;
  if (!migrate_url.empty()) {
    HELIOS_TRY(migrated, pg::Migrate(migrate_url));
  }
  database_url_ = url;
  database_ = std::make_unique<pg::Database>(
      pg::DatabaseConfig{.url = url, .max_connections = config_.database_connections}, metrics_);
  obs::LogInfo("serve.database_ready", {{"private", cluster_ != nullptr}, {"migrations_applied", migrated.applied}});
  return {};
}

Result<void> RunningProcess::StartStore() {
  const auto begin = std::chrono::steady_clock::now();
  HELIOS_TRY(store_, tsdb::OpenEmbeddedStore({.directory = config_.data_dir / kSamplesFolder,
                                              .key = keys_->Derive(kSamplesKey),
                                              .block_cache_bytes = config_.store.block_cache_bytes,
                                              .segment_bytes = config_.store.segment_bytes,
                                              .min_free_bytes = config_.store.min_free_bytes,
                                              .sealed_bytes = config_.store.sealed_bytes,
                                              .flush_interval = config_.store.flush_interval},
                                             clock_, metrics_));
  usage_ = std::make_unique<billing::StoreUsage>(*store_);
  usage_recorder_ = std::make_unique<billing::UsageRecorder>(*usage_, *database_, metrics_);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  obs::LogInfo("serve.store_ready", {{"seconds", took.count()}});
  return {};
}

Result<void> RunningProcess::Ready() const {
  HELIOS_CHECK(database_->Ping());
  if (!store_->Writable()) {
    return Fail(ErrorCode::kUnavailable, "tsdb.read_only", "cannot take samples: the store is not writable");
  }
  return {};
}

Platform RunningProcess::MakePlatform() {
  return {.clock = clock_,
          .random = random_,
          .metrics = metrics_,
          .keys = *keys_,
          .database = *database_,
          .store = *store_,
          .audit = *audit_,
          .cursors = *cursors_};
}

void RunningProcess::BuildServices() {
  workers_ = std::make_unique<http::WorkerPool>(config_.workers, kMaxQueuedWork);
  cursors_ = std::make_unique<tenancy::CursorCodec>(keys_->Derive("cursor"));
  audit_ = std::make_unique<tenancy::AuditTrail>(random_);
  limiter_ = std::make_unique<tenancy::LocalRateLimiter>(clock_);
  access_ = std::make_unique<tenancy::AccessLog>(*database_, random_, metrics_);
  credentials_ = std::make_unique<identity::Credentials>(*database_, clock_, keys_->Derive("credential.pepper"));
  queue_ = std::make_unique<jobs::JobQueue>(random_);
  schedules_ = std::make_unique<jobs::ScheduleBook>(*database_, *queue_, random_);
  organization_listener_ = std::make_unique<OrganizationListenerAdapter>(*schedules_);
  identity_environment_ = std::make_unique<identity::Environment>(*database_, clock_, random_, *audit_, *credentials_,
                                                                  organization_listener_.get());

  identity_ = std::make_unique<identity::IdentityService>(*identity_environment_, *cursors_);
  const IntakeSettings& intake = config_.intake;
  ingest_ = std::make_unique<ingest::IngestService>(
      *store_, clock_, metrics_,
      ingest::IntakePipeline::Config{
          .limits = {.samples = intake.max_samples,
                     .series = intake.max_series,
                     .body_bytes = intake.max_body_bytes,
                     .decoded_bytes = intake.max_decoded_bytes},
          .max_in_flight_bytes = intake.max_in_flight_bytes,
          .tenant_share_percent = intake.tenant_share_percent,
          .memory_limit_bytes = intake.memory_limit_bytes ? *intake.memory_limit_bytes : ingest::DefaultMemoryLimit()});
  query_ = std::make_unique<query::QueryService>(*store_, *cursors_, *database_, *audit_);
  predictions_ = std::make_unique<PredictionServices>(MakePlatform());
  models_ = std::make_unique<ModelServices>(MakePlatform(), *objects_, *queue_, predictions_->log());
  alerting_ = std::make_unique<AlertingServices>(MakePlatform(), models_->catalog(), config_);
  detection_ = std::make_unique<detection::DetectionService>(*store_, *database_, *audit_, *cursors_,
                                                             alerting_->incident_listener());
  scaling_ = std::make_unique<scaling::ScalingService>(
      scaling::ScalingService::Environment{*store_, *database_, random_, *audit_, *cursors_});

  job_service_ = std::make_unique<jobs_api::JobService>(*database_, *queue_, *audit_, *cursors_);
  account_ = std::make_unique<AccountServices>(MakePlatform(), *usage_, *identity_environment_);
  live_ = std::make_unique<LiveServices>(MakePlatform(), *credentials_, *queue_, config_.live);

  const auto ready = [this] { return Ready(); };
  tenancy::Routes routes;
  for (tenancy::Routes& more : std::vector<tenancy::Routes>{
           identity_->MakeRoutes(), ingest_->MakeRoutes(), query_->MakeRoutes(), detection_->MakeRoutes(),
           scaling_->MakeRoutes(), job_service_->MakeRoutes(), predictions_->MakeRoutes(), gateway::HealthRoutes(ready),
           gateway::OpenApiRoutes()}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  models_->AddRoutesTo(routes);
  alerting_->AddRoutesTo(routes);
  account_->AddRoutesTo(routes);
  live_->AddRoutesTo(routes);
  const gateway::Environment environment{.credentials = *credentials_,
                                         .limiter = *limiter_,
                                         .access = *access_,
                                         .database = *database_,
                                         .workers = *workers_,
                                         .clock = clock_,
                                         .metrics = metrics_,
                                         .behind_proxy = config_.behind_proxy};
  gateway_ = std::make_unique<gateway::Gateway>(
      environment, std::move(routes), [this](const http::Request& request) { return pages_.Answer(request); });

  tenancy::Routes operator_routes = OperatorRoutes(
      ready, metrics_, BackupRoute(*keys_, clock_, [this](const std::filesystem::path& directory) {
        const std::scoped_lock one(backing_up_);
        return WriteBackup({.store = *store_, .cluster = cluster_.get(), .keys = *keys_, .data_dir = config_.data_dir},
                           directory, clock_.Now(), random_);
      }));
  operator_gateway_ = std::make_unique<gateway::Gateway>(environment, std::move(operator_routes));
}

void RunningProcess::StartDetection() {
  if (!config_.detection.enabled) return;
  detection_runner_ = std::make_unique<detection::DetectionRunner>(
      *store_, *database_, clock_, random_, metrics_, models_->drift_listener(),
      detection::DetectionRunner::Config{.folder = config_.data_dir / kDetectionFolder,
                                         .memory_bytes = config_.detection.memory_bytes,
                                         .write_scores = config_.detection.write_scores});
}

void RunningProcess::StartJobs() {
  scaling_runner_ = std::make_unique<scaling::ScalingRunner>(*store_, *database_, clock_, alerting_->advice_sink(),
                                                             [this] { return store_->Tenants(); });
  training::PutTrainingSchedules(*database_, *schedules_, store_->Tenants(), clock_.Now());
  job_runner_ = std::make_unique<jobs::JobRunner>(
      *database_,
      MakeJobKinds({.database = *database_,
                    .samples = store_.get(),
                    .objects = objects_.get(),
                    .training = &models_->training_resources(),
                    .threads = config_.job_threads}),
      schedules_.get(), clock_, random_, metrics_,
      jobs::JobRunner::Config{
          .threads = config_.job_threads, .owner = jobs::MakeOwner(random_), .listen_url = database_url_});
}

Result<void> RunningProcess::Listen() {
  http::ServerConfig server{.listen = config_.listen,
                            .tls = config_.tls,
                            .threads = config_.io_threads,
                            .max_connections = config_.max_connections};
  if (config_.tls_self_signed && !server.tls) {
    HELIOS_TRY(server.tls, SelfSignedTls(config_.data_dir, config_.listen.host, clock_));
  }
  HELIOS_TRY(server_, http::Server::Listen(server, metrics_));
  server_->Start([this](std::shared_ptr<http::Request> request,
                        http::Responder responder) { gateway_->Handle(std::move(request), std::move(responder)); },
                 [this](const http::Request& request) { return gateway_->BodyLimit(request); });
  obs::LogInfo("serve.listening", {{"address", config_.listen.host},
                                   {"port", server_->port()},
                                   {"tls", server.tls.has_value()},
                                   {"operator_port", operator_server_ ? operator_server_->port() : std::uint16_t{0}},
                                   {"data_dir", config_.data_dir.string()}});
  obs::FlushLogs();
  return {};
}

Result<void> RunningProcess::ListenForOperator() {
  if (!config_.operator_listen) return {};
  http::ServerConfig server;
  server.listen = *config_.operator_listen;
  server.threads = 1;
  server.max_connections = 100;
  HELIOS_TRY(operator_server_, http::Server::Listen(server, metrics_));
  operator_server_->Start(
      [this](std::shared_ptr<http::Request> request, http::Responder responder) {
        operator_gateway_->Handle(std::move(request), std::move(responder));
      },
      [this](const http::Request& request) { return operator_gateway_->BodyLimit(request); });
  return AnnounceOperator(config_.data_dir, {.host = server.listen.host, .port = operator_server_->port()});
}

void RunningProcess::Stop() {
  if (std::exchange(stopped_, true)) return;
  obs::LogInfo("serve.stopping");
  if (operator_server_) WithdrawOperator(config_.data_dir);
  if (live_) live_->Stop();
  if (server_) server_->Stop(kStopGrace);
  if (operator_server_) operator_server_->Stop(std::chrono::seconds{1});
  if (workers_) workers_->Stop();
  if (job_runner_) job_runner_->Stop();
  if (scaling_runner_) scaling_runner_->Stop();
  if (models_) models_->Stop();
  if (predictions_) predictions_->Stop();
  if (detection_runner_) detection_runner_->Stop();
  if (alerting_) alerting_->Stop();
  if (usage_recorder_) usage_recorder_->Stop();
  detection_runner_.reset();
  store_.reset();
  access_.reset();
  if (cluster_) cluster_->Stop();
  obs::LogInfo("serve.stopped");
  obs::FlushLogs();
}

}  // namespace

Result<std::unique_ptr<Process>> Process::Start(const ServeConfig& config) {
  auto process = std::make_unique<RunningProcess>(config);
  HELIOS_CHECK(process->Start());
  return process;
}

}  // namespace helios::wiring
