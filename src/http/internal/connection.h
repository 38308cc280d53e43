// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/internal/loop.h"
#include "http/internal/message_parser.h"
#include "http/internal/tls.h"

namespace helios::http::internal {

/// Bytes that arrived and wait to be parsed.
class InputBuffer {
 public:
  [[nodiscard]] std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  void KeepLast(std::size_t size) { begin_ = end_ - size; }
  /// Room for at least `size` more bytes, behind those that wait. Moves them: not during a read.
  char* Prepare(std::size_t size);
  [[nodiscard]] std::size_t room() const { return capacity_ - end_; }
  void Commit(std::size_t size) { end_ += size; }
  /// Gives a large buffer back; only when empty.
  void Shrink();

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// One connection of a client: reads requests, calls the handler one request at a time, and writes the
/// answers, all that are ready in one write. Belongs to its loop's thread.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, boost::asio::ip::tcp::socket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `over_limit`: answers 503 and closes.
  void Start(bool over_limit);
  void Deliver(Delivery delivery);
  /// Looks at the time-outs; called four times a second.
  void Tick();
  /// Closes, if no request has begun, or the reader of server-sent events is stuck.
  void CloseIfIdle();
  void Close();

  std::size_t index = 0;  ///< its place among the loop's connections

 private:
  using Time = std::chrono::steady_clock::time_point;

  enum class Phase : std::uint8_t {
    kHeader,    ///< between requests (no `request_`), or inside a header
    kBody,      ///< reading a body
    kHandling,  ///< waiting for the handler's answer
    kFile,      ///< sending a file
    kStream,    ///< sending a stream's pieces
    kClosing,   ///< closes once everything is written
    kLinger,    ///< written and shut down; waits for the client to close, so that it reads the answer
    kClosed,
  };

  void Pump();
  bool Flush();
  void WaitWritable();
  void ArmRead();
  void OnRead(bool failed, bool end, std::size_t size);

  bool Step();
  bool ReadHeader();
  bool ReadBody();
  bool ReadFilePiece();
  bool AskForPiece();

  void OnHeader();
  void Dispatch();
  void OnAnswer(Response response);
  void OnPiece(Result<std::string> piece);
  bool OpenFile(Response& response, std::uint64_t& length);
  void FinishAnswer();
  void Refuse(const Refusal& refusal);
  void AppendHeadOf(const Response& response, const Framing& framing);
  void FinishWriting();

  Loop& loop_;
  Core& core_;
  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<TlsSession> tls_;
  std::string peer_;

  Phase phase_ = Phase::kHeader;
  bool pumping_ = false;
  bool reading_ = false;
  bool writing_ = false;  ///< the socket is full
  bool ended_ = false;    ///< the client sends no more
  bool linger_ = false;
  Time deadline_ = Time::max();
  Time write_deadline_ = Time::max();

  InputBuffer in_;
  std::string wire_in_;  ///< with TLS: where the socket's bytes go
  std::string out_;      ///< plain
  std::string wire_out_;
  std::size_t sent_ = 0;  ///< of wire_out_ with TLS, else of out_

  RequestParser parser_;
  std::shared_ptr<Request> request_;  ///< being read
  std::uint64_t sequence_ = 0;        ///< counts requests, so that a late answer finds nobody
  std::string request_id_;
  bool keep_alive_ = true;
  bool http_1_0_ = false;
  bool head_ = false;
  std::size_t body_limit_ = 0;
  Time body_started_;

  int file_ = -1;
  std::uint64_t file_left_ = 0;
  std::shared_ptr<BodyStream> stream_;
  bool piece_asked_ = false;
  bool endless_ = false;  ///< `stream_` ends with its reader alone: server-sent events
};

}  // namespace helios::http::internal
