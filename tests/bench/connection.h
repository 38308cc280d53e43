// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios::bench {

/// One kept connection to a server on this machine: a blocking socket and as little else as HTTP/1.1 needs, so that the
/// sender takes little of the processors that it shares with the server. Not thread-safe.
class Connection {
 public:
  struct Answer {
    int status = 0;
    std::string_view body;  ///< until the next Exchange()
  };

  /// Errors: kUnavailable bench.cannot_connect.
  [[nodiscard]] static Result<Connection> Open(std::uint16_t port,
                                               std::chrono::seconds patience = std::chrono::seconds{60});

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// Sends a whole request and reads the answer. Errors: kUnavailable bench.connection_lost, also when nothing comes
  /// for the patience; kInternal bench.bad_answer for one that is no HTTP, or in chunks.
  [[nodiscard]] Result<Answer> Exchange(std::string_view request);

 private:
  explicit Connection(int socket) : socket_(socket) {}
  [[nodiscard]] Result<bool> Receive();  // false at the end of the connection

  int socket_;
  std::string received_;
};

/// HTTP/1.0, so that the answer is not in chunks but ends with the connection.
[[nodiscard]] std::string GetRequest(std::string_view path);

/// Head and body of a POST. `headers` are whole lines, each with its line end.
[[nodiscard]] std::string PostRequest(std::string_view path, std::string_view headers, std::string_view body);

struct AnswerHead {
  int status = 0;
  std::size_t bytes = 0;                       ///< of the head itself, with the empty line
  std::optional<std::size_t> body_bytes = {};  ///< nullopt: to the end of the connection
};

/// Reads the head of an answer. Status 0 where it is not complete yet. Errors: kInternal bench.bad_answer.
[[nodiscard]] Result<AnswerHead> ParseAnswerHead(std::string_view received);

}  // namespace helios::bench
