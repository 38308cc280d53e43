// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace helios::testing {

/// How long a test waits for what must come: never reached by a test that passes.
inline constexpr std::chrono::seconds kPatience{60};

struct ServerOptions {
  std::vector<std::string> arguments = {};                            ///< behind `serve --data-dir … --listen …`
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< on top of the test's own
  std::string config = {};                                            ///< TOML, given as --config where not empty
  std::string listen = "127.0.0.1:0";
  std::filesystem::path data_dir = {};  ///< another test server's, or none's; empty: the one of its own
  /// In front of the program, such as {"/usr/bin/strace", "-D", …}. It must become the program, or keep to its side:
  /// pid() and the signals go to the process that was started.
  std::vector<std::string> wrapper = {};
};

/// `helios serve`, the real program, on a data directory of the test's own below /tmp.
///
/// A keeper process kills the server and its PostgreSQL and removes the directory when this object goes, and also when
/// the test dies. What the system refuses (no /tmp, no fork) aborts the test with its cause; what the server does is
/// for the test to judge. Not thread-safe, but for pid(), the ports and Words().
class ServerProcess {
 public:
  /// Nothing runs before the first Start().
  explicit ServerProcess(ServerOptions options = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  /// What the next start will use.
  ServerOptions& options() { return options_; }

  /// Starts the server and waits until it listens. On failure: false, and the test has failed with its last words.
  /// On the port that the last run had, where `same_port`.
  bool Start(bool same_port = false);

  /// Starts a server that is expected to refuse: its exit status, or nothing where it listened instead (it is killed
  /// then). Words() has what it said.
  std::optional<int> StartAndExpectExit();

  /// As a power cut would end it; and waits.
  void Kill();

  /// Asks it to end, and goes on.
  void Terminate();

  /// Waits for its end: the exit status, or minus the signal; nothing where it goes on.
  std::optional<int> Wait(std::chrono::seconds patience = kPatience);

  /// Terminate() and Wait().
  std::optional<int> Stop();

  void Signal(int signal) const;

  [[nodiscard]] bool running() const { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint16_t operator_port() const { return operator_port_; }
  [[nodiscard]] std::string Origin(std::string_view scheme = "http") const;
  [[nodiscard]] std::string OperatorOrigin() const;

  /// The directory around the data directory: everyone may search it, and it goes with this object.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path data_dir() const {
    return options_.data_dir.empty() ? directory_ / "data" : options_.data_dir;
  }

  /// The private PostgreSQL, from its pid file, or -1.
  [[nodiscard]] pid_t postgres_pid() const;

  /// To the private PostgreSQL and all its processes.
  void SignalPostgres(int signal) const;

  /// What the present or last run wrote to standard error.
  [[nodiscard]] std::string Words() const;

  /// The lines of its log with this event; all of them for "".
  [[nodiscard]] std::vector<boost::json::object> Events(std::string_view event = {}) const;

  /// Waits for a line of the log; the server writes them within a second. Nothing where it does not come.
  std::optional<boost::json::object> AwaitEvent(std::string_view event, std::chrono::seconds patience = kPatience);

 private:
  void Spawn(const std::string& listen);
  [[nodiscard]] std::filesystem::path LogFile() const;
  void TellKeeper(pid_t pid) const;

  ServerOptions options_;
  std::filesystem::path directory_;
  pid_t keeper_ = -1;
  int lifeline_ = -1;          // the keeper cleans up when this is closed, however that comes about
  std::atomic<int> runs_ = 0;  ///< starts so far; Words() may be asked during one
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t operator_port_ = 0;
};

/// Polls until `condition` holds; false after `patience`.
template <class Condition>
bool Eventually(Condition condition, std::chrono::milliseconds patience = kPatience);

void SleepFor(std::chrono::milliseconds time);

template <class Condition>
bool Eventually(Condition condition, std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    SleepFor(std::chrono::milliseconds{20});
  }
  return true;
}

}  // namespace helios::testing
