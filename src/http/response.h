// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "http/request.h"

namespace helios::http {

/// Status codes by number; any three-digit value is valid.
using Status = int;

/// A body that is made piece by piece: exports, large queries, server-sent events. It holds no worker
/// between pieces.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  /// Asks for the next piece, once the one before was written. Runs on an I/O thread and must not block.
  /// `ready` is called once, from any thread: with bytes, with "" at the end, or with an error, which
  /// breaks the connection off so that the reader sees the body is not whole; so does dropping it.
  /// The stream is released when its reader leaves, and `ready` does nothing from then on.
  virtual void Next(std::function<void(Result<std::string>)> ready) = 0;
};

/// A file, sent with sendfile-like economy and never read whole into memory.
struct FileBody {
  std::filesystem::path path;
};

struct Response {
  Status status = 200;
  Headers headers;
  std::variant<std::string, FileBody, std::shared_ptr<BodyStream>> body;
};

/// Answers one request. Called exactly once, from any thread; a second call is ignored. Where every copy
/// goes away uncalled, the server answers 500 http.no_answer.
using Responder = std::function<void(Response)>;

/// A response with a body of `content_type`.
[[nodiscard]] Response Text(Status status, std::string body,
                            std::string_view content_type = "text/plain; charset=utf-8");

/// application/json from text that is JSON already.
[[nodiscard]] Response JsonText(Status status, std::string json);

/// No body, as 204 has none.
[[nodiscard]] Response NoContent();

}  // namespace helios::http
