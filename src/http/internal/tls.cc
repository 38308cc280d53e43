// SPDX-License-Identifier: Apache-2.0
#include "http/internal/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <system_error>

namespace helios::http::internal {
namespace {

constexpr std::size_t kBlock = 16U << 10U;  // a TLS record's largest

/// OpenSSL's own words for the last failure; empties its queue.
std::string LastError() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return "no reason given";
  ERR_error_string_n(code, text.data(), text.size());
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? text.data() : reason;
}

std::unexpected<Error> BadTls(std::string_view what, const std::filesystem::path& file) {
  return Fail(ErrorCode::kInvalidArgument, "http.bad_tls", "cannot {} '{}': {}", what, file.string(), LastError());
}

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                   unsigned offered_length, void*) {
  static constexpr std::array<unsigned char, 9> kHttp11 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kHttp11.data(), kHttp11.size(), offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

bool Exists(const char* path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// True where OpenSSL finds authorities by itself: its build's directory, or one that the environment names.
bool HasDefaultAuthorities() {
  return std::getenv(X509_get_default_cert_file_env()) != nullptr ||
         std::getenv(X509_get_default_cert_dir_env()) != nullptr || Exists(X509_get_default_cert_file()) ||
         Exists(X509_get_default_cert_dir());
}

/// Where distributions keep their authorities; a fully static OpenSSL knows only its own build's place.
constexpr std::array<const char*, 4> kSystemAuthorities = {"/etc/ssl/certs/ca-certificates.crt",
                                                           "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                                           "/etc/ssl/cert.pem"};

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::ForServer(const std::filesystem::path& certificate_file,
                                                          const std::filesystem::path& key_file) {
  ERR_clear_error();
  SSL_CTX* raw = SSL_CTX_new(TLS_server_method());
  if (raw == nullptr) throw std::bad_alloc();
  std::shared_ptr<TlsContext> context(new TlsContext(raw));
  SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(raw, ChooseProtocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(raw, certificate_file.c_str()) != 1) {
    return BadTls("read the certificate", certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(raw, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return BadTls("use the private key", key_file);  // also where it does not belong to the certificate
  }
  return context;
}

Result<std::shared_ptr<TlsContext>> TlsContext::ForClient(const std::filesystem::path& ca_file) {
  ERR_clear_error();
  SSL_CTX* raw = SSL_CTX_new(TLS_client_method());
  if (raw == nullptr) throw std::bad_alloc();
  std::shared_ptr<TlsContext> context(new TlsContext(raw));
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  if (!ca_file.empty()) {
    if (SSL_CTX_load_verify_file(raw, ca_file.c_str()) != 1) return BadTls("read the authorities in", ca_file);
    return context;
  }
  SSL_CTX_set_default_verify_paths(raw);
  if (!HasDefaultAuthorities()) {
    for (const char* file : kSystemAuthorities) {
      if (Exists(file) && SSL_CTX_load_verify_file(raw, file) == 1) break;
    }
  }
  ERR_clear_error();
  return context;
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

TlsSession::TlsSession(std::shared_ptr<TlsContext> context) : context_(std::move(context)), session_(nullptr) {
  Open();
  SSL_set_accept_state(session_);
}

TlsSession::TlsSession(std::shared_ptr<TlsContext> context, const std::string& host)
    : context_(std::move(context)), session_(nullptr) {
  Open();
  std::array<unsigned char, sizeof(in6_addr)> address{};
  if (inet_pton(AF_INET, host.c_str(), address.data()) == 1 || inet_pton(AF_INET6, host.c_str(), address.data()) == 1) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session_), host.c_str());
  } else {
    SSL_set_hostflags(session_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(session_, host.c_str());
    SSL_ctrl(session_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
  }
  SSL_set_connect_state(session_);
  std::string nothing;
  Receive({}, nothing);  // makes the first flight
}

TlsSession::~TlsSession() {
  SSL_free(session_);
}

void TlsSession::Open() {
  session_ = SSL_new(context_->get());
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  if (session_ == nullptr || in == nullptr || out == nullptr) throw std::bad_alloc();
  SSL_set_bio(session_, in, out);
}

void TlsSession::Advance(int outcome) {
  switch (SSL_get_error(session_, outcome)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return;
    case SSL_ERROR_ZERO_RETURN: state_ = State::kClosed; return;
    default: break;
  }
  if (const long verified = SSL_get_verify_result(session_);
      state_ == State::kHandshake && SSL_is_server(session_) == 0 && verified != X509_V_OK) {
    error_ = X509_verify_cert_error_string(verified);
    ERR_clear_error();
  } else {
    error_ = LastError();
  }
  state_ = State::kFailed;
}

TlsSession::State TlsSession::Receive(std::string_view wire, std::string& plain) {
  ERR_clear_error();
  if (!wire.empty()) BIO_write(SSL_get_rbio(session_), wire.data(), static_cast<int>(wire.size()));
  if (state_ == State::kHandshake) {
    const int outcome = SSL_do_handshake(session_);
    if (outcome == 1) {
      state_ = State::kOpen;
    } else {
      Advance(outcome);
    }
  }
  while (state_ == State::kOpen) {
    const std::size_t before = plain.size();
    plain.resize(before + kBlock);
    const int got = SSL_read(session_, plain.data() + before, static_cast<int>(kBlock));
    plain.resize(before + static_cast<std::size_t>(std::max(got, 0)));
    if (got > 0) continue;
    Advance(got);
    break;
  }
  return state_;
}

void TlsSession::Send(std::string_view plain) {
  while (!plain.empty()) {
    constexpr std::size_t kPiece = 1U << 20U;
    const std::size_t length = std::min(plain.size(), kPiece);
    ERR_clear_error();
    if (SSL_write(session_, plain.data(), static_cast<int>(length)) <= 0) {
      state_ = State::kFailed;
      error_ = LastError();
      return;
    }
    plain.remove_prefix(length);
  }
}

void TlsSession::Close() {
  if (state_ == State::kOpen || state_ == State::kClosed) SSL_shutdown(session_);
  ERR_clear_error();
}

void TlsSession::Output(std::string& wire) {
  BIO* out = SSL_get_wbio(session_);
  const std::size_t pending = BIO_ctrl_pending(out);
  if (pending == 0) return;
  const std::size_t before = wire.size();
  wire.resize(before + pending);
  const int got = BIO_read(out, wire.data() + before, static_cast<int>(pending));
  wire.resize(before + static_cast<std::size_t>(std::max(got, 0)));
}

}  // namespace helios::http::internal
