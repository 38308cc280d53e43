// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/target.h"

#include <arpa/inet.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "base/file.h"
#include "tests/bench/connection.h"

namespace helios::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartPatience{60};
constexpr std::string_view kRemoteWriteHeaders =
    "Content-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\n"
    "X-Prometheus-Remote-Write-Version: 0.1.0\r\n";

/// The text between `before` and the next `after`, or "".
std::string Between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) return "";
  const std::string_view rest = text.substr(begin + before.size());
  return std::string(rest.substr(0, rest.find_first_of(after)));
}

Result<void> Await(const MeasuredProcess& process, const std::function<bool()>& ready) {
  const auto deadline = std::chrono::steady_clock::now() + kStartPatience;
  while (!ready()) {
    if (!process.running() || std::chrono::steady_clock::now() > deadline) {
      const std::string log = process.Log();
      return Fail(ErrorCode::kUnavailable, "bench.cannot_start", "the server does not listen; its last words:\n{}",
                  log.substr(log.size() - std::min<std::size_t>(log.size(), 2000)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return {};
}

Result<std::string> Ask(std::uint16_t port, const std::string& request, int wanted) {
  HELIOS_TRY(Connection connection, Connection::Open(port));
  HELIOS_TRY(const Connection::Answer answer, connection.Exchange(request));
  if (answer.status == wanted) return std::string(answer.body);
  return Fail(ErrorCode::kFailedPrecondition, "bench.refused", "the server answered {} {}", answer.status,
              answer.body.substr(0, 500));
}

std::uint16_t FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  return bound ? ntohs(address.sin_port) : 0;
}

/// CPU seconds of a program that ends by itself.
Result<double> RunToEnd(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  std::vector<std::string> words = command;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (const int error = ::posix_spawn(&child, arguments[0], nullptr, nullptr, arguments.data(), environ); error != 0) {
    return Fail(ErrorCode::kUnavailable, "bench.cannot_start", "cannot run {}: {}", command.front(),
                ErrnoMessage(error));
  }
  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Fail(ErrorCode::kInternal, "bench.bad_exit", "{} {} failed", command.front(), command[1]);
  }
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Helios final : public Target {
 public:
  Helios(MeasuredProcess server, fs::path program, const fs::path& data, std::uint16_t port, std::string key)
      : Target(std::move(server), data / "samples"),
        program_(std::move(program)),
        data_(data),
        port_(port),
        key_(std::move(key)) {}

  Result<double> CatchUp() const override {
    return RunToEnd({program_, "compact", "--data-dir", data_, "--log-level", "error"});
  }

  Result<Intake> IntakeOf(Protocol protocol) const override {
    const std::string credential = fmt::format("X-API-Key: {}\r\n", key_);
    if (protocol == Protocol::kJson) {
      return Intake{port_, "/api/v1/ingest", "Content-Type: application/json\r\n" + credential};
    }
    return Intake{port_, "/api/v1/prometheus/write", std::string(kRemoteWriteHeaders) + credential};
  }

 private:
  fs::path program_;
  fs::path data_;
  std::uint16_t port_;
  std::string key_;
};

class VictoriaMetrics final : public Target {
 public:
  VictoriaMetrics(MeasuredProcess server, fs::path samples, std::uint16_t port)
      : Target(std::move(server), std::move(samples)), port_(port) {}

  Result<Intake> IntakeOf(Protocol protocol) const override {
    if (protocol == Protocol::kRemoteWrite) return Intake{port_, "/api/v1/write", std::string(kRemoteWriteHeaders)};
    return Fail(ErrorCode::kFailedPrecondition, "bench.unsupported", "victoria-metrics has no such route");
  }

  Result<void> CheckNothingDropped() const override {
    HELIOS_TRY(const std::string metrics, Ask(port_, GetRequest("/metrics"), 200));
    for (std::string_view reason : {"small_timestamp", "big_timestamp", "nan_value"}) {
      const std::string count = Between(metrics, fmt::format("vm_rows_ignored_total{{reason=\"{}\"}} ", reason), "\n");
      if (count.empty() || count == "0") continue;
      return Fail(ErrorCode::kFailedPrecondition, "bench.dropped", "the server dropped {} samples: {}", count, reason);
    }
    return {};
  }

 private:
  std::uint16_t port_;
};

}  // namespace

std::map<std::string, std::uint64_t> Target::DiskBytes() const {
  std::map<std::string, std::uint64_t> bytes;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(samples_, error)) {
    struct stat status{};
    if (::lstat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    bytes[*fs::relative(entry.path(), samples_).begin()] += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return bytes;
}

Result<std::unique_ptr<Target>> StartHelios(const fs::path& program, const fs::path& scratch) {
  const fs::path data = scratch / "data";
  HELIOS_TRY(
      MeasuredProcess process,
      MeasuredProcess::Start({program, "serve", "--data-dir", data, "--listen", "127.0.0.1:0"}, scratch / "log"));
  std::string port;
  HELIOS_CHECK(Await(process, [&] {
    const std::string line = Between(process.Log(), "\"serve.listening\"", "\n");
    port = Between(line, "\"port\":", ",}");
    return !port.empty();
  }));
  const auto number = static_cast<std::uint16_t>(std::stoi(port));
  constexpr std::string_view kSignUp = R"({"name":"Bench","plan":"enterprise",)"
                                       R"("owner":{"email":"owner@bench.example","name":"Ada Park",)"
                                       R"("password":"correct horse battery"}})";
  HELIOS_TRY(const std::string made,
             Ask(number, PostRequest("/api/v1/organizations", "Content-Type: application/json\r\n", kSignUp), 201));
  const std::string key = Between(made, "\"key\":\"", "\"");
  if (key.empty()) {
    return Fail(ErrorCode::kInternal, "bench.cannot_sign_up", "cannot find the API key in the answer: {}", made);
  }
  return std::make_unique<Helios>(std::move(process), program, data, number, key);
}

Result<std::unique_ptr<Target>> StartVictoriaMetrics(const fs::path& program, const fs::path& scratch) {
  const fs::path data = scratch / "data";
  const std::uint16_t port = FreePort();
  HELIOS_TRY(MeasuredProcess process,
             MeasuredProcess::Start({program, "-storageDataPath=" + data.string(), "-retentionPeriod=3",
                                     fmt::format("-httpListenAddr=127.0.0.1:{}", port)},
                                    scratch / "log"));
  HELIOS_CHECK(Await(process, [&] { return Ask(port, GetRequest("/health"), 200).has_value(); }));
  return std::make_unique<VictoriaMetrics>(std::move(process), data, port);
}

std::uint64_t DataBytes(const std::map<std::string, std::uint64_t>& disk) {
  std::uint64_t bytes = 0;
  for (const auto& [name, size] : disk) {
    if (!name.starts_with("journal") && name != "cache") bytes += size;
  }
  return bytes;
}

}  // namespace helios::bench
