// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "integration/strace.h"

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include "base/file.h"
#include "tests/support/server_process.h"

namespace helios::testing {
namespace {

namespace fs = std::filesystem;
constexpr const char* kProgram = "/usr/bin/strace";

pid_t Spawn(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  return posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ) == 0 ? pid : -1;
}

void End(pid_t process, int signal) {
  kill(process, signal);
  waitpid(process, nullptr, 0);
}

bool IsTraced(const fs::path& thread) {
  const auto status = ReadFile(thread / "status", 65536);
  return status && status->find("TracerPid:\t0\n") == std::string::npos;
}

bool AllThreadsTraced(pid_t process) {
  std::error_code error;
  bool all = true;
  for (const auto& thread : fs::directory_iterator(fmt::format("/proc/{}/task", process), error)) {
    all = all && IsTraced(thread.path());
  }
  return all && !error;
}

// "…) = 0", "…)      = -1 EIO (Input/output error) (INJECTED)", "…) = ?"
std::optional<long> ResultOf(std::string_view text) {
  const std::size_t at = text.rfind(" = ");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view number = text.substr(at + 3);
  long result = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), result);
  if (error != std::errc()) return std::nullopt;
  return result;
}

}  // namespace

std::vector<SystemCall> ParseTrace(std::string_view trace) {
  static constexpr std::string_view kUnfinished = " <unfinished ...>";
  std::vector<SystemCall> calls;
  std::map<pid_t, std::size_t> open;  // by thread, the call that has not ended
  std::istringstream lines{std::string(trace)};
  std::size_t position = 0;
  for (std::string line; std::getline(lines, line); ++position) {
    std::istringstream words(line);
    pid_t thread = 0;
    if (!(words >> thread)) continue;
    std::string rest;
    std::getline(words >> std::ws, rest);
    if (rest.starts_with("<... ")) {
      const auto at = open.find(thread);
      const std::size_t resumed = rest.find(" resumed>");
      if (at == open.end() || resumed == std::string::npos) continue;
      SystemCall& call = calls[at->second];
      call.text += rest.substr(resumed + 9);
      call.ended = position;
      call.result = ResultOf(call.text);
      open.erase(at);
      continue;
    }
    const std::size_t parenthesis = rest.find('(');
    if (parenthesis == std::string::npos || rest.starts_with("+++") || rest.starts_with("---")) continue;
    SystemCall call{.thread = thread,
                    .name = rest.substr(0, parenthesis),
                    .text = {},
                    .begun = position,
                    .ended = position,
                    .result = {}};
    call.text = rest.substr(parenthesis + 1);
    if (call.text.ends_with(kUnfinished)) {
      call.text.resize(call.text.size() - kUnfinished.size());
      open[thread] = calls.size();
    } else {
      call.result = ResultOf(call.text);
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

std::string Tracer::WhyNot() {
  if (access(kProgram, X_OK) != 0) return fmt::format("there is no {}; install the package strace", kProgram);
  const pid_t sleeper = Spawn({"/bin/sleep", "60"});
  const pid_t strace = Spawn({kProgram, "-qq", "-o", "/dev/null", "-p", std::to_string(sleeper)});
  bool traced = false;
  int status = 0;
  const bool decided = Eventually([&] {
    traced = IsTraced(fmt::format("/proc/{}", sleeper));
    return traced || waitpid(strace, &status, WNOHANG) == strace;
  });
  if (traced || !decided) End(strace, SIGTERM);
  End(sleeper, SIGKILL);
  return traced ? "" : "strace may not attach to a process here (ptrace is not permitted)";
}

Tracer::Tracer(pid_t process, const fs::path& output, std::vector<std::string> options) : output_(output) {
  std::vector<std::string> arguments = {kProgram, "-f", "-qq", "-o", output.string()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.insert(arguments.end(), {"-p", std::to_string(process)});
  strace_ = Spawn(std::move(arguments));
  if (strace_ > 0) attached_ = Eventually([process] { return AllThreadsTraced(process); });
}

std::string Tracer::Detach() {
  if (strace_ > 0) End(strace_, SIGTERM);
  strace_ = -1;
  return ReadFile(output_, 1U << 30U).value_or("");
}

}  // namespace helios::testing
