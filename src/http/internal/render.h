// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "http/response.h"

namespace helios::http::internal {

/// How an answer's end is told.
struct Framing {
  bool chunked = false;
  bool has_length = true;
  std::uint64_t length = 0;
};

/// "Server: helios" and Date, made once a second. One for each I/O thread.
class CommonFields {
 public:
  [[nodiscard]] std::string_view Get(std::time_t now);

 private:
  std::time_t second_ = -1;
  std::string text_;
};

/// Appends status line and header, with the empty line that ends it. Of the response's own fields, those
/// that are the server's to say are left out; line breaks in values become spaces.
/// `connection` is "close", "keep-alive" or "" for no such field.
void AppendHead(std::string& out, const Response& response, const Framing& framing, std::string_view common,
                std::string_view request_id, std::string_view connection);

/// True where an Accept-Encoding field allows gzip.
[[nodiscard]] bool AcceptsGzip(std::string_view accept_encoding);

/// Compresses a text body above 1 KiB where `accepted`; says Vary wherever acceptance would matter.
void MaybeCompress(Response& response, bool accepted);

}  // namespace helios::http::internal
