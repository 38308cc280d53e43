// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/child_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace helios::testing {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Between fork and exec, so with nothing that allocates.
[[noreturn]] void Become(const char* output, const char* errors, char* const* arguments, char* const* environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int in = ::open("/dev/null", O_RDONLY);
  const int out = ::open(output, O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int err = ::open(errors, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (in >= 0 && out >= 0 && err >= 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(err, 2) == 2) {
    ::close_range(3, ~0U, 0);
    ::execve(arguments[0], arguments, environment);
  }
  ::_exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const Start& start)
    : output_(start.scratch / (start.name + ".out")), errors_(start.scratch / (start.name + ".err")) {
  std::vector<std::string> command = start.command;
  std::vector<std::string> environment = start.environment;
  environment.emplace_back("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
  const auto arguments = Pointers(command);
  const auto variables = Pointers(environment);
  pid_ = ::fork();
  if (pid_ == 0) Become(output_.c_str(), errors_.c_str(), arguments.data(), variables.data());
  if (pid_ < 0) {
    std::perror("cannot start a process");
    std::abort();
  }
}

ChildProcess::~ChildProcess() {
  if (status_) return;
  Signal(SIGKILL);
  static_cast<void>(Wait());
}

void ChildProcess::Signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

std::optional<int> ChildProcess::Wait(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!status_) {
    int raw = 0;
    const pid_t ended = ::waitpid(pid_, &raw, WNOHANG);
    if (ended == pid_) {
      status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    } else if (ended < 0 && errno != EINTR) {
      std::perror("cannot wait for a process");
      std::abort();
    } else if (std::chrono::steady_clock::now() > deadline) {
      return std::nullopt;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }
  return status_;
}

std::string ChildProcess::Output() const {
  return ReadAll(output_);
}
std::string ChildProcess::Errors() const {
  return ReadAll(errors_);
}

std::uint16_t FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("cannot find a free port");
    std::abort();
  }
  ::close(fd);
  return ntohs(address.sin_port);
}

}  // namespace helios::testing
