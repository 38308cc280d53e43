// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.h"
#include "obs/metrics.h"

namespace helios::testing {

/// What a receiver got.
struct Received {
  std::string id;
  std::string timestamp;
  std::string signature;
  std::string body;
  [[nodiscard]] std::string type() const;  ///< the body's
};

/// A customer's receiver of webhooks, on loopback: answers with the status that it is told to. Thread-safe.
class Receiver {
 public:
  Receiver();
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void Answer(int status);
  [[nodiscard]] std::vector<Received> All() const;
  [[nodiscard]] std::vector<std::string> Types() const;
  [[nodiscard]] std::string Url() const;

 private:
  obs::Metrics metrics_;
  mutable std::mutex mutex_;
  std::vector<Received> received_;
  int status_ = 204;
  std::unique_ptr<http::Server> server_;
};

/// Whether one of the signatures is made with the secret; checked as a receiver does, with OpenSSL alone.
[[nodiscard]] bool SignedWith(const Received& received, const std::string& secret);

}  // namespace helios::testing
