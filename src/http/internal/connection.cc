// SPDX-License-Identifier: Apache-2.0
#include "http/internal/connection.h"

#include <fcntl.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <exception>

#include "http/internal/ascii.h"
#include "http/problem.h"
#include "obs/log.h"

namespace helios::http::internal {
namespace {

using std::chrono::milliseconds;
using ErrorOf = boost::system::error_code;

constexpr std::size_t kFirstBuffer = 4U << 10U;   // an idle connection keeps this much
constexpr std::size_t kLargeBuffer = 64U << 10U;  // a body's bytes pass through this
constexpr std::size_t kBatchBytes = 256U << 10U;  // answers gathered for one write
constexpr std::size_t kFilePiece = 64U << 10U;
constexpr int kRoundsAtOnce = 32;  // writes before other connections have their turn
constexpr milliseconds kLingerTime{2'000};

/// An answer that is owed: given once, from any thread. Dropped without that, it reports so.
template <class Value>
class Owed {
 public:
  Owed(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Connection> to, std::uint64_t sequence)
      : mailbox_(std::move(mailbox)), to_(std::move(to)), sequence_(sequence) {}
  ~Owed() {
    if (!given_.exchange(true)) Post(Missing());
  }
  Owed(const Owed&) = delete;
  Owed& operator=(const Owed&) = delete;

  void Give(Value value) {
    if (!given_.exchange(true)) Post(std::move(value));
  }

 private:
  static Value Missing() {
    if constexpr (std::is_same_v<Value, Result<std::string>>) {
      return Fail(ErrorCode::kInternal, "http.stream_dropped", "cannot read the stream: it was given up");
    } else {
      return std::nullopt;
    }
  }
  void Post(Value value) { mailbox_->Post({.to = std::move(to_), .sequence = sequence_, .what = std::move(value)}); }

  std::shared_ptr<Mailbox> mailbox_;
  std::weak_ptr<Connection> to_;
  std::uint64_t sequence_;
  std::atomic<bool> given_ = false;
};

/// 204, 304 and interim answers end with their header.
bool HasNoBody(Status status) {
  return status == 204 || status == 304 || status < 200;
}

}  // namespace

char* InputBuffer::Prepare(std::size_t size) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - end_ >= size) return data_.get() + end_;
  const std::size_t used = end_ - begin_;
  if (capacity_ - used >= size) {
    std::memmove(data_.get(), data_.get() + begin_, used);
  } else {
    std::size_t wanted = std::max(capacity_, kFirstBuffer);
    while (wanted < used + size) wanted *= 2;
    auto larger = std::make_unique_for_overwrite<char[]>(wanted);
    if (used > 0) std::memcpy(larger.get(), data_.get() + begin_, used);
    data_ = std::move(larger);
    capacity_ = wanted;
  }
  begin_ = 0;
  end_ = used;
  return data_.get() + end_;
}

void InputBuffer::Shrink() {
  if (capacity_ <= kFirstBuffer || begin_ != end_) return;
  data_.reset();
  capacity_ = begin_ = end_ = 0;
}

Connection::Connection(Loop& loop, boost::asio::ip::tcp::socket socket)
    : loop_(loop),
      core_(*loop.core),
      socket_(std::move(socket)),
      parser_(
          {.header_bytes = loop.core->config.max_header_bytes, .header_fields = loop.core->config.max_header_fields}) {}

Connection::~Connection() {
  if (file_ >= 0) ::close(file_);
}

void Connection::Start(bool over_limit) {
  core_.connections->Increment();
  ErrorOf ignored;
  const auto endpoint = socket_.remote_endpoint(ignored);
  socket_.non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
  }
  peer_ = address.to_string(ignored);
  if (core_.stopping || (over_limit && core_.tls)) {
    Close();
    return;
  }
  deadline_ = loop_.now + core_.config.idle_timeout;
  if (core_.tls) {
    tls_ = std::make_unique<TlsSession>(core_.tls);
    deadline_ = loop_.now + core_.config.header_timeout;
  }
  if (over_limit) {
    Refuse({503, "http.too_many_connections", "cannot take the connection: too many are open; retry later"});
  }
  Pump();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  const auto self = shared_from_this();
  ErrorOf ignored;
  socket_.close(ignored);
  request_.reset();
  stream_.reset();
  core_.connections->Decrement();
  loop_.Remove(*this);
  if (core_.open.fetch_sub(1) == 1) {
    const std::scoped_lock lock(core_.mutex);
    core_.closed.notify_all();
  }
}

void Connection::CloseIfIdle() {
  const bool handshaking = tls_ && tls_->state() == TlsSession::State::kHandshake;
  const bool stuck = phase_ == Phase::kStream && writing_ && endless_;
  if (handshaking || stuck || (phase_ == Phase::kHeader && !request_ && !writing_)) Close();
}

void Connection::Tick() {
  if (writing_ && loop_.now >= write_deadline_) {
    Close();
    return;
  }
  if (phase_ == Phase::kBody) {
    const auto elapsed = std::chrono::duration_cast<milliseconds>(loop_.now - body_started_);
    const auto needed = static_cast<std::uint64_t>(elapsed.count()) * core_.config.min_body_bytes_per_second / 1000;
    if (loop_.now < deadline_ && (elapsed < core_.config.body_rate_grace || request_->body.size() >= needed)) return;
    Refuse({408, "http.body_timeout", "cannot wait longer for the body: it arrives too slowly"});
    Pump();
    return;
  }
  if (loop_.now < deadline_) return;
  if (phase_ == Phase::kHeader && request_) {
    Refuse({408, "http.header_timeout", "cannot wait longer for the request's header"});
    Pump();
  } else if ((phase_ == Phase::kHeader && !writing_) || phase_ == Phase::kLinger) {
    Close();
  }
}

// --- bytes ------------------------------------------------------------------------------------------------

void Connection::Pump() {
  if (pumping_ || phase_ == Phase::kClosed) return;
  const auto self = shared_from_this();
  pumping_ = true;
  for (int round = 0; Flush(); ++round) {
    if (round == kRoundsAtOnce) {
      boost::asio::post(loop_.context, [self] { self->Pump(); });
      break;
    }
    bool progress = false;
    while (out_.size() < kBatchBytes && Step()) progress = true;
    if (!progress) break;
  }
  pumping_ = false;
  if (phase_ == Phase::kClosed) return;
  if (ended_ && !writing_ && (phase_ == Phase::kHeader || phase_ == Phase::kBody || phase_ == Phase::kStream)) {
    Close();  // nothing more can come of it; a file's or a handler's answer may still be wanted
    return;
  }
  ArmRead();
}

/// Writes what there is. False where the socket is full, or the connection is at its end.
bool Connection::Flush() {
  if (phase_ == Phase::kClosed || writing_) return false;
  if (tls_) {
    if (!out_.empty()) tls_->Send(out_);
    out_.clear();
    tls_->Output(wire_out_);
  }
  std::string& wire = tls_ ? wire_out_ : out_;
  while (sent_ < wire.size()) {
    const ssize_t put = ::send(socket_.native_handle(), wire.data() + sent_, wire.size() - sent_, MSG_NOSIGNAL);
    if (put >= 0) {
      sent_ += static_cast<std::size_t>(put);
    } else if (errno == EAGAIN) {
      WaitWritable();
      return false;
    } else if (errno != EINTR) {
      Close();
      return false;
    }
  }
  wire.clear();
  sent_ = 0;
  if (wire.capacity() > kBatchBytes) wire.shrink_to_fit();
  if (phase_ == Phase::kClosing) FinishWriting();
  return phase_ != Phase::kClosed && phase_ != Phase::kLinger;
}

void Connection::WaitWritable() {
  writing_ = true;
  write_deadline_ = loop_.now + core_.config.idle_timeout;  // for some progress, not for all of it
  socket_.async_wait(boost::asio::ip::tcp::socket::wait_write, [self = shared_from_this()](const ErrorOf& error) {
    self->writing_ = false;
    self->loop_.now = std::chrono::steady_clock::now();
    if (error) {
      self->Close();
    } else {
      self->Pump();
    }
  });
}

void Connection::FinishWriting() {
  if (tls_) {
    tls_->Close();
    tls_->Output(wire_out_);
    const ssize_t put = ::send(socket_.native_handle(), wire_out_.data(), wire_out_.size(), MSG_NOSIGNAL);
    static_cast<void>(put);  // only a courtesy: the client may be gone
    wire_out_.clear();
  }
  if (ended_ || !(linger_ || in_.size() > 0)) {
    Close();
    return;
  }
  // Closing with bytes unread would reset the connection, and the client might lose the answer.
  ErrorOf ignored;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  phase_ = Phase::kLinger;
  deadline_ = loop_.now + kLingerTime;
}

void Connection::ArmRead() {
  if (reading_ || ended_ || phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kLinger) in_.KeepLast(0);
  const bool large = phase_ == Phase::kBody || phase_ == Phase::kLinger;
  if (in_.size() >= kLargeBuffer + core_.config.max_header_bytes) return;  // the client runs too far ahead
  reading_ = true;
  const auto done = [self = shared_from_this()](const ErrorOf& error, std::size_t size) {
    self->OnRead(static_cast<bool>(error), error == boost::asio::error::eof, size);
  };
  if (tls_) {
    wire_in_.resize(large ? kLargeBuffer : kFirstBuffer);
    socket_.async_read_some(boost::asio::buffer(wire_in_), done);
    return;
  }
  if (phase_ == Phase::kHeader && in_.size() == 0) in_.Shrink();
  char* const room = in_.Prepare(large ? kLargeBuffer - std::min(in_.size(), kLargeBuffer / 2) : kFirstBuffer / 2);
  socket_.async_read_some(boost::asio::buffer(room, in_.room()), done);
}

void Connection::OnRead(bool failed, bool end, std::size_t size) {
  reading_ = false;
  if (phase_ == Phase::kClosed) return;
  loop_.now = std::chrono::steady_clock::now();
  if (failed) {
    ended_ = true;
    if (!end || phase_ == Phase::kLinger) {
      Close();
      return;
    }
  } else if (tls_) {
    const bool handshaking = tls_->state() == TlsSession::State::kHandshake;
    loop_.scratch.clear();
    const auto state = tls_->Receive({wire_in_.data(), size}, loop_.scratch);
    std::memcpy(in_.Prepare(loop_.scratch.size() + 1), loop_.scratch.data(), loop_.scratch.size());
    in_.Commit(loop_.scratch.size());
    if (handshaking && state == TlsSession::State::kOpen) deadline_ = loop_.now + core_.config.idle_timeout;
    if (state == TlsSession::State::kClosed) ended_ = true;
    if (state == TlsSession::State::kFailed) {
      out_.clear();
      phase_ = Phase::kClosing;
    }
  } else {
    in_.Commit(size);
  }
  Pump();
}

// --- requests ---------------------------------------------------------------------------------------------

/// One piece of work; false where nothing can be done now.
bool Connection::Step() {
  switch (phase_) {
    case Phase::kHeader: return ReadHeader();
    case Phase::kBody: return ReadBody();
    case Phase::kFile: return ReadFilePiece();
    case Phase::kStream: return AskForPiece();
    case Phase::kHandling:
    case Phase::kClosing:
    case Phase::kLinger:
    case Phase::kClosed: return false;
  }
  return false;
}

bool Connection::ReadHeader() {
  if (in_.size() == 0) return false;
  if (!request_) {
    request_ = std::make_shared<Request>();
    request_id_.clear();
    head_ = false;
    parser_.Begin(*request_);
    deadline_ = loop_.now + core_.config.header_timeout;
  }
  std::string_view input = in_.view();
  const Progress progress = parser_.ReadHeader(input);
  in_.KeepLast(input.size());
  if (progress == Progress::kNeedMore) return false;
  if (progress == Progress::kRefused) {
    Refuse(parser_.refusal());
  } else {
    OnHeader();
  }
  return true;
}

void Connection::OnHeader() {
  Request& request = *request_;
  const auto chosen = request.headers.Find("X-Request-Id");
  request.request_id = chosen && IsRequestId(*chosen) ? std::string(*chosen) : loop_.ids.Next();
  request.peer = peer_;
  request.secure = tls_ != nullptr;
  request.received_at = loop_.now;
  request_id_ = request.request_id;
  head_ = request.method == Method::kHead;
  http_1_0_ = parser_.is_http_1_0();
  keep_alive_ = parser_.keep_alive();
  if (const auto target = ParseTarget(request.target, request); !target) {
    Refuse({400, target.error().reason, target.error().message});
    return;
  }
  if (!parser_.has_body()) {
    Dispatch();
    return;
  }
  body_limit_ = core_.body_limit ? core_.body_limit(request) : core_.config.max_body_bytes;
  if (const auto length = parser_.content_length(); length && *length > body_limit_) {
    Refuse({413, "http.body_too_large",
            fmt::format("cannot take the body: got {} bytes; want at most {}", *length, body_limit_)});
    return;
  }
  if (parser_.expects_continue() && in_.size() == 0) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  phase_ = Phase::kBody;
  body_started_ = loop_.now;
  deadline_ = loop_.now + core_.config.body_timeout;
}

bool Connection::ReadBody() {
  std::string_view input = in_.view();
  const Progress progress = parser_.ReadBody(input, body_limit_);
  in_.KeepLast(input.size());
  switch (progress) {
    case Progress::kNeedMore: return false;
    case Progress::kRefused: Refuse(parser_.refusal()); return true;
    case Progress::kDone: Dispatch(); return true;
  }
  return false;
}

void Connection::Dispatch() {
  phase_ = Phase::kHandling;
  deadline_ = Time::max();
  ++sequence_;
  const bool gzip = AcceptsGzip(request_->headers.Find("Accept-Encoding").value_or(""));
  const auto owed = std::make_shared<Owed<std::optional<Response>>>(loop_.mailbox, weak_from_this(), sequence_);
  try {
    core_.handler(std::move(request_), [owed, gzip](Response response) {
      MaybeCompress(response, gzip);  // here, on the answerer's thread
      owed->Give(std::move(response));
    });
  } catch (const std::exception& error) {
    obs::LogError("http.handler_threw", {{"what", error.what()}, {"request_id", request_id_}});
  }
  request_.reset();
}

// --- answers ----------------------------------------------------------------------------------------------

void Connection::Deliver(Delivery delivery) {
  if (delivery.sequence != sequence_) return;
  if (!pumping_) loop_.now = std::chrono::steady_clock::now();
  if (auto* piece = std::get_if<Result<std::string>>(&delivery.what)) {
    if (phase_ != Phase::kStream || !piece_asked_) return;
    OnPiece(std::move(*piece));
  } else {
    if (phase_ != Phase::kHandling) return;
    auto& response = std::get<std::optional<Response>>(delivery.what);
    OnAnswer(response ? *std::move(response)
                      : Problem(500, "http.no_answer", "the request was given up without an answer", request_id_));
  }
  Pump();
}

void Connection::AppendHeadOf(const Response& response, const Framing& framing) {
  std::string_view connection;
  if (!keep_alive_) {
    connection = "close";
  } else if (http_1_0_) {
    connection = "keep-alive";
  }
  AppendHead(out_, response, framing, loop_.common.Get(std::time(nullptr)), request_id_, connection);
  core_.requests[static_cast<std::size_t>(std::clamp(response.status / 100, 1, 5))]->Increment();
}

void Connection::OnAnswer(Response response) {
  if (core_.stopping) keep_alive_ = false;
  if (response.status < 200 || response.status > 999) {
    obs::LogError("http.bad_status", {{"status", response.status}, {"request_id", request_id_}});
    response = Problem(500, "http.bad_status", "the answer has no valid status", request_id_);
  }
  if (EqualsIgnoringCase(response.headers.Find("Connection").value_or(""), "close")) keep_alive_ = false;

  Framing framing;
  const bool bodiless = head_ || HasNoBody(response.status);
  if (std::holds_alternative<FileBody>(response.body) && !OpenFile(response, framing.length)) {
    response = Problem(404, "http.no_such_file", "the file is not there", request_id_);
  }
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    framing.length = text->size();
    framing.has_length = !HasNoBody(response.status);
    AppendHeadOf(response, framing);
    if (!bodiless) out_ += *text;
    FinishAnswer();
  } else if (std::holds_alternative<FileBody>(response.body)) {
    AppendHeadOf(response, framing);
    file_left_ = bodiless ? 0 : framing.length;
    phase_ = Phase::kFile;
  } else {
    framing.chunked = !http_1_0_ && !HasNoBody(response.status);
    framing.has_length = false;
    if (http_1_0_ && !bodiless) keep_alive_ = false;  // the end of the connection is the end of the body
    AppendHeadOf(response, framing);
    if (bodiless) {
      FinishAnswer();
    } else {
      stream_ = std::get<std::shared_ptr<BodyStream>>(std::move(response.body));
      piece_asked_ = false;
      endless_ = response.headers.Find("Content-Type").value_or("").starts_with("text/event-stream");
      phase_ = Phase::kStream;
    }
  }
}

bool Connection::OpenFile(Response& response, std::uint64_t& length) {
  const auto& path = std::get<FileBody>(response.body).path;
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status{};
  if (file_ >= 0 && ::fstat(file_, &status) == 0 && S_ISREG(status.st_mode)) {
    length = static_cast<std::uint64_t>(status.st_size);
    return true;
  }
  obs::LogWarning("http.file_unreadable", {{"path", path.string()}, {"request_id", request_id_}});
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  return false;
}

bool Connection::ReadFilePiece() {
  if (file_left_ == 0) {
    ::close(file_);
    file_ = -1;
    FinishAnswer();
    return true;
  }
  const std::size_t before = out_.size();
  out_.resize(before + std::min<std::uint64_t>(kFilePiece, file_left_));
  ssize_t got = 0;
  do {
    got = ::read(file_, out_.data() + before, out_.size() - before);
  } while (got < 0 && errno == EINTR);
  out_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got <= 0) {  // the file shrank: the promised length cannot be kept, and the client must see that
    phase_ = Phase::kClosing;
    return true;
  }
  file_left_ -= static_cast<std::uint64_t>(got);
  return true;
}

bool Connection::AskForPiece() {
  if (piece_asked_ || !out_.empty()) return false;
  piece_asked_ = true;
  const auto owed = std::make_shared<Owed<Result<std::string>>>(loop_.mailbox, weak_from_this(), sequence_);
  const auto stream = stream_;
  try {
    stream->Next([owed](Result<std::string> piece) { owed->Give(std::move(piece)); });
  } catch (const std::exception& error) {
    obs::LogError("http.stream_threw", {{"what", error.what()}, {"request_id", request_id_}});
  }
  return true;
}

void Connection::OnPiece(Result<std::string> piece) {
  piece_asked_ = false;
  if (!piece) {
    obs::LogFailure("http.stream_broken", piece.error(), {{"request_id", request_id_}});
    stream_.reset();
    phase_ = Phase::kClosing;
    return;
  }
  if (piece->empty()) {
    stream_.reset();
    if (!http_1_0_) out_ += "0\r\n\r\n";
    FinishAnswer();
    return;
  }
  if (http_1_0_) {
    out_ += *piece;
    return;
  }
  fmt::format_to(std::back_inserter(out_), "{:x}\r\n", piece->size());
  out_ += *piece;
  out_ += "\r\n";
}

void Connection::FinishAnswer() {
  request_.reset();
  if (keep_alive_) {
    phase_ = Phase::kHeader;
    deadline_ = loop_.now + core_.config.idle_timeout;
  } else {
    phase_ = Phase::kClosing;
  }
}

void Connection::Refuse(const Refusal& refusal) {
  if (request_id_.empty()) request_id_ = loop_.ids.Next();
  keep_alive_ = false;
  linger_ = true;
  http_1_0_ = false;
  const Response response = Problem(refusal.status, refusal.code, refusal.detail, request_id_);
  const auto& body = std::get<std::string>(response.body);
  AppendHeadOf(response, {.chunked = false, .has_length = true, .length = body.size()});
  if (!head_) out_ += body;
  request_.reset();
  deadline_ = Time::max();
  phase_ = Phase::kClosing;
}

}  // namespace helios::http::internal
