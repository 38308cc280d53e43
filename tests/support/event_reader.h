// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/server_process.h"

namespace helios::testing {

/// One of the server's events.
struct ServerEvent {
  std::string name;
  std::string id;  ///< "" where it brought none
  boost::json::value data;
};

/// Reads a stream of server-sent events, as slowly as the test likes. Not thread-safe.
class EventReader {
 public:
  /// Asks for `target` with an API key, and `resume` as Last-Event-ID unless empty. A small `receive_buffer` makes a
  /// reader that does not read hold the server up sooner; 0 is the system's own.
  EventReader(std::uint16_t port, const std::string& target, const std::string& key, const std::string& resume = {},
              int receive_buffer = 0);
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  /// The header's first line and fields, once they came.
  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] int status() const;

  /// The next event; nothing where none comes within `patience`, or the stream is at its end.
  std::optional<ServerEvent> Next(std::chrono::milliseconds patience = kPatience);
  /// The next one of that name; others are passed over.
  std::optional<ServerEvent> Await(std::string_view name, std::chrono::milliseconds patience = kPatience);
  /// Whether the server closed within `patience`; events that come before are passed over.
  bool AwaitEnd(std::chrono::milliseconds patience = kPatience);

  /// The id that a browser would come back with.
  [[nodiscard]] const std::string& last_id() const { return last_id_; }
  /// The last `retry:` in milliseconds, or 0.
  [[nodiscard]] int retry_ms() const { return retry_ms_; }

 private:
  bool Fill(std::chrono::milliseconds patience);

  int fd_ = -1;
  bool ended_ = false;
  std::string buffer_;
  std::string head_;
  std::string last_id_;
  int retry_ms_ = 0;
};

}  // namespace helios::testing
