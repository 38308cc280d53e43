// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/listener.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "obs/log.h"
#include "pg/internal/connection.h"

namespace helios::pg {
namespace {

constexpr std::chrono::milliseconds kFirstWait{100};
constexpr std::chrono::milliseconds kLongestWait{10'000};
constexpr std::chrono::seconds kConnectTimeout{5};
// A connection whose other end is gone without a word looks well until it is used.
constexpr std::chrono::seconds kPingAfter{20};
constexpr std::chrono::seconds kPingTimeout{5};
constexpr Statement kPing{"pg.listener_ping", "SELECT 1"};

}  // namespace

Listener::Listener(std::string url, std::string_view channel, std::function<void()> wake)
    : url_(std::move(url)), listen_(fmt::format("LISTEN {}", channel)), wake_(std::move(wake)) {
  stop_descriptor_ = ::eventfd(0, EFD_CLOEXEC);
  if (stop_descriptor_ < 0) std::abort();  // out of descriptors at start
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

Listener::~Listener() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_descriptor_, &one, sizeof one);
  thread_.join();
  ::close(stop_descriptor_);
}

void Listener::Run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  auto wait = kFirstWait;
  while (!stop.stop_requested()) {
    if (Hear(stop)) wait = kFirstWait;
    connected_ = false;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, wait, [] { return false; });
    wait = std::min(wait * 2, kLongestWait);
  }
}

bool Listener::Hear(const std::stop_token& stop) {
  const auto options = internal::ConnectOptions::Parse(url_, {});
  if (!options) return false;
  auto connection = internal::Connection::Open(*options, std::chrono::steady_clock::now() + kConnectTimeout);
  if (!connection) return false;
  const auto run = [&](const Statement& statement) {
    return (*connection)->Queue(statement, {}) &&
           (*connection)->Run(std::chrono::steady_clock::now() + kPingTimeout).has_value();
  };
  if (!run({"pg.listen", listen_})) return false;
  connected_ = true;
  wake_();
  while (!stop.stop_requested()) {
    switch ((*connection)->AwaitNotification(stop_descriptor_, std::chrono::steady_clock::now() + kPingAfter)) {
      case internal::Heard::kSomething: wake_(); break;
      case internal::Heard::kNothing:
        if (!stop.stop_requested() && !run(kPing)) return true;
        break;
      case internal::Heard::kLost: obs::LogWarning("pg.listener_lost"); return true;
    }
  }
  return true;
}

}  // namespace helios::pg
