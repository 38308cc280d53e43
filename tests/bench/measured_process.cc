// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/measured_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <thread>
#include <utility>

namespace helios::bench {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A line of /proc/PID/status such as "VmHWM:     1234 kB", in bytes.
std::uint64_t StatusBytes(pid_t pid, std::string_view name) {
  const std::string text = ReadAll(fmt::format("/proc/{}/status", pid));
  const std::size_t at = text.find(fmt::format("\n{}:", name));
  if (at == std::string::npos) return 0;
  return std::strtoull(text.c_str() + at + name.size() + 2, nullptr, 10) * 1024;
}

/// Between fork and exec, so with nothing that allocates.
[[noreturn]] void Become(const char* log, char* const* arguments) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);  // a Ctrl-C is ours to pass on
  const int in = ::open("/dev/null", O_RDONLY);
  const int out = ::open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (in >= 0 && out >= 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(out, 2) == 2) {
    ::close_range(3, ~0U, 0);
    ::execv(arguments[0], arguments);
  }
  ::_exit(127);
}

/// A process that stops the server should we die without doing so: the end of `lifeline` tells it. The signal that a
/// parent's death sends is lost to a server that becomes another user.
pid_t StartKeeper(pid_t server, const std::array<int, 2>& lifeline) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setpgid(0, 0);
  ::close(lifeline[1]);
  char byte = 0;
  while (::read(lifeline[0], &byte, 1) < 0 && errno == EINTR) continue;
  if (byte == 0) {
    ::kill(server, SIGTERM);
    for (int i = 0; i < 300 && ::kill(server, 0) == 0; ++i) ::usleep(100'000);
    ::kill(server, SIGKILL);
  }
  ::_exit(0);
}

}  // namespace

Result<MeasuredProcess> MeasuredProcess::Start(const std::vector<std::string>& command, const fs::path& log) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) Become(log.c_str(), arguments.data());
  if (pid < 0) {
    return Fail(ErrorCode::kUnavailable, "bench.cannot_start", "cannot start {}: {}", command[0], std::strerror(errno));
  }
  std::array<int, 2> lifeline{};
  if (::pipe2(lifeline.data(), O_CLOEXEC) != 0) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return Fail(ErrorCode::kUnavailable, "bench.cannot_start", "cannot make a pipe: {}", std::strerror(errno));
  }
  const pid_t keeper = StartKeeper(pid, lifeline);
  ::close(lifeline[0]);
  return MeasuredProcess(pid, keeper, lifeline[1], log);
}

MeasuredProcess::MeasuredProcess(MeasuredProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      keeper_(std::exchange(other.keeper_, -1)),
      lifeline_(std::exchange(other.lifeline_, -1)),
      log_(std::move(other.log_)) {}

MeasuredProcess::~MeasuredProcess() {
  if (keeper_ <= 0) return;
  if (pid_ > 0) EndServer();
  const char end = 1;
  if (::write(lifeline_, &end, 1) == 1) ::waitpid(keeper_, nullptr, 0);
  ::close(lifeline_);
}

void MeasuredProcess::EndServer() {
  // Politely first: a server that became another user ends its own children only when it is asked to.
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 100 && running(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{100});
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool MeasuredProcess::running() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

MeasuredProcess::Cpu ParseProcStat(std::string_view line, double ticks_per_second) {
  const std::size_t name_end = line.rfind(')');  // the name may hold spaces and parentheses
  if (name_end == std::string_view::npos) return {};
  std::istringstream fields{std::string(line.substr(name_end + 1))};
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  double children_user = 0;
  double children_system = 0;
  if (!(fields >> user >> system >> children_user >> children_system)) return {};
  return {.own = (user + system) / ticks_per_second, .children = (children_user + children_system) / ticks_per_second};
}

MeasuredProcess::Cpu MeasuredProcess::CpuNow() const {
  return ParseProcStat(ReadAll(fmt::format("/proc/{}/stat", pid_)), static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

MeasuredProcess::Memory MeasuredProcess::MemoryNow() const {
  return {.now = StatusBytes(pid_, "VmRSS"), .peak = StatusBytes(pid_, "VmHWM")};
}

std::uint64_t MeasuredProcess::ChildrenMemoryNow() const {
  std::multimap<pid_t, pid_t> children;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    const std::string line = ReadAll(entry.path() / "stat");
    const std::size_t name_end = line.rfind(')');  // "4711 (postgres) S 4700 …": the parent comes after the state
    if (name_end == std::string::npos || name_end + 4 > line.size()) continue;
    children.emplace(std::atoi(line.c_str() + name_end + 4), pid);
  }
  std::uint64_t bytes = 0;
  std::vector<pid_t> open = {pid_};
  while (!open.empty()) {
    const auto [begin, end] = children.equal_range(open.back());
    open.pop_back();
    for (auto child = begin; child != end; ++child) {
      bytes += StatusBytes(child->second, "RssAnon");
      open.push_back(child->second);
    }
  }
  return bytes;
}

Result<MeasuredProcess::End> MeasuredProcess::Stop(std::chrono::seconds patience) {
  using Clock = std::chrono::steady_clock;
  End end;
  const auto begin = Clock::now();
  ::kill(pid_, SIGTERM);
  while (running()) {
    end.peak_memory = std::max(end.peak_memory, MemoryNow().peak);
    if (Clock::now() - begin > patience) {
      ::kill(pid_, SIGKILL);
      ::waitpid(std::exchange(pid_, -1), nullptr, 0);
      return Fail(ErrorCode::kDeadlineExceeded, "bench.does_not_stop", "cannot stop the server within {} s",
                  patience.count());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  end.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  // It has ended and is not waited for yet: its times are final, and apart from its children's.
  end.cpu = CpuNow();
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Fail(ErrorCode::kInternal, "bench.bad_exit", "the server did not end well: wait status {}; its log is {}",
                status, log_.string());
  }
  return end;
}

std::string MeasuredProcess::Log() const {
  return ReadAll(log_);
}

}  // namespace helios::bench
