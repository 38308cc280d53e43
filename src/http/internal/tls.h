// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace helios::http::internal {

/// Certificates and settings that many sessions share. Immutable and thread-safe once made.
class TlsContext {
 public:
  /// A server's: TLS 1.3 alone. Errors: kInvalidArgument http.bad_tls.
  [[nodiscard]] static Result<std::shared_ptr<TlsContext>> ForServer(const std::filesystem::path& certificate_file,
                                                                     const std::filesystem::path& key_file);
  /// A client's: TLS 1.2 or later, certificates verified against `ca_file`, or the system's authorities
  /// where that is empty. Errors: kInvalidArgument http.bad_tls.
  [[nodiscard]] static Result<std::shared_ptr<TlsContext>> ForClient(const std::filesystem::path& ca_file);

  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* get() const { return context_; }

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

/// TLS as a transformation of bytes: what came from the wire goes in, plain text comes out, and the other
/// way round. Knows no socket. Not thread-safe.
class TlsSession {
 public:
  enum class State : std::uint8_t {
    kHandshake,
    kOpen,
    kClosed,  ///< the peer said that it sends no more
    kFailed,  ///< see error(); what Output() gives is an alert for the peer
  };

  /// The accepting end.
  explicit TlsSession(std::shared_ptr<TlsContext> context);
  /// The calling end, which demands a certificate for `host`, a name or an address.
  TlsSession(std::shared_ptr<TlsContext> context, const std::string& host);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Takes `wire` in, appends the plain text in it to `plain`, and advances the handshake.
  State Receive(std::string_view wire, std::string& plain);

  /// Encrypts `plain`; only in kOpen and kClosed.
  void Send(std::string_view plain);

  /// Says that nothing more will be sent.
  void Close();

  /// Appends what must go onto the wire now to `wire`.
  void Output(std::string& wire);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void Open();
  void Advance(int outcome);

  std::shared_ptr<TlsContext> context_;
  ssl_st* session_;
  State state_ = State::kHandshake;
  std::string error_;
};

}  // namespace helios::http::internal
