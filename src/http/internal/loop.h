// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "http/internal/render.h"
#include "http/internal/request_id.h"
#include "http/internal/tls.h"
#include "http/server.h"

namespace prometheus {
class Counter;
class Gauge;
}  // namespace prometheus

namespace helios::http::internal {

class Connection;

/// What every loop of a server shares. Constant once the loops run, but for the counts.
struct Core {
  ServerConfig config;
  ServerHandler handler;
  BodyLimit body_limit;
  std::shared_ptr<TlsContext> tls;
  prometheus::Gauge* connections = nullptr;
  std::array<prometheus::Counter*, 6> requests{};  ///< by first digit of the status

  std::atomic<std::size_t> open = 0;
  std::atomic<bool> stopping = false;
  std::mutex mutex;
  std::condition_variable closed;  ///< `open` became 0
};

/// What a handler or a stream gave; nullopt where it was dropped without an answer.
struct Delivery {
  std::weak_ptr<Connection> to;
  std::uint64_t sequence = 0;
  std::variant<std::optional<Response>, Result<std::string>> what;
};

/// Brings deliveries from any thread to a loop's thread. Outlives the loop: what comes later is dropped.
class Mailbox {
 public:
  explicit Mailbox(boost::asio::io_context& context) : context_(&context) {}

  /// At once where this is the loop's thread; else the loop is woken, once for many.
  void Post(Delivery delivery);
  void Close();

  void SetThread(std::thread::id id) { thread_ = id; }

 private:
  void Drain();

  std::thread::id thread_;
  std::mutex mutex_;
  boost::asio::io_context* context_;  ///< nullptr once closed
  std::vector<Delivery> waiting_;
};

/// One thread's event loop with the connections it serves. Everything but Post() belongs to its thread.
class Loop {
 public:
  explicit Loop(std::shared_ptr<Core> shared);
  ~Loop();

  /// Runs until Finish(); call on the loop's own thread.
  void Run();

  void Adopt(boost::asio::ip::tcp::socket socket, bool over_limit);
  void Remove(Connection& connection);

  /// Closes what is idle; the rest closes with its next answer.
  void BeginStop();
  void Finish();
  /// Once Run() returned: handles what was still queued, such as a connection accepted at the last moment.
  void Drain();

  boost::asio::io_context context{1};
  const std::shared_ptr<Core> core;
  const std::shared_ptr<Mailbox> mailbox;
  RequestIds ids;
  CommonFields common;
  std::string scratch;                        ///< plain text on its way out of TLS
  std::chrono::steady_clock::time_point now;  ///< of the event being handled

 private:
  void ArmTimer();
  void Tick();

  /// One timer looks at all connections: a timer each would cost two operations a request.
  boost::asio::steady_timer timer_;
  std::chrono::milliseconds tick_;
  std::vector<std::shared_ptr<Connection>> connections_;
};

}  // namespace helios::http::internal
