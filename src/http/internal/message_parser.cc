// SPDX-License-Identifier: Apache-2.0
#include "http/internal/message_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/verb.hpp>

#include "http/internal/ascii.h"

namespace helios::http::internal {
namespace {

namespace beast = boost::beast::http;
using ErrorOf = boost::beast::error_code;
using Text = boost::beast::string_view;
using Length = boost::optional<std::uint64_t>;

constexpr std::size_t kFirstReserve = 64U << 10U;  // a declared length is a claim: memory follows what arrives
constexpr std::size_t kMaxResponseHeader = 64U << 10U;

std::string_view View(Text text) {
  return {text.data(), text.size()};
}

Method MethodOf(beast::verb verb) {
  switch (verb) {
    case beast::verb::get: return Method::kGet;
    case beast::verb::head: return Method::kHead;
    case beast::verb::post: return Method::kPost;
    case beast::verb::put: return Method::kPut;
    case beast::verb::patch: return Method::kPatch;
    case beast::verb::delete_: return Method::kDelete;
    case beast::verb::options: return Method::kOptions;
    default: return Method::kOther;
  }
}

/// Fills a Request from Beast's events, without a container of Beast's own in between.
class RequestEvents final : public beast::basic_parser<true> {
 public:
  explicit RequestEvents(Request& request) : request_(request) {
    body_limit(boost::none);
    header_limit(0xffffffffU);  // ReadHeader() counted already
    eager(false);
  }

  int version = 11;
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  int expectations = 0;
  bool length_is_list = false;
  bool encoding_is_chunked = false;
  bool expects_continue = false;

 private:
  void on_request_impl(beast::verb verb, Text, Text target, int http_version, ErrorOf&) override {
    version = http_version;
    request_.method = MethodOf(verb);
    request_.target.assign(target.data(), target.size());
  }
  void on_response_impl(int, Text, int, ErrorOf&) override {}
  void on_field_impl(beast::field field, Text name, Text value, ErrorOf&) override {
    if (header_done_) return;  // a trailer: nothing here has a use for one
    switch (field) {
      case beast::field::host: ++hosts; break;
      case beast::field::content_length:
        ++lengths;
        length_is_list = length_is_list || value.find(',') != Text::npos;
        break;
      case beast::field::transfer_encoding:
        ++encodings;
        encoding_is_chunked = EqualsIgnoringCase(Trim(View(value)), "chunked");
        break;
      case beast::field::expect:
        ++expectations;
        expects_continue = EqualsIgnoringCase(Trim(View(value)), "100-continue");
        break;
      default: break;
    }
    request_.headers.Add(std::string(View(name)), std::string(View(value)));
  }
  void on_header_impl(ErrorOf&) override { header_done_ = true; }
  void on_body_init_impl(const Length& length, ErrorOf&) override {
    if (length) request_.body.reserve(std::min<std::uint64_t>(*length, kFirstReserve));
  }
  std::size_t on_body_impl(Text piece, ErrorOf&) override { return Append(piece); }
  void on_chunk_header_impl(std::uint64_t, Text, ErrorOf&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text piece, ErrorOf&) override { return Append(piece); }
  void on_finish_impl(ErrorOf&) override {}

  std::size_t Append(Text piece) {
    request_.body.append(piece.data(), piece.size());
    return piece.size();
  }

  Request& request_;
  bool header_done_ = false;
};

}  // namespace

struct RequestParser::Impl {
  Progress Refuse(Status status, std::string_view code, std::string detail) {
    refusal = {status, code, std::move(detail)};
    return Progress::kRefused;
  }

  Progress Malformed(std::string detail) { return Refuse(400, "http.malformed", std::move(detail)); }

  /// Finds the end of the header, at `scanned` then, and checks its lines while at it.
  Progress Scan(std::string_view input) {
    while (true) {
      const std::size_t newline = input.find('\n', scanned);
      const std::size_t seen = newline == std::string_view::npos ? input.size() : newline + 1;
      if (seen > limits.header_bytes) {
        return Refuse(431, "http.header_too_large",
                      fmt::format("cannot take the request: its header exceeds {} bytes", limits.header_bytes));
      }
      if (newline == std::string_view::npos) {
        scanned = input.size();
        return Progress::kNeedMore;
      }
      if (newline == line_start || input[newline - 1] != '\r') {
        return Malformed("cannot read the request: a header line ends without CR");
      }
      const bool empty = newline == line_start + 1;
      if (lines > 0 && !empty && (input[line_start] == ' ' || input[line_start] == '\t')) {
        return Malformed("cannot read the request: a header line is folded");
      }
      scanned = line_start = newline + 1;
      if (empty) return Progress::kDone;
      if (++lines > limits.header_fields + 1) {
        return Refuse(431, "http.too_many_fields",
                      fmt::format("cannot take the request: want at most {} header fields", limits.header_fields));
      }
    }
  }

  Progress CheckFraming() {
    const bool old = events->version < 11;
    if (events->lengths > 1 || events->length_is_list || (events->lengths > 0 && events->encodings > 0)) {
      return Malformed("cannot tell where the body ends: want one Content-Length, or Transfer-Encoding");
    }
    if (events->encodings > 1 || (events->encodings > 0 && old)) {
      return Malformed("cannot tell where the body ends: want one Transfer-Encoding, and HTTP/1.1");
    }
    if (events->encodings > 0 && !events->encoding_is_chunked) {
      return Refuse(501, "http.unsupported_transfer_encoding",
                    "cannot read the body: want Transfer-Encoding chunked, or none");
    }
    if (events->hosts > 1 || (events->hosts == 0 && !old)) {
      return Malformed(fmt::format("cannot read the request: got {} Host fields; want one", events->hosts));
    }
    if (!old && events->expectations > 0 && !events->expects_continue) {
      return Refuse(417, "http.unknown_expectation", "cannot meet the expectation; want 100-continue, or none");
    }
    return Progress::kDone;
  }

  Limits limits;
  Refusal refusal;
  std::optional<RequestEvents> events;
  std::size_t scanned = 0;
  std::size_t line_start = 0;
  std::size_t lines = 0;
  bool limit_set = false;
};

RequestParser::RequestParser(Limits limits) : impl_(std::make_unique<Impl>()) {
  impl_->limits = limits;
}
RequestParser::~RequestParser() = default;

void RequestParser::Begin(Request& request) {
  impl_->events.emplace(request);
  impl_->scanned = impl_->line_start = impl_->lines = 0;
  impl_->limit_set = false;
}

Progress RequestParser::ReadHeader(std::string_view& input) {
  if (impl_->scanned == 0) {
    while (input.starts_with("\r\n")) input.remove_prefix(2);  // RFC 9112, section 2.2
    if (input.empty() || input == "\r") return Progress::kNeedMore;
    if (input.front() <= ' ' || input.front() >= 0x7f) {
      return impl_->Malformed("cannot read the request: it does not start with a method");
    }
  }
  if (const Progress found = impl_->Scan(input); found != Progress::kDone) return found;
  const std::size_t length = impl_->scanned;
  ErrorOf error;
  impl_->events->put(boost::asio::const_buffer(input.data(), length), error);
  if (error == beast::error::bad_version) {
    return impl_->Refuse(505, "http.bad_version", "cannot read the request: want HTTP/1.1 or HTTP/1.0");
  }
  if (error || !impl_->events->is_header_done()) {
    return impl_->Malformed(fmt::format("cannot read the request: {}", error ? error.message() : "no header"));
  }
  input.remove_prefix(length);
  return impl_->CheckFraming();
}

bool RequestParser::keep_alive() const {
  return impl_->events->keep_alive();
}
bool RequestParser::is_http_1_0() const {
  return impl_->events->version < 11;
}
bool RequestParser::has_body() const {
  return !impl_->events->is_done();
}
bool RequestParser::expects_continue() const {
  return impl_->events->expects_continue && !is_http_1_0();
}

std::optional<std::uint64_t> RequestParser::content_length() const {
  if (impl_->events->chunked()) return std::nullopt;
  return impl_->events->content_length().value_or(0);
}

Progress RequestParser::ReadBody(std::string_view& input, std::size_t limit) {
  RequestEvents& events = *impl_->events;
  if (!impl_->limit_set) {
    impl_->limit_set = true;
    if (events.chunked()) events.body_limit(limit);
    events.eager(true);
  }
  while (!events.is_done()) {
    if (input.empty()) return Progress::kNeedMore;
    ErrorOf error;
    input.remove_prefix(events.put(boost::asio::const_buffer(input.data(), input.size()), error));
    if (error == beast::error::need_more) {
      if (input.size() <= impl_->limits.header_bytes) return Progress::kNeedMore;
      return impl_->Malformed("cannot read the body: a chunk's header or the trailer is too long");
    }
    if (error == beast::error::body_limit) {
      return impl_->Refuse(413, "http.body_too_large",
                           fmt::format("cannot take the body: want at most {} bytes", limit));
    }
    if (error) return impl_->Malformed(fmt::format("cannot read the body: {}", error.message()));
  }
  return Progress::kDone;
}

const Refusal& RequestParser::refusal() const {
  return impl_->refusal;
}

namespace {

class ResponseEvents final : public beast::basic_parser<false> {
 public:
  ResponseEvents(bool head, std::size_t max_body_bytes) {
    header_limit(kMaxResponseHeader);
    body_limit(max_body_bytes);
    skip(head);
    eager(true);
  }

  ClientResponse response;

 private:
  void on_request_impl(beast::verb, Text, Text, int, ErrorOf&) override {}
  void on_response_impl(int code, Text, int, ErrorOf&) override { response.status = code; }
  void on_field_impl(beast::field, Text name, Text value, ErrorOf&) override {
    if (!header_done_) response.headers.Add(std::string(View(name)), std::string(View(value)));
  }
  void on_header_impl(ErrorOf&) override { header_done_ = true; }
  void on_body_init_impl(const Length& length, ErrorOf&) override {
    if (length) response.body.reserve(std::min<std::uint64_t>(*length, kFirstReserve));
  }
  std::size_t on_body_impl(Text piece, ErrorOf&) override { return Append(piece); }
  void on_chunk_header_impl(std::uint64_t, Text, ErrorOf&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text piece, ErrorOf&) override { return Append(piece); }
  void on_finish_impl(ErrorOf&) override {}

  std::size_t Append(Text piece) {
    response.body.append(piece.data(), piece.size());
    return piece.size();
  }

  bool header_done_ = false;
};

}  // namespace

struct ResponseParser::Impl {
  Result<void> Check(const ErrorOf& error) const {
    if (!error || error == beast::error::need_more) return {};
    if (error == beast::error::body_limit) {
      return Fail(ErrorCode::kTooLarge, "http.response_too_large",
                  "cannot take the response: want a body of at most {} bytes", max_body_bytes);
    }
    return Fail(ErrorCode::kUnavailable, "http.connection_lost", "cannot read the response: {}", error.message());
  }

  bool head = false;
  std::size_t max_body_bytes = 0;
  std::string pending;  ///< bytes that Beast wants to see again, with more behind them
  bool started = false;
  std::optional<ResponseEvents> events;
};

ResponseParser::ResponseParser(bool head, std::size_t max_body_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->head = head;
  impl_->max_body_bytes = max_body_bytes;
  impl_->events.emplace(head, max_body_bytes);
}
ResponseParser::~ResponseParser() = default;

Result<bool> ResponseParser::Feed(std::string_view input) {
  impl_->started = impl_->started || !input.empty();
  impl_->pending.append(input);
  std::string_view rest = impl_->pending;
  while (!rest.empty()) {
    ErrorOf error;
    rest.remove_prefix(impl_->events->put(boost::asio::const_buffer(rest.data(), rest.size()), error));
    HELIOS_CHECK(impl_->Check(error));
    if (impl_->events->is_done()) {
      if (impl_->events->response.status / 100 != 1) return true;
      impl_->events.emplace(impl_->head, impl_->max_body_bytes);
      continue;
    }
    if (error) break;
  }
  impl_->pending.erase(0, impl_->pending.size() - rest.size());
  if (impl_->pending.size() > 2 * kMaxResponseHeader) {
    return Fail(ErrorCode::kUnavailable, "http.connection_lost",
                "cannot read the response: a chunk's header is too long");
  }
  return false;
}

Result<void> ResponseParser::End() {
  if (!impl_->events->got_some() || impl_->events->is_done()) {
    return Fail(ErrorCode::kUnavailable, "http.connection_lost",
                "cannot read the response: the server closed before it");
  }
  ErrorOf error;
  impl_->events->put_eof(error);
  return impl_->Check(error);
}

bool ResponseParser::started() const {
  return impl_->started;
}
bool ResponseParser::keep_alive() const {
  return impl_->events->keep_alive();
}
ClientResponse ResponseParser::Take() {
  return std::move(impl_->events->response);
}

}  // namespace helios::http::internal
