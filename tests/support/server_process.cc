// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/server_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace helios::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Reads one pid a line, 0 for none, until the other end is closed; then ends what runs and removes the directory.
// A shell, since a server that gives up root also loses its parent-death signal.
constexpr const char* kKeeper = R"sh(
trap '' INT TERM HUP
server=0
while read -r line; do server=$line; done
[ "$server" -gt 0 ] && kill -CONT "$server" 2>/dev/null
[ "$server" -gt 0 ] && kill -KILL "$server" 2>/dev/null
pidfile=$1/data/postgres/postmaster.pid
if [ -r "$pidfile" ]; then
  read -r postgres <"$pidfile"
  if [ "$(readlink "/proc/$postgres/cwd")" = "$1/data/postgres" ]; then
    kill -CONT "$postgres" 2>/dev/null
    kill -QUIT "$postgres" 2>/dev/null
    for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$postgres" 2>/dev/null || break; sleep 0.2; done
    kill -KILL "$postgres" 2>/dev/null
  fi
fi
sed -n 's/.*"event":"pg.started".*"socket":"\([^"]*\)".*/\1/p' "$1"/server-*.log 2>/dev/null | sort -u |
  while read -r socket; do rm -rf "$socket"; done
for i in 1 2 3 4 5; do rm -rf "$1" 2>/dev/null && break; sleep 0.2; done
)sh";

[[noreturn]] void Die(const std::string& cause) {
  fmt::print(stderr, "server process: {}\n", cause);
  std::abort();
}

/// Runs a program with its standard streams on the given descriptors.
pid_t Run(std::vector<std::string> arguments, const std::vector<std::pair<std::string, std::string>>& environment,
          int in, int out, int err) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    // A setting of the shell that runs the tests must not reach the server.
    if (!std::string_view(*variable).starts_with("HELIOS_")) variables.emplace_back(*variable);
  }
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& variable : variables) envp.push_back(variable.data());
  envp.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  // A group of its own, so that an interrupt at the terminal does not end it before the test has looked.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) Die(fmt::format("cannot run {}: error {}", arguments[0], error));
  return pid;
}

int Open(const fs::path& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0) Die("cannot open " + path.string());
  return fd;
}

std::optional<boost::json::object> ParseObject(const std::string& line) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(line, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

}  // namespace

void SleepFor(std::chrono::milliseconds time) {
  std::this_thread::sleep_for(time);
}

ServerProcess::ServerProcess(ServerOptions options) : options_(std::move(options)) {
  std::string directory = "/tmp/helios-test-XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) Die("cannot make a directory in /tmp");
  chmod(directory.c_str(), 0755);  // a server started as root becomes another user, who must get through
  directory_ = directory;

  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) Die("cannot make a pipe");
  const int null = Open("/dev/null", O_RDWR);
  keeper_ = Run({"/bin/sh", "-c", kKeeper, "keeper", directory_.string()}, {}, pipe[0], null, null);
  close(null);
  close(pipe[0]);
  lifeline_ = pipe[1];
}

ServerProcess::~ServerProcess() {
  if (::testing::Test::HasFailure()) {
    const std::string words = Words();
    constexpr std::size_t kShown = 6000;
    fmt::print(stderr, "--- the server's last words\n{}---\n",
               words.size() > kShown ? words.substr(words.size() - kShown) : words);
  }
  Kill();
  close(lifeline_);
  waitpid(keeper_, nullptr, 0);
}

fs::path ServerProcess::LogFile() const {
  return directory_ / fmt::format("server-{}.log", runs_.load());
}

void ServerProcess::TellKeeper(pid_t pid) const {
  const std::string line = fmt::format("{}\n", pid);
  if (write(lifeline_, line.data(), line.size()) < 0) Die("the keeper is gone");
}

void ServerProcess::Spawn(const std::string& listen) {
  if (running()) Die("a server runs already");
  ++runs_;
  std::vector<std::string> arguments = options_.wrapper;
  arguments.insert(arguments.end(), {HELIOS_PROGRAM, "serve", "--data-dir", data_dir().string(), "--listen", listen});
  if (!options_.config.empty()) {
    const fs::path file = directory_ / "helios.toml";
    std::ofstream(file) << options_.config;
    arguments.insert(arguments.end(), {"--config", file.string()});
  }
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  const int in = Open("/dev/null", O_RDONLY);
  const int out = Open(LogFile(), O_WRONLY | O_CREAT | O_APPEND);
  pid_ = Run(std::move(arguments), options_.environment, in, out, out);
  TellKeeper(pid_);
  close(in);
  close(out);
}

bool ServerProcess::Start(bool same_port) {
  Spawn(same_port && port_ != 0 ? fmt::format("127.0.0.1:{}", port_) : options_.listen);
  std::vector<boost::json::object> listening;
  std::optional<int> status;
  const bool decided = Eventually([&] {
    listening = Events("serve.listening");
    return !listening.empty() || (status = Wait(0s)).has_value();
  });
  if (listening.empty()) {
    ADD_FAILURE() << "the server does not listen: "
                  << (status    ? fmt::format("it ended with {}", *status)
                      : decided ? ""
                                : "it hangs")
                  << "; its words:\n"
                  << Words();
    Kill();
    return false;
  }
  port_ = listening.front().at("port").to_number<std::uint16_t>();
  operator_port_ = listening.front().at("operator_port").to_number<std::uint16_t>();
  return true;
}

std::optional<int> ServerProcess::StartAndExpectExit() {
  Spawn(options_.listen);
  std::optional<int> status;
  Eventually([&] { return (status = Wait(0s)).has_value() || !Events("serve.listening").empty(); });
  Kill();
  return status;
}

void ServerProcess::Signal(int signal) const {
  if (running()) kill(pid_, signal);
}

void ServerProcess::Kill() {
  if (!running()) return;
  Signal(SIGKILL);
  if (!Wait()) Die("a killed server does not end");
}

void ServerProcess::Terminate() {
  Signal(SIGTERM);
}

std::optional<int> ServerProcess::Wait(std::chrono::seconds patience) {
  int status = 0;
  if (!running() || !Eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; }, patience)) return std::nullopt;
  pid_ = -1;
  TellKeeper(0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::optional<int> ServerProcess::Stop() {
  Terminate();
  return Wait();
}

std::string ServerProcess::Origin(std::string_view scheme) const {
  return fmt::format("{}://127.0.0.1:{}", scheme, port_);
}

std::string ServerProcess::OperatorOrigin() const {
  return fmt::format("http://127.0.0.1:{}", operator_port_);
}

pid_t ServerProcess::postgres_pid() const {
  std::ifstream file(data_dir() / "postgres" / "postmaster.pid");
  pid_t pid = -1;
  file >> pid;
  return file ? pid : -1;
}

void ServerProcess::SignalPostgres(int signal) const {
  const pid_t server = postgres_pid();
  if (server <= 0) return;
  // The server first: it starts what it misses.
  kill(server, signal);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    std::string line;
    std::getline(std::ifstream(entry.path() / "stat"), line);
    const std::size_t name_end = line.rfind(')');  // "4711 (postgres) S 4700 …": the parent comes after the state
    if (name_end == std::string::npos || name_end + 4 > line.size()) continue;
    if (std::atoi(line.c_str() + name_end + 4) == server) kill(std::atoi(line.c_str()), signal);
  }
}

std::string ServerProcess::Words() const {
  std::ostringstream words;
  words << std::ifstream(LogFile()).rdbuf();
  return words.str();
}

std::vector<boost::json::object> ServerProcess::Events(std::string_view event) const {
  std::vector<boost::json::object> events;
  std::istringstream words(Words());
  for (std::string line; std::getline(words, line);) {
    auto object = ParseObject(line);
    if (!object || !object->contains("event")) continue;
    const boost::json::value& name = object->at("event");
    if (event.empty() || (name.is_string() && std::string_view(name.as_string()) == event)) {
      events.push_back(*std::move(object));
    }
  }
  return events;
}

std::optional<boost::json::object> ServerProcess::AwaitEvent(std::string_view event, std::chrono::seconds patience) {
  std::vector<boost::json::object> events;
  if (!Eventually([&] { return !(events = Events(event)).empty(); }, patience)) return std::nullopt;
  return events.back();
}

}  // namespace helios::testing
