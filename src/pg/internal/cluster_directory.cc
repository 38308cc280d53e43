// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/internal/cluster_directory.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <thread>
#include <vector>

#include "base/file.h"
#include "obs/log.h"
#include "pg/internal/child_process.h"

namespace helios::pg::internal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarker = "HELIOS_CLUSTER";
constexpr int kFormat = 1;
constexpr int kOldestVersion = 15;  // security_invoker views, ON DELETE SET NULL (column)

fs::path Sibling(const fs::path& data_directory, std::string_view suffix) {
  fs::path sibling = data_directory;
  sibling += suffix;
  return sibling;
}

std::optional<int> LeadingNumber(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

bool IsExecutable(const fs::path& path) {
  return access(path.c_str(), X_OK) == 0;
}

bool HasPrograms(const fs::path& directory) {
  return IsExecutable(directory / "initdb") && IsExecutable(directory / "postgres");
}

// "postgres (PostgreSQL) 15.20 (Debian …)"
Result<int> VersionOf(const fs::path& programs, const fs::path& scratch) {
  std::error_code ignored;
  fs::remove(scratch, ignored);
  auto said = RunProgram({(programs / "postgres").string(), "-V"}, scratch);
  fs::remove(scratch, ignored);
  if (!said) return std::unexpected(std::move(said).error());
  static constexpr std::string_view kIntroduction = "(PostgreSQL) ";
  const std::size_t at = said->find(kIntroduction);
  const auto version =
      at == std::string::npos ? std::nullopt : LeadingNumber(std::string_view(*said).substr(at + kIntroduction.size()));
  if (!version) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.no_server_programs",
                "cannot use {}: it does not say its version; got '{}'", (programs / "postgres").string(), *said);
  }
  return *version;
}

void SyncDirectory(const fs::path& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

// FNV-1a. Only tells data directories apart; the socket directory's owner and mode are what protects it.
std::uint32_t Digest(std::string_view text) {
  std::uint32_t digest = 2166136261U;
  for (const char c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 16777619U;
  return digest;
}

bool IsOurPrivateDirectory(const fs::path& path) {
  struct stat status{};
  return lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & 0777) == 0700;
}

// A server and its backends work in its data directory. Both links are unreadable for a process that ended, or is
// another user's.
bool IsServerIn(pid_t pid, const fs::path& data_directory) {
  std::error_code error;
  const fs::path process = fmt::format("/proc/{}", pid);
  const std::string program = fs::read_symlink(process / "exe", error).filename().string();
  if (error || !program.starts_with("postgres")) return false;  // "postgres (deleted)" after an upgrade
  return fs::equivalent(process / "cwd", data_directory, error) && !error;
}

template <class Condition>
bool Within(std::chrono::seconds patience, Condition condition) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

// Backends whose server was killed: they end by themselves, but only between two steps of their work, and no new
// server starts while one of them lives.
std::vector<pid_t> FindBackendsOf(const fs::path& data_directory) {
  std::vector<pid_t> backends;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const auto pid = LeadingNumber(entry.path().filename().string());
    if (pid && *pid > 1 && IsServerIn(*pid, data_directory)) backends.push_back(*pid);
  }
  return backends;
}

std::unexpected<Error> DoesNotStop(pid_t process, const fs::path& data_directory) {
  return Fail(ErrorCode::kUnavailable, "pg.cannot_start",
              "cannot start PostgreSQL on {}: process {}, left over from a crash, does not stop",
              data_directory.string(), process);
}

}  // namespace

Result<DirectoryLock> DirectoryLock::Take(const fs::path& data_directory) {
  const fs::path path = Sibling(data_directory, ".lock");
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.foreign_data_directory", "cannot open {}: {}", path.string(),
                ErrnoMessage(errno));
  }
  DirectoryLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.data_directory_in_use",
                "cannot use {}: another helios process is running on it; stop that one or choose another --data-dir",
                data_directory.string());
  }
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) close(fd_);
}

Result<std::optional<int>> ReadClusterVersion(const fs::path& data_directory) {
  const auto foreign = [&](std::string_view cause) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.foreign_data_directory",
                "cannot use {} for the private PostgreSQL: {}; choose another --data-dir", data_directory.string(),
                cause);
  };
  std::error_code error;
  if (!fs::exists(data_directory, error) && !error) return std::nullopt;
  const bool empty = fs::is_empty(data_directory, error);
  if (error) return foreign(error.message());
  if (empty) return std::nullopt;

  const auto marker = ReadFile(data_directory / kMarker, 4096);
  if (!marker) return foreign("it is not empty and was not made by Helios (it has no HELIOS_CLUSTER)");
  static constexpr std::string_view kKey = "\"format\":";
  const std::size_t at = marker->find(kKey);
  const auto format =
      at == std::string::npos ? std::nullopt : LeadingNumber(std::string_view(*marker).substr(at + kKey.size()));
  if (!format) return foreign("its HELIOS_CLUSTER cannot be read");
  if (*format > kFormat) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.wrong_version",
                "cannot use {}: a later Helios made it; got format {}, want at most {}", data_directory.string(),
                *format, kFormat);
  }
  const auto version = ReadFile(data_directory / "PG_VERSION", 64);
  const auto number = version ? LeadingNumber(*version) : std::nullopt;
  if (!number) return foreign("its PG_VERSION cannot be read");
  return number;
}

Result<fs::path> FindPrograms(const fs::path& configured, std::optional<int> version, const fs::path& data_directory) {
  static constexpr std::string_view kRoot = "/usr/lib/postgresql";
  const auto wrong_version = [&](std::string_view found) {
    return Fail(
        ErrorCode::kFailedPrecondition, "pg.wrong_version",
        "cannot start PostgreSQL on {}: it was made by version {}, found is {}; install postgresql-{} or choose "
        "another --data-dir",
        data_directory.string(), *version, found, *version);
  };
  if (!configured.empty()) {
    if (!HasPrograms(configured)) {
      return Fail(ErrorCode::kFailedPrecondition, "pg.no_server_programs",
                  "cannot start PostgreSQL: {} does not hold initdb and postgres", configured.string());
    }
    HELIOS_TRY(const int found, VersionOf(configured, Sibling(data_directory, ".version")));
    if (version && found != *version) return wrong_version(fmt::format("version {}", found));
    return configured;
  }

  int newest = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(kRoot, error)) {
    const int number = LeadingNumber(entry.path().filename().string()).value_or(0);
    if (!HasPrograms(entry.path() / "bin")) continue;
    if (version && number == *version) return entry.path() / "bin";
    newest = std::max(newest, number);
  }
  if (newest == 0 || (!version && newest < kOldestVersion)) {
    return Fail(ErrorCode::kFailedPrecondition, "pg.no_server_programs",
                "cannot start PostgreSQL: want version {} or later under {}; install Debian's package postgresql, or "
                "set database.url to a server of your own",
                kOldestVersion, kRoot);
  }
  if (version) return wrong_version(fmt::format("version {}", newest));
  return fs::path(kRoot) / std::to_string(newest) / "bin";
}

Result<void> InitializeCluster(const fs::path& programs, const fs::path& data_directory, bool durable) {
  const auto fail = [&](std::string_view cause) {
    return Fail(ErrorCode::kUnavailable, "pg.cannot_start", "cannot make a PostgreSQL cluster in {}: {}",
                data_directory.string(), cause);
  };
  const fs::path unfinished = Sibling(data_directory, ".new");
  const fs::path words = Sibling(data_directory, ".initdb.log");
  std::error_code error;
  fs::remove_all(unfinished, error);  // of an attempt that was cut short
  fs::remove(words, error);

  // Whoever reaches the socket may log in as anyone ("trust"): the socket's directory has mode 0700, so that is this
  // user alone, who owns the data files anyway. The isolation of tenants rests on which role the program logs in as.
  // The C.UTF-8 locale sorts by code point: indexes stay valid whatever the system's C library becomes.
  std::vector<std::string> arguments = {(programs / "initdb").string(),
                                        "--pgdata=" + unfinished.string(),
                                        "--username=postgres",
                                        "--auth-local=trust",
                                        "--auth-host=reject",
                                        "--encoding=UTF8",
                                        "--locale=C.UTF-8",
                                        "--data-checksums",
                                        "--no-instructions"};
  if (!durable) arguments.emplace_back("--no-sync");
  auto made = RunProgram(arguments, words);
  if (!made) return std::unexpected(std::move(made).error());
  fs::remove(words, error);
  HELIOS_CHECK(WriteFileAtomically(unfinished / kMarker, fmt::format("{{\"format\":{}}}\n", kFormat)));

  fs::rename(unfinished, data_directory, error);  // over an empty directory, too
  if (error) return fail(error.message());
  SyncDirectory(data_directory.parent_path());
  return {};
}

std::optional<pid_t> FindServerOf(const fs::path& data_directory) {
  const auto file = ReadFile(data_directory / "postmaster.pid", 4096);
  if (!file) return std::nullopt;
  const auto pid = LeadingNumber(*file);
  if (!pid || *pid <= 1) return std::nullopt;
  if (!IsServerIn(*pid, data_directory)) return std::nullopt;
  return *pid;
}

Result<void> StopLeftover(const fs::path& data_directory) {
  if (const auto server = FindServerOf(data_directory)) {
    obs::LogWarning("pg.leftover_found", {{"pid", *server}, {"data_directory", data_directory.string()}});
    struct Step {
      int signal;
      std::chrono::seconds patience;
    };
    bool gone = false;
    for (const Step step : {Step{SIGINT, std::chrono::seconds(10)}, Step{SIGQUIT, std::chrono::seconds(5)},
                            Step{SIGKILL, std::chrono::seconds(5)}}) {
      kill(*server, step.signal);
      gone = Within(step.patience, [&] { return FindServerOf(data_directory) != server; });
      if (gone) break;
    }
    if (!gone) return DoesNotStop(*server, data_directory);
  }
  if (auto backends = FindBackendsOf(data_directory); !backends.empty()) {
    obs::LogWarning("pg.leftover_backends", {{"count", backends.size()}, {"data_directory", data_directory.string()}});
    const auto gone = [&] { return (backends = FindBackendsOf(data_directory)).empty(); };
    if (!Within(std::chrono::seconds(2), gone)) {
      for (const pid_t backend : backends) kill(backend, SIGKILL);
      if (!Within(std::chrono::seconds(5), gone)) return DoesNotStop(backends.front(), data_directory);
    }
  }
  // The server itself would take the file of a dead one for a live one's wherever its number is in use again.
  std::error_code error;
  fs::remove(data_directory / "postmaster.pid", error);
  return {};
}

void RemoveStaleSocket(const fs::path& sockets, const fs::path& data_directory) {
  const fs::path lock = sockets / ".s.PGSQL.5432.lock";
  const auto text = ReadFile(lock, 4096);
  if (!text) return;
  const std::size_t line = text->find('\n') + 1;
  if (line == 0 || text->substr(line, text->find('\n', line) - line) != data_directory.string()) return;
  std::error_code ignored;
  fs::remove(lock, ignored);
  fs::remove(sockets / ".s.PGSQL.5432", ignored);
}

Result<fs::path> MakeSocketDirectory(const fs::path& data_directory) {
  static constexpr std::size_t kLongest = 107 - std::string_view("/.s.PGSQL.5432.lock").size();
  const std::string digest = fmt::format("{:08x}", Digest(data_directory.string()));
  std::vector<fs::path> wanted;
  if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime != nullptr && IsOurPrivateDirectory(runtime)) {
    wanted.push_back(fs::path(runtime) / ("helios-pg-" + digest));
  }
  wanted.emplace_back(fmt::format("/tmp/helios-pg-{}-{}", geteuid(), digest));
  for (const fs::path& path : wanted) {
    if (path.native().size() > kLongest) continue;
    if (mkdir(path.c_str(), 0700) == 0 || (errno == EEXIST && IsOurPrivateDirectory(path))) return path;
  }
  // Someone else made our name in /tmp: take one that nobody could foresee.
  std::string random = fmt::format("/tmp/helios-pg-{}-XXXXXX", geteuid());
  if (mkdtemp(random.data()) == nullptr) {
    return Fail(ErrorCode::kUnavailable, "pg.cannot_start", "cannot make a directory for PostgreSQL's socket, {}: {}",
                random, ErrnoMessage(errno));
  }
  return fs::path(random);
}

}  // namespace helios::pg::internal
