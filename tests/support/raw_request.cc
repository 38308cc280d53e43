// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/raw_request.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "tests/support/server_process.h"

namespace helios::testing {
namespace {

std::string Exchange(std::uint16_t port, std::string_view bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{.tv_sec = kPatience.count(), .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) break;  // refused halfway: the answer says why
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    std::vector<char> block(1U << 16U);
    for (ssize_t got = 1; got > 0;) {
      got = ::recv(fd, block.data(), block.size(), 0);
      if (got > 0) text.append(block.data(), static_cast<std::size_t>(got));
    }
  }
  ::close(fd);
  return text;
}

}  // namespace

Answer RawRequest(std::uint16_t port, std::string_view bytes) {
  const std::string text = Exchange(port, bytes);
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos || !text.starts_with("HTTP/1.1 ")) return {.lost = "no answer"};
  Answer answer{.status = std::atoi(text.substr(9, 3).c_str())};
  for (std::size_t line = text.find("\r\n") + 2; line < end + 2;) {
    const std::size_t next = text.find("\r\n", line);
    const std::size_t colon = text.find(": ", line);
    answer.headers.Add(text.substr(line, colon - line), text.substr(colon + 2, next - colon - 2));
    line = next + 2;
  }
  answer.body = text.substr(end + 4);
  return answer;
}

}  // namespace helios::testing
