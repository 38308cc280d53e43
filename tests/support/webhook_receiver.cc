// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/webhook_receiver.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <boost/json/parse.hpp>
#include <chrono>

#include "base/base64.h"

namespace helios::testing {

std::string Received::type() const {
  return std::string(std::string_view(boost::json::parse(body).at("type").as_string()));
}

Receiver::Receiver() {
  auto made = http::Server::Listen({.listen = {.host = "127.0.0.1", .port = 0}}, metrics_);
  if (!made) {
    ADD_FAILURE() << made.error().message;
    return;
  }
  server_ = *std::move(made);
  server_->Start(
      [this](std::shared_ptr<http::Request> request, http::Responder respond) {
        const auto header = [&](std::string_view name) {
          return std::string(request->headers.Find(name).value_or(""));
        };
        int status = 0;
        {
          const std::scoped_lock lock(mutex_);
          received_.push_back({.id = header("webhook-id"),
                               .timestamp = header("webhook-timestamp"),
                               .signature = header("webhook-signature"),
                               .body = request->body});
          status = status_;
        }
        respond(http::Text(status, ""));
      },
      [](const http::Request&) { return std::size_t{1} << 20U; });
}

Receiver::~Receiver() {
  if (server_) server_->Stop(std::chrono::seconds{1});
}

void Receiver::Answer(int status) {
  const std::scoped_lock lock(mutex_);
  status_ = status;
}

std::vector<Received> Receiver::All() const {
  const std::scoped_lock lock(mutex_);
  return received_;
}

std::vector<std::string> Receiver::Types() const {
  std::vector<std::string> types;
  for (const Received& one : All()) types.push_back(one.type());
  return types;
}

std::string Receiver::Url() const {
  return fmt::format("http://127.0.0.1:{}/hooks?a=b", server_->port());
}

bool SignedWith(const Received& received, const std::string& secret) {
  const auto key = FromBase64(std::string_view(secret).substr(6)).value_or("");
  const std::string content = received.id + "." + received.timestamp + "." + received.body;
  unsigned char digest[32];
  unsigned length = sizeof digest;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(content.data()),
       content.size(), digest, &length);
  for (std::string_view rest = received.signature; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    if (one.starts_with("v1,") && FromBase64(one.substr(3)) == std::string(reinterpret_cast<char*>(digest), length)) {
      return true;
    }
  }
  return false;
}

}  // namespace helios::testing
