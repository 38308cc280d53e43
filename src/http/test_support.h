// SPDX-License-Identifier: Apache-2.0
// For this module's tests alone: a server on a free port, and a client that can say what no good client says.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "http/server.h"

namespace helios::http::testing {

/// How long a test waits for what must come: never reached by a test that passes.
inline constexpr std::chrono::seconds kPatience{30};

struct Answer {
  std::string head;
  int status = 0;
  std::map<std::string, std::string> fields;  ///< names in lower case
  std::string body;
};

/// A plain socket.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    timeval limit{.tv_sec = kPatience.count(), .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawConnection() { Close(); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int fd() const { return fd_; }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  void EndWriting() { ::shutdown(fd_, SHUT_WR); }

  /// Everything up to the server's close.
  std::string ReadToEnd() {
    while (Fill()) continue;
    return std::exchange(buffer_, {});
  }
  std::string ReadUntil(std::string_view mark) {
    while (buffer_.find(mark) == std::string::npos) {
      if (!Fill()) return std::exchange(buffer_, {});
    }
    return Cut(buffer_.find(mark) + mark.size());
  }
  /// One answer with Content-Length; status 0 where the server closed instead.
  Answer Read(bool head_request = false) {
    Answer answer;
    answer.head = ReadUntil("\r\n\r\n");
    if (!answer.head.ends_with("\r\n\r\n")) return answer;
    answer.status = std::stoi(answer.head.substr(9, 3));
    std::size_t line = answer.head.find("\r\n") + 2;
    while (line + 2 < answer.head.size()) {
      const std::size_t end = answer.head.find("\r\n", line);
      const std::size_t colon = answer.head.find(": ", line);
      std::string name = answer.head.substr(line, colon - line);
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      answer.fields[name] = answer.head.substr(colon + 2, end - colon - 2);
      line = end + 2;
    }
    if (head_request || answer.fields["content-length"].empty()) return answer;
    const std::size_t length = std::stoul(answer.fields["content-length"]);
    while (buffer_.size() < length && Fill()) continue;
    answer.body = Cut(std::min(length, buffer_.size()));
    return answer;
  }
  Answer Ask(std::string_view request) {
    Write(request);
    return Read(request.starts_with("HEAD "));
  }
  /// True where the server closed and sent nothing more.
  bool IsAtEnd() { return buffer_.empty() && !Fill(); }

 private:
  bool Fill() {
    char block[16384];
    const ssize_t got = ::recv(fd_, block, sizeof block, 0);
    if (got <= 0) return false;
    buffer_.append(block, static_cast<std::size_t>(got));
    return true;
  }
  std::string Cut(std::size_t size) {
    std::string front = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return front;
  }

  int fd_;
  bool connected_ = false;
  std::string buffer_;
};

/// A server on a free port of loopback.
class TestServer {
 public:
  explicit TestServer(ServerHandler handler, ServerConfig config = {}, BodyLimit body_limit = nullptr) {
    config.listen = {.host = "127.0.0.1", .port = 0};
    auto server = Server::Listen(std::move(config), metrics);
    EXPECT_TRUE(server.has_value()) << (server ? "" : server.error().message);
    if (!server) return;
    server_ = *std::move(server);
    server_->Start(std::move(handler), std::move(body_limit));
  }
  Server* operator->() { return server_.get(); }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

  obs::Metrics metrics;

 private:
  std::unique_ptr<Server> server_;
};

/// Answers at once with "METHOD path body".
inline void Echo(const std::shared_ptr<Request>& request, const Responder& respond) {
  respond(Text(200, std::string(MethodName(request->method)) + " " + request->path + " " + request->body));
}

/// Waits for `future`, or fails the test.
template <class T>
T Await(std::future<T> future) {
  if (future.wait_for(kPatience) != std::future_status::ready) {
    ADD_FAILURE() << "what must come did not come";
    std::abort();
  }
  return future.get();
}

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "http-test-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] std::filesystem::path Write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace helios::http::testing
