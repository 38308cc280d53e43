// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/client.h"
#include "http/request.h"
#include "http/response.h"

namespace helios::http::internal {

/// Why the edge turns a request down by itself; `code` is a literal.
struct Refusal {
  Status status = 400;
  std::string_view code;
  std::string detail;
};

enum class Progress : std::uint8_t {
  kNeedMore,  ///< everything usable was taken; call again with more input
  kDone,      ///< the header, or the body, is complete
  kRefused,   ///< see refusal(); the connection is of no further use
};

/// Reads requests, one after the other, out of a connection's bytes. Strict where leniency would let two
/// readers of one byte stream disagree (RFC 9112, section 11.2): no bare LF, no folded line, one length.
class RequestParser {
 public:
  struct Limits {
    std::size_t header_bytes = 0;
    std::size_t header_fields = 0;
  };

  explicit RequestParser(Limits limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  /// Starts on the next request, which fills `request`; that must live until the body is complete.
  void Begin(Request& request);

  /// Takes the header off the front of `input` once all of it is there, and nothing before. Until then
  /// `input` must start with the same bytes at each call.
  [[nodiscard]] Progress ReadHeader(std::string_view& input);

  // What the header said; valid after ReadHeader() gave kDone.
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool is_http_1_0() const;
  [[nodiscard]] bool has_body() const;
  [[nodiscard]] bool expects_continue() const;
  /// nullopt where the body is chunked.
  [[nodiscard]] std::optional<std::uint64_t> content_length() const;

  /// Takes body bytes off the front of `input`, at most `limit` in all: 413 above.
  [[nodiscard]] Progress ReadBody(std::string_view& input, std::size_t limit);

  [[nodiscard]] const Refusal& refusal() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads one response of a server.
class ResponseParser {
 public:
  /// `head`: the answer to a HEAD request, which has no body whatever its header says.
  ResponseParser(bool head, std::size_t max_body_bytes);
  ~ResponseParser();
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  /// True when the response is complete. Skips interim answers (1xx).
  /// Errors: kUnavailable http.connection_lost for what is not HTTP; kTooLarge http.response_too_large.
  [[nodiscard]] Result<bool> Feed(std::string_view input);
  /// The same at the end of the connection, which ends a body without a length.
  [[nodiscard]] Result<void> End();

  [[nodiscard]] bool started() const;
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] ClientResponse Take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace helios::http::internal
