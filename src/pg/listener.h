// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace helios::pg {

/// Hears what is said on one channel of PostgreSQL's NOTIFY, over a connection and on a thread of its own.
///
/// A hint, no queue: what is said while there is no connection is never heard, so whoever waits also looks by itself
/// from time to time. A lost server is found again with backoff, up to 10 s. Thread-safe.
class Listener {
 public:
  /// `wake` runs on the listener's thread whenever something was said, and after each new connection, for something may
  /// have been missed; it must not block. `channel` is an SQL identifier, and a literal.
  Listener(std::string url, std::string_view channel, std::function<void()> wake);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

 private:
  void Run(const std::stop_token& stop);
  /// Until the connection is lost, or the listener stops. Whether there was a connection at all.
  bool Hear(const std::stop_token& stop);

  const std::string url_;
  const std::string listen_;  ///< the statement
  const std::function<void()> wake_;
  std::atomic<bool> connected_ = false;
  int stop_descriptor_ = -1;
  std::jthread thread_;
};

}  // namespace helios::pg
