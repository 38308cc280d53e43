// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/event_reader.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <string_view>

namespace helios::testing {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds Left(Clock::time_point until) {
  return std::max(std::chrono::milliseconds{0},
                  std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()));
}

}  // namespace

EventReader::EventReader(std::uint16_t port, const std::string& target, const std::string& key,
                         const std::string& resume, int receive_buffer) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ended_ = true;
    return;
  }
  // HTTP/1.0: the body comes without chunks.
  std::string request = "GET " + target + " HTTP/1.0\r\nHost: h\r\nX-API-Key: " + key + "\r\n";
  if (!resume.empty()) request += "Last-Event-ID: " + resume + "\r\n";
  request += "\r\n";
  ended_ = ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size());
  const auto until = Clock::now() + kPatience;
  while (buffer_.find("\r\n\r\n") == std::string::npos && Fill(Left(until))) continue;
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return;
  head_ = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
}

EventReader::~EventReader() {
  if (fd_ >= 0) ::close(fd_);
}

int EventReader::status() const {
  return head_.size() > 12 ? std::atoi(head_.c_str() + 9) : 0;
}

std::optional<ServerEvent> EventReader::Next(std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  for (;;) {
    std::size_t end = buffer_.find("\n\n");
    while (end == std::string::npos) {
      if (!Fill(Left(until))) return std::nullopt;
      end = buffer_.find("\n\n");
    }
    const std::string block = buffer_.substr(0, end + 1);
    buffer_.erase(0, end + 2);
    ServerEvent event;
    for (std::size_t line = 0; line < block.size();) {
      const std::size_t next = block.find('\n', line);
      const std::string_view text = std::string_view(block).substr(line, next - line);
      line = next + 1;
      if (text.starts_with("event: ")) event.name = text.substr(7);
      if (text.starts_with("id: ")) event.id = text.substr(4);
      if (text.starts_with("retry: ")) retry_ms_ = std::atoi(std::string(text.substr(7)).c_str());
      if (text.starts_with("data: ")) event.data = boost::json::parse(text.substr(6));
    }
    if (!event.id.empty()) last_id_ = event.id;
    if (!event.name.empty()) return event;  // else a comment
  }
}

std::optional<ServerEvent> EventReader::Await(std::string_view name, std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  while (auto event = Next(Left(until))) {
    if (event->name == name) return event;
  }
  return std::nullopt;
}

bool EventReader::AwaitEnd(std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  while (Next(Left(until))) continue;
  return ended_;
}

bool EventReader::Fill(std::chrono::milliseconds patience) {
  if (ended_) return false;
  pollfd one{.fd = fd_, .events = POLLIN, .revents = 0};
  if (::poll(&one, 1, static_cast<int>(patience.count())) <= 0) return false;
  char block[16'384];
  const ssize_t got = ::recv(fd_, block, sizeof block, 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  buffer_.append(block, static_cast<std::size_t>(got));
  return true;
}

}  // namespace helios::testing
