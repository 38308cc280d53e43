// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/private_cluster.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "obs/log.h"
#include "pg/internal/admin_session.h"
#include "pg/internal/child_process.h"
#include "pg/internal/cluster_directory.h"
#include "pg/roles_data.h"

namespace helios::pg {
namespace {

namespace fs = std::filesystem;
using internal::TryWait;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kLongestStart = 10min;  // crash recovery of a large cluster
constexpr auto kFastShutdown = 10s;
constexpr auto kImmediateShutdown = 5s;
constexpr auto kFirstBackoff = 200ms;
constexpr auto kLongestBackoff = std::chrono::milliseconds(10s);
constexpr auto kStable = 60s;  // having lived so long, the next failure is a new one
constexpr std::uintmax_t kLongestLog = 8'000'000;

// Values in a libpq connection string are quoted so.
std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

class Cluster final : public PrivateCluster {
 public:
  Cluster(fs::path data, fs::path programs, fs::path sockets, internal::DirectoryLock lock, bool durable)
      : data_(std::move(data)),
        programs_(std::move(programs)),
        sockets_(std::move(sockets)),
        lock_(std::move(lock)),
        durable_(durable) {}
  ~Cluster() override { Stop(); }

  Result<void> Run() {
    std::promise<Result<void>> started;
    auto outcome = started.get_future();
    supervisor_ = std::thread([this, &started] { Supervise(started); });
    return outcome.get();
  }

  [[nodiscard]] std::string owner_url() const override { return Url("helios_owner", "helios"); }
  [[nodiscard]] std::string app_url() const override { return Url("helios_app", "helios"); }

  Result<void> Dump(const fs::path& file) override {
    return RunTool("pg.dump_failed", {(programs_ / "pg_dump").string(), "--format=custom", "--file=" + file.string(),
                                      Url("postgres", "helios")});
  }

  Result<void> Load(const fs::path& file) override {
    return RunTool("pg.load_failed", {(programs_ / "pg_restore").string(), "--single-transaction", "--exit-on-error",
                                      "--dbname=" + Url("postgres", "helios"), file.string()});
  }

  void Stop() override {
    {
      const std::lock_guard guard(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (!supervisor_.joinable()) return;
    supervisor_.join();
    std::error_code ignored;
    fs::remove_all(sockets_, ignored);
  }

 private:
  [[nodiscard]] std::string Url(std::string_view user, std::string_view database) const {
    return fmt::format("host={} port=5432 user={} dbname={}", Quoted(sockets_.string()), user, database);
  }

  // One of PostgreSQL's client programs, to its end.
  [[nodiscard]] Result<void> RunTool(std::string_view reason, const std::vector<std::string>& command) const {
    const fs::path words = sockets_ / fmt::format("{}.log", reason);
    auto ran = internal::RunProgram(command, words);
    std::error_code ignored;
    fs::remove(words, ignored);
    if (ran) return {};
    return std::unexpected(Error{ErrorCode::kUnavailable, reason, std::move(ran).error().message});
  }

  [[nodiscard]] fs::path LogFile() const { return data_ / "server.log"; }

  // Waits, unless Stop() was called; says whether to go on.
  bool Pause(steady_clock::duration time) {
    std::unique_lock guard(mutex_);
    return !wake_.wait_for(guard, time, [this] { return stopping_; });
  }

  void Supervise(std::promise<Result<void>>& started);
  Result<pid_t> Spawn();
  Result<void> AwaitReady(pid_t server);
  Result<void> SetUp();
  void Terminate(pid_t server);
  void BoundLog();

  const fs::path data_;
  const fs::path programs_;
  const fs::path sockets_;
  const internal::DirectoryLock lock_;
  const bool durable_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread supervisor_;
};

// Runs on the one thread that forks: the server's parent-death signal is tied to it.
void Cluster::Supervise(std::promise<Result<void>>& started) {
  sigset_t all;  // signals are the program's own threads' business
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);

  const auto start = [this]() -> Result<pid_t> {
    HELIOS_TRY(const pid_t server, Spawn());
    auto ready = AwaitReady(server);
    if (ready) return server;
    Terminate(server);
    return std::unexpected(std::move(ready).error());
  };

  auto server = start();
  if (server) {
    if (auto set_up = SetUp(); !set_up) {
      Terminate(*server);
      server = std::unexpected(std::move(set_up).error());
    }
  }
  if (!server) {
    started.set_value(std::unexpected(std::move(server).error()));
    return;
  }
  obs::LogInfo("pg.started", {{"pid", *server}, {"data_directory", data_.string()}, {"socket", sockets_.string()}});
  started.set_value({});

  auto backoff = std::chrono::milliseconds(kFirstBackoff);
  auto alive_since = steady_clock::now();
  while (Pause(100ms)) {
    BoundLog();
    if (server) {
      const auto status = TryWait(*server);
      if (!status) continue;
      obs::LogError("pg.server_died", {{"pid", *server},
                                       {"status", internal::DescribeWaitStatus(*status)},
                                       {"last_words", internal::LastWords(LogFile())}});
      if (steady_clock::now() - alive_since > kStable) backoff = kFirstBackoff;
    }
    if (!Pause(backoff)) break;
    backoff = std::min(backoff * 2, kLongestBackoff);
    server = start();
    if (server) {
      alive_since = steady_clock::now();
      obs::LogInfo("pg.restarted", {{"pid", *server}});
    } else {
      obs::LogFailure("pg.restart_failed", server.error());
    }
  }
  if (server) Terminate(*server);
}

Result<pid_t> Cluster::Spawn() {
  HELIOS_CHECK(internal::StopLeftover(data_));
  internal::RemoveStaleSocket(sockets_, data_);
  BoundLog();
  std::vector<std::string> arguments = {(programs_ / "postgres").string(), "-D", data_.string()};
  for (const std::string& setting : {
           std::string("listen_addresses="),
           "unix_socket_directories=" + sockets_.string(),
           std::string("unix_socket_permissions=0700"),
           std::string("port=5432"),
           std::string(durable_ ? "fsync=on" : "fsync=off"),
           std::string("shared_buffers=64MB"),
           std::string("max_connections=60"),
           std::string("max_wal_size=256MB"),
           std::string("min_wal_size=32MB"),
           std::string("jit=off"),
           std::string("timezone=UTC"),
           std::string("log_timezone=UTC"),
           std::string("logging_collector=off"),
           std::string("log_destination=stderr"),
           // The server's own events, and no statement: statements hold customers' data.
           std::string("log_min_messages=log"),
           std::string("log_min_error_statement=panic"),
           std::string("log_checkpoints=off"),
           std::string("cluster_name=helios"),
       }) {
    arguments.emplace_back("-c");
    arguments.push_back(setting);
  }
  // SIGINT is PostgreSQL's fast shutdown: clients are cut off, what was committed is written.
  return internal::SpawnProgram(arguments, LogFile(), SIGINT);
}

Result<void> Cluster::AwaitReady(pid_t server) {
  const auto fail = [this](std::string_view cause) {
    return Fail(ErrorCode::kUnavailable, "pg.cannot_start", "cannot start PostgreSQL on {}: {}; its last words: {}",
                data_.string(), cause, internal::LastWords(LogFile()));
  };
  const std::string url = Url("postgres", "postgres");
  const auto begin = steady_clock::now();
  auto next_word = begin + 10s;
  while (true) {
    const PGPing answer = PQping(url.c_str());
    if (answer == PQPING_OK) return {};
    // A server that died: TryWait() takes its status, and Terminate() finds no child of that number any more.
    if (const auto status = TryWait(server)) return fail("it ended with " + internal::DescribeWaitStatus(*status));
    if (steady_clock::now() - begin > kLongestStart) return fail("it does not answer");
    if (steady_clock::now() > next_word) {
      obs::LogWarning("pg.still_starting", {{"pid", server}, {"last_words", internal::LastWords(LogFile(), 300)}});
      next_word += 10s;
    }
    if (!Pause(10ms)) return fail("it was told to stop");
  }
}

// Roles and database; does nothing where they exist.
Result<void> Cluster::SetUp() {
  HELIOS_TRY(auto session, internal::AdminSession::Open(Url("postgres", "postgres")));
  const auto run = [&](const std::string& sql) -> Result<void> {
    auto result = session.Run(sql);
    if (result) return {};
    return Fail(ErrorCode::kUnavailable, "pg.cannot_start", "cannot set the private PostgreSQL up: {}",
                result.error().message);
  };
  HELIOS_CHECK(run(std::string(Roles().front().bytes)));
  HELIOS_TRY(const std::string present, session.Value("SELECT 1 FROM pg_database WHERE datname = 'helios'"));
  if (present.empty())
    HELIOS_CHECK(run("CREATE DATABASE helios OWNER helios_owner ENCODING 'UTF8' TEMPLATE template0"));
  HELIOS_CHECK(run("REVOKE ALL ON DATABASE helios FROM PUBLIC"));
  return run("GRANT CONNECT ON DATABASE helios TO helios_app");
}

void Cluster::Terminate(pid_t server) {
  const auto gone_within = [server](steady_clock::duration patience) {
    const auto give_up = steady_clock::now() + patience;
    while (!TryWait(server)) {
      if (steady_clock::now() > give_up) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  };
  if (gone_within(0s)) return;
  kill(server, SIGINT);
  if (gone_within(kFastShutdown)) return;
  obs::LogWarning("pg.slow_shutdown", {{"pid", server}});
  kill(server, SIGQUIT);
  if (gone_within(kImmediateShutdown)) return;
  kill(server, SIGKILL);
  gone_within(kImmediateShutdown);
}

// The server holds the file open for appending, so it is copied away and cut, not renamed; a line written in between
// is lost.
void Cluster::BoundLog() {
  std::error_code error;
  if (fs::file_size(LogFile(), error) < kLongestLog || error) return;
  fs::path predecessor = LogFile();
  predecessor += ".1";
  fs::copy_file(LogFile(), predecessor, fs::copy_options::overwrite_existing, error);
  fs::resize_file(LogFile(), 0, error);
}

}  // namespace

Result<std::unique_ptr<PrivateCluster>> PrivateCluster::Start(const PrivateClusterConfig& config) {
  if (geteuid() == 0) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.running_as_root",
                "cannot start PostgreSQL as root: it refuses to; change to an ordinary user first");
  }
  fs::path data = fs::absolute(config.data_directory).lexically_normal();
  if (!data.has_filename()) data = data.parent_path();
  std::error_code error;
  fs::create_directories(data.parent_path(), error);
  if (error) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.foreign_data_directory", "cannot make {}: {}",
                data.parent_path().string(), error.message());
  }
  HELIOS_TRY(auto lock, internal::DirectoryLock::Take(data));
  HELIOS_TRY(const auto version, internal::ReadClusterVersion(data));
  HELIOS_TRY(auto programs, internal::FindPrograms(config.bin_directory, version, data));
  if (!version) HELIOS_CHECK(internal::InitializeCluster(programs, data, config.durable));
  HELIOS_TRY(auto sockets, internal::MakeSocketDirectory(data));
  auto cluster = std::make_unique<Cluster>(std::move(data), std::move(programs), std::move(sockets), std::move(lock),
                                           config.durable);
  HELIOS_CHECK(cluster->Run());
  return cluster;
}

}  // namespace helios::pg
