// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/internal/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/file.h"

namespace helios::pg::internal {
namespace {

// Between fork and exec of a process with threads only async-signal-safe calls are allowed: everything is made ready
// before, and nothing here allocates.
[[noreturn]] void BecomeProgram(char* const* arguments, char* const* environment, int output, int death_signal,
                                pid_t parent) {
  prctl(PR_SET_PDEATHSIG, death_signal);
  if (getppid() != parent) _exit(127);  // it died before the line above took hold

  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGUSR1, SIGUSR2}) {
    std::signal(signal, SIG_DFL);
  }
  setsid();
  if (chdir("/") != 0) _exit(127);
  const int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) _exit(127);
  close_range(3, ~0U, 0);
  execve(arguments[0], arguments, environment);
  _exit(127);
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Result<pid_t> SpawnProgram(const std::vector<std::string>& arguments, const std::filesystem::path& output,
                           int death_signal) {
  const auto fail = [&](int error) {
    return Fail(ErrorCode::kUnavailable, "pg.cannot_start", "cannot start {}: {}", arguments.front(),
                ErrnoMessage(error));
  };
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out < 0) return fail(errno);
  // Nothing of the caller's environment: PGDATA, PGPORT and the like would change what starts.
  std::vector<std::string> texts = arguments;
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"};
  const auto argument_pointers = Pointers(texts);
  const auto environment_pointers = Pointers(environment);
  const pid_t parent = getpid();
  const pid_t child = fork();
  const int error = errno;
  if (child == 0) BecomeProgram(argument_pointers.data(), environment_pointers.data(), out, death_signal, parent);
  close(out);
  if (child < 0) return fail(error);
  return child;
}

std::optional<int> TryWait(pid_t child) {
  int status = 0;
  const pid_t waited = waitpid(child, &status, WNOHANG);
  if (waited == child) return status;
  if (waited < 0 && errno != EINTR) return -1;
  return std::nullopt;
}

std::string DescribeWaitStatus(int status) {
  if (status == -1) return "an unknown status";
  if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

Result<std::string> RunProgram(const std::vector<std::string>& arguments, const std::filesystem::path& output) {
  HELIOS_TRY(const pid_t child, SpawnProgram(arguments, output, SIGKILL));
  std::optional<int> status;
  while (!(status = TryWait(child))) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::string words = LastWords(output, 4000);
  if (*status == 0) return words;
  return Fail(ErrorCode::kUnavailable, "pg.cannot_start", "cannot run {}: it ended with {}: {}", arguments.front(),
              DescribeWaitStatus(*status), words);
}

std::string LastWords(const std::filesystem::path& file, std::size_t bytes) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return "";
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(0, in.tellg()));
  const std::size_t start = size > bytes ? size - bytes : 0;
  in.seekg(static_cast<std::streamoff>(start));
  std::string text(size - start, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (start > 0) text.erase(0, std::min(text.find('\n'), text.size() - 1) + 1);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace helios::pg::internal
