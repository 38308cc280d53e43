// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>

#include "base/file.h"
#include "http/internal/ascii.h"
#include "http/internal/message_parser.h"
#include "http/internal/resolve.h"
#include "http/internal/tls.h"

namespace helios::http {
namespace {

using internal::ResponseParser;
using internal::TlsSession;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBlock = 16U << 10U;

struct Origin {
  bool tls = false;
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  std::string authority;  ///< for the Host field
  std::string base_path;  ///< "" or "/a/b"
};

std::unexpected<Error> BadUrl(std::string_view url) {
  return Fail(ErrorCode::kInvalidArgument, "http.bad_url",
              "cannot use the address '{}': want http://HOST[:PORT][/PATH] or https://…", url.substr(0, 256));
}

bool IsPlainText(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Result<Origin> ParseOrigin(std::string_view url) {
  Origin origin;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    origin.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return BadUrl(url);
  }
  const auto strange = [](char c) { return c <= ' ' || c >= 0x7f || c == '@' || c == '?' || c == '#' || c == '\\'; };
  if (std::any_of(rest.begin(), rest.end(), strange)) return BadUrl(url);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  origin.base_path = rest.substr(slash);
  while (origin.base_path.ends_with('/')) origin.base_path.pop_back();
  origin.authority = authority;

  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return BadUrl(url);
    origin.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (!port.empty() && port.front() != ':') return BadUrl(url);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    origin.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (origin.host.empty()) return BadUrl(url);
  origin.port = origin.tls ? 443 : 80;
  if (!port.empty()) {
    port.remove_prefix(1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), origin.port);
    if (error != std::errc() || end != port.data() + port.size() || origin.port == 0) return BadUrl(url);
  }
  return origin;
}

/// The address itself, without port and scope.
std::span<const std::uint8_t> BytesOf(const internal::Address& address) {
  const auto* storage = reinterpret_cast<const std::uint8_t*>(&address.storage);
  if (address.storage.ss_family == AF_INET) return {storage + offsetof(sockaddr_in, sin_addr), 4};
  if (address.storage.ss_family == AF_INET6) return {storage + offsetof(sockaddr_in6, sin6_addr), 16};
  return {};
}

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { Close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  void Reset(int fd) {
    Close();
    fd_ = fd;
  }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

class SocketClient final : public Client {
 public:
  SocketClient(Origin origin, ClientConfig config, std::shared_ptr<internal::TlsContext> context)
      : origin_(std::move(origin)), config_(std::move(config)), context_(std::move(context)) {}

  Result<ClientResponse> Send(Method method, std::string_view target, const Headers& headers,
                              std::string_view body) override {
    HELIOS_TRY(const std::string head, MakeHead(method, target, headers, body));
    const bool kept = socket_.is_open();
    if (kept && WasClosed()) Disconnect();
    for (int attempt = 0;; ++attempt) {
      const bool reused = socket_.is_open();
      if (!reused) HELIOS_CHECK(Connect());
      ResponseParser parser(method == Method::kHead, config_.max_response_bytes);
      auto outcome = Exchange(head, body, parser);
      if (outcome && parser.keep_alive()) return parser.Take();
      Disconnect();
      if (outcome) return parser.Take();
      // The server may have closed the kept connection just as this request left.
      const bool again =
          reused && attempt == 0 && !parser.started() && outcome.error().reason == "http.connection_lost";
      if (!again) return std::unexpected(std::move(outcome).error());
    }
  }

 private:
  Result<std::string> MakeHead(Method method, std::string_view target, const Headers& headers,
                               std::string_view body) const {
    const bool visible = std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c != 0x7f; });
    if (method == Method::kOther || !target.starts_with('/') || !visible) {
      return Fail(ErrorCode::kInvalidArgument, "http.bad_url", "cannot send {} '{}': want a known method and a path",
                  MethodName(method), target.substr(0, 256));
    }
    std::string head = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\n", MethodName(method), origin_.base_path, target,
                                   origin_.authority);
    for (const auto& [name, value] : headers.fields()) {
      if (!IsPlainText(name) || !IsPlainText(value) || name.empty()) {
        return Fail(ErrorCode::kInvalidArgument, "http.bad_header", "cannot send the field '{}': it holds a line break",
                    IsPlainText(name) ? name : "");
      }
      head += name;
      head += ": ";
      head += value;
      head += "\r\n";
    }
    if (!headers.Find("User-Agent")) head += "User-Agent: helios\r\n";
    if (!body.empty() || method == Method::kPost || method == Method::kPut || method == Method::kPatch) {
      fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", body.size());
    }
    head += "\r\n";
    return head;
  }

  /// True where the server closed the kept connection, or said something nobody asked for.
  bool WasClosed() {
    char byte = 0;
    const ssize_t got = ::recv(socket_.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0 && tls_) return false;  // a session ticket, perhaps: TLS tells
    return got >= 0 || (errno != EAGAIN && errno != EINTR);
  }

  void Disconnect() {
    if (tls_ && socket_.is_open()) {
      tls_->Close();
      std::string farewell;
      tls_->Output(farewell);
      const ssize_t put = ::send(socket_.fd(), farewell.data(), farewell.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      static_cast<void>(put);  // only a courtesy: the server may be gone
    }
    socket_.Close();
    tls_.reset();
  }

  /// The events that came, at least one of `events`.
  Result<unsigned> Wait(short events, Clock::time_point deadline, std::string_view doing) const {
    while (true) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      pollfd polled{.fd = socket_.fd(), .events = events, .revents = 0};
      const int ready = left <= 0 ? 0 : ::poll(&polled, 1, static_cast<int>(std::min<std::int64_t>(left, 1 << 30)));
      if (ready > 0) return static_cast<unsigned short>(polled.revents);
      if (ready < 0 && errno == EINTR) continue;
      if (left > 0 && ready == 0) continue;  // rounding
      return Fail(ErrorCode::kDeadlineExceeded, "http.timeout", "cannot {} {}: no answer in time", doing,
                  origin_.authority);
    }
  }

  Result<void> Connect() {
    const auto deadline = Clock::now() + config_.connect_timeout;
    HELIOS_TRY(const auto addresses, internal::Resolve(origin_.host, origin_.port, deadline));
    Result<void> outcome;
    for (const auto& address : addresses) {
      if (config_.address_allowed && !config_.address_allowed(BytesOf(address))) {
        if (outcome) {
          outcome = Fail(ErrorCode::kPermissionDenied, "http.address_refused",
                         "cannot connect to {}: its address is not one of the public internet", origin_.authority);
        }
        continue;
      }
      outcome = ConnectTo(address, deadline);
      if (outcome || outcome.error().code == ErrorCode::kDeadlineExceeded) break;
    }
    if (outcome && origin_.tls) outcome = Handshake(deadline);
    if (!outcome) Disconnect();
    return outcome;
  }

  Result<void> ConnectTo(const internal::Address& address, Clock::time_point deadline) {
    socket_.Reset(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    int error = 0;
    if (!socket_.is_open() ||
        ::connect(socket_.fd(), reinterpret_cast<const sockaddr*>(&address.storage), address.length) != 0) {
      error = errno;
    }
    if (error == EINPROGRESS) {
      HELIOS_CHECK(Wait(POLLOUT, deadline, "connect to"));
      socklen_t length = sizeof error;
      ::getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &length);
    }
    if (error != 0) {
      return Fail(ErrorCode::kUnavailable, "http.cannot_connect", "cannot connect to {}: {}", origin_.authority,
                  ErrnoMessage(error));
    }
    const int on = 1;
    ::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return {};
  }

  Result<void> Handshake(Clock::time_point deadline) {
    tls_ = std::make_unique<TlsSession>(context_, origin_.host);
    std::string wire;
    std::string plain;
    const auto failed = [this](std::string_view cause) {
      return Fail(ErrorCode::kUnavailable, "http.tls_failed", "cannot agree on TLS with {}: {}", origin_.authority,
                  cause);
    };
    while (true) {
      tls_->Output(wire);
      while (!wire.empty()) {
        const ssize_t put = ::send(socket_.fd(), wire.data(), wire.size(), MSG_NOSIGNAL);
        if (put >= 0) {
          wire.erase(0, static_cast<std::size_t>(put));
        } else if (errno == EAGAIN) {
          HELIOS_CHECK(Wait(POLLOUT, deadline, "agree on TLS with"));
        } else if (errno != EINTR) {
          return failed(tls_->state() == TlsSession::State::kFailed ? tls_->error() : ErrnoMessage(errno));
        }
      }
      if (tls_->state() == TlsSession::State::kOpen) return {};
      if (tls_->state() != TlsSession::State::kHandshake) return failed(tls_->error());
      HELIOS_CHECK(Wait(POLLIN, deadline, "agree on TLS with"));
      const ssize_t got = ::recv(socket_.fd(), block_.data(), block_.size(), 0);
      if (got == 0) return failed("the server closed the connection");
      if (got < 0 && errno != EAGAIN && errno != EINTR) return failed(ErrnoMessage(errno));
      if (got > 0) tls_->Receive({block_.data(), static_cast<std::size_t>(got)}, plain);
    }
  }

  std::unexpected<Error> Lost(std::string_view cause) const {
    return Fail(ErrorCode::kUnavailable, "http.connection_lost", "lost the connection to {}: {}", origin_.authority,
                cause);
  }

  /// Sends, and reads until the answer is whole; reads while still sending, for a server may refuse early.
  Result<void> Exchange(const std::string& head, std::string_view body, ResponseParser& parser) {
    const auto deadline = Clock::now() + config_.request_timeout;
    std::string encrypted;
    std::array<std::string_view, 2> pieces = {head, body};
    if (tls_) {
      tls_->Send(head);
      tls_->Send(body);
      tls_->Output(encrypted);
      pieces = {encrypted, {}};
    }
    bool sending = true;
    while (true) {
      if (sending) sending = SendSome(pieces);
      HELIOS_TRY(const unsigned events,
                 Wait(static_cast<short>(sending ? POLLIN | POLLOUT : POLLIN), deadline, "get an answer from"));
      if ((events & ~static_cast<unsigned>(POLLOUT)) == 0) continue;
      const ssize_t got = ::recv(socket_.fd(), block_.data(), block_.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got < 0) return Lost(ErrnoMessage(errno));
      HELIOS_TRY(const bool whole, Take({block_.data(), static_cast<std::size_t>(got)}, parser));
      if (!whole) continue;
      if (sending || LeftUnsent(pieces)) Disconnect();  // refused early: what is left to send must not follow
      return {};
    }
  }

  static bool LeftUnsent(const std::array<std::string_view, 2>& pieces) {
    return !pieces[0].empty() || !pieces[1].empty();
  }

  /// False when everything was sent, or the server takes no more.
  bool SendSome(std::array<std::string_view, 2>& pieces) {
    for (std::string_view& piece : pieces) {
      while (!piece.empty()) {
        const ssize_t put = ::send(socket_.fd(), piece.data(), piece.size(), MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errno == EAGAIN;
        piece.remove_prefix(static_cast<std::size_t>(put));
      }
    }
    return false;
  }

  /// Gives what was received to the parser; nothing means that the server closed.
  Result<bool> Take(std::string_view wire, ResponseParser& parser) {
    bool closed = wire.empty();
    bool whole = false;
    if (tls_ && !closed) {
      std::string plain;
      const auto state = tls_->Receive(wire, plain);
      if (!plain.empty()) {
        HELIOS_TRY(whole, parser.Feed(plain));
      }
      if (state == TlsSession::State::kFailed) return Lost(tls_->error());
      closed = state == TlsSession::State::kClosed;
    } else if (!closed) {
      HELIOS_TRY(whole, parser.Feed(wire));
    }
    if (whole || !closed) return whole;
    if (!parser.started()) return Lost("it closed without an answer");
    // Without close_notify, an attacker may have cut the answer short.
    if (tls_ && tls_->state() != TlsSession::State::kClosed) return Lost("it closed in the middle of an answer");
    HELIOS_CHECK(parser.End());
    return true;
  }

  const Origin origin_;
  const ClientConfig config_;
  const std::shared_ptr<internal::TlsContext> context_;
  Socket socket_;
  std::unique_ptr<TlsSession> tls_;
  std::array<char, kBlock> block_{};
};

}  // namespace

Result<std::unique_ptr<Client>> Client::Create(std::string_view origin, ClientConfig config) {
  HELIOS_TRY(Origin parsed, ParseOrigin(origin));
  std::shared_ptr<internal::TlsContext> context;
  if (parsed.tls) {
    HELIOS_TRY(context, internal::TlsContext::ForClient(config.ca_file));
  }
  return std::make_unique<SocketClient>(std::move(parsed), std::move(config), std::move(context));
}

}  // namespace helios::http
