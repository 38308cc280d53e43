// SPDX-License-Identifier: Apache-2.0
#include "http/internal/resolve.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace helios::http::internal {
namespace {

using Clock = std::chrono::steady_clock;

std::optional<Address> Literal(const std::string& host, std::uint16_t port) {
  Address address;
  sockaddr_in v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.length = sizeof v4;
    return address;
  }
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.length = sizeof v6;
    return address;
  }
  return std::nullopt;
}

struct Query {
  bool done = false;
  int status = ARES_SUCCESS;
  std::vector<Address> addresses;
};

void OnAnswer(void* context, int status, int, ares_addrinfo* answer) {
  Query& query = *static_cast<Query*>(context);
  query.done = true;
  query.status = status;
  if (answer == nullptr) return;
  for (const ares_addrinfo_node* node = answer->nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_addrlen > sizeof(sockaddr_storage)) continue;
    Address& address = query.addresses.emplace_back();
    std::memcpy(&address.storage, node->ai_addr, node->ai_addrlen);
    address.length = node->ai_addrlen;
  }
  ares_freeaddrinfo(answer);
}

class Channel {
 public:
  Channel() {
    static const int initialized = ares_library_init(ARES_LIB_INIT_ALL);
    status_ = initialized != ARES_SUCCESS ? initialized : ares_init(&channel_);
  }
  ~Channel() {
    if (status_ == ARES_SUCCESS) ares_destroy(channel_);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  [[nodiscard]] int status() const { return status_; }
  ares_channel operator*() { return channel_; }

 private:
  ares_channel channel_{};
  int status_;
};

/// Waits for c-ares' sockets once, for at most `budget`.
void Serve(ares_channel channel, std::chrono::milliseconds budget) {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  const auto wanted = static_cast<unsigned>(ares_getsock(channel, sockets.data(), ARES_GETSOCK_MAXNUM));
  std::array<pollfd, ARES_GETSOCK_MAXNUM> polled{};
  nfds_t count = 0;
  for (unsigned i = 0; i < sockets.size(); ++i) {
    short events = 0;
    if ((wanted & (1U << i)) != 0) events |= POLLIN;
    if ((wanted & (1U << (i + ARES_GETSOCK_MAXNUM))) != 0) events |= POLLOUT;
    if (events != 0) polled[count++] = {.fd = sockets[i], .events = events, .revents = 0};
  }
  timeval most{};
  most.tv_sec = budget.count() / 1000;
  most.tv_usec = static_cast<suseconds_t>(budget.count() % 1000 * 1000);
  timeval chosen{};
  const timeval* wait = ares_timeout(channel, &most, &chosen);
  const int ready = ::poll(polled.data(), count, static_cast<int>(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1));
  if (ready <= 0) {
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // its own retries are due
    return;
  }
  for (nfds_t i = 0; i < count; ++i) {
    const unsigned events = static_cast<unsigned short>(polled[i].revents);
    if (events == 0) continue;
    ares_process_fd(channel, (events & ~static_cast<unsigned>(POLLOUT)) != 0 ? polled[i].fd : ARES_SOCKET_BAD,
                    (events & POLLOUT) != 0 ? polled[i].fd : ARES_SOCKET_BAD);
  }
}

}  // namespace

Result<std::vector<Address>> Resolve(const std::string& host, std::uint16_t port, Clock::time_point deadline) {
  if (const auto literal = Literal(host, port)) return std::vector{*literal};
  Channel channel;
  if (channel.status() != ARES_SUCCESS) {
    return Fail(ErrorCode::kUnavailable, "http.cannot_resolve", "cannot resolve '{}': {}", host,
                ares_strerror(channel.status()));
  }
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = ARES_AI_NUMERICSERV;
  Query query;
  ares_getaddrinfo(*channel, host.c_str(), std::to_string(port).c_str(), &hints, OnAnswer, &query);
  while (!query.done) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      ares_cancel(*channel);
      return Fail(ErrorCode::kDeadlineExceeded, "http.timeout", "cannot resolve '{}': no answer in time", host);
    }
    Serve(*channel, left);
  }
  if (query.status != ARES_SUCCESS || query.addresses.empty()) {
    return Fail(ErrorCode::kUnavailable, "http.cannot_resolve", "cannot resolve '{}': {}", host,
                query.status == ARES_SUCCESS ? "it has no address" : ares_strerror(query.status));
  }
  return std::move(query.addresses);
}

}  // namespace helios::http::internal
