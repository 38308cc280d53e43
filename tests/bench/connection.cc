// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace helios::bench {
namespace {

std::unexpected<Error> Lost(std::string_view during) {
  return Fail(ErrorCode::kUnavailable, "bench.connection_lost", "cannot {}: {}", during,
              errno == 0 ? "the server closed the connection" : std::strerror(errno));
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]) != lower[i]) return false;
  }
  return true;
}

}  // namespace

Result<Connection> Connection::Open(std::uint16_t port, std::chrono::seconds patience) {
  Connection connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
  ::setsockopt(connection.socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(connection.socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(connection.socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(connection.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Fail(ErrorCode::kUnavailable, "bench.cannot_connect", "cannot connect to 127.0.0.1:{}: {}", port,
                std::strerror(errno));
  }
  return connection;
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

Connection::~Connection() {
  if (socket_ >= 0) ::close(socket_);
}

Result<bool> Connection::Receive() {
  std::array<char, 16U << 10U> block;
  errno = 0;
  const ssize_t got = ::recv(socket_, block.data(), block.size(), 0);
  if (got < 0) return Lost("read the answer");
  received_.append(block.data(), static_cast<std::size_t>(got));
  return got > 0;
}

Result<Connection::Answer> Connection::Exchange(std::string_view request) {
  received_.clear();
  while (!request.empty()) {
    errno = 0;
    const ssize_t sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) return Lost("send the request");
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  AnswerHead head;
  while (head.status == 0) {
    HELIOS_TRY(const bool more, Receive());
    HELIOS_TRY(head, ParseAnswerHead(received_));
    if (!more && head.status == 0) return Lost("read the answer");
  }
  while (!head.body_bytes || received_.size() < head.bytes + *head.body_bytes) {
    HELIOS_TRY(const bool more, Receive());
    if (more) continue;
    if (head.body_bytes) return Lost("read the answer");
    break;
  }
  const std::size_t length = head.body_bytes.value_or(std::string::npos);
  return Answer{.status = head.status, .body = std::string_view(received_).substr(head.bytes, length)};
}

std::string PostRequest(std::string_view path, std::string_view headers, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}Content-Length: {}\r\n\r\n{}", path, headers,
                     body.size(), body);
}

std::string GetRequest(std::string_view path) {
  return fmt::format("GET {} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", path);
}

Result<AnswerHead> ParseAnswerHead(std::string_view received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return AnswerHead{};
  AnswerHead head{.bytes = end + 4};
  constexpr std::size_t kStatusAt = std::string_view("HTTP/1.x ").size();
  if (!received.starts_with("HTTP/1.") || end < kStatusAt ||
      std::from_chars(received.data() + kStatusAt, received.data() + end, head.status).ec != std::errc()) {
    return Fail(ErrorCode::kInternal, "bench.bad_answer", "cannot read the answer: it begins '{}'; want HTTP/1.1",
                received.substr(0, 40));
  }
  if (head.status == 204 || head.status == 304) head.body_bytes = 0;
  for (std::string_view rest = received.substr(0, end + 2); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const std::size_t colon = std::min(line.find(':'), line.size());
    if (EqualsIgnoringCase(line.substr(0, colon), "transfer-encoding")) {
      return Fail(ErrorCode::kInternal, "bench.bad_answer", "cannot read the answer: status {}, in chunks",
                  head.status);
    }
    if (!EqualsIgnoringCase(line.substr(0, colon), "content-length")) continue;
    const std::size_t digits = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    std::size_t length = 0;
    if (std::from_chars(line.data() + digits, line.data() + line.size(), length).ec == std::errc()) {
      head.body_bytes = length;
    }
  }
  return head;
}

}  // namespace helios::bench
