// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "agent/batch.h"
#include "http/client.h"

namespace helios::agent {

enum class Verdict : std::uint8_t {
  kDelivered,    ///< the platform has decided about every sample: forget the batch
  kRetry,        ///< passing: the network, an overload, a restart
  kRetrySlowly,  ///< stays until a person changes something: the key, the plan, the endpoint
};

/// What became of a batch.
struct Delivery {
  Verdict verdict = Verdict::kRetry;
  std::uint64_t accepted = 0;                            ///< stored, or stored before
  std::uint64_t rejected = 0;                            ///< refused for good
  std::optional<std::chrono::milliseconds> retry_after;  ///< what the platform asked for, at most kLongestRetryAfter
  /// Not delivered: what is wrong and what to do about it. Rejected samples: the reason of the first.
  std::string detail;
};

inline constexpr std::chrono::minutes kLongestRetryAfter{10};

/// Whether the platform shows a sample that it accepted.
enum class Sight : std::uint8_t {
  kSeen,
  kNotSeen,
  kMayNotLook,  ///< the key has no scope to read
  kUnknown,     ///< the question failed
};

/// Speaks the ingestion API. Not thread-safe.
class Sender {
 public:
  /// `client` must outlive it. `api_key` goes into headers alone, never into a log.
  Sender(http::Client& client, std::string api_key, std::string_view version);

  /// Sends a batch and blocks until the answer or the client's time-out. A batch that is too large for the
  /// platform goes in halves.
  [[nodiscard]] Delivery Deliver(const Batch& batch);

  /// Asks the platform for the first sample of `batch`.
  [[nodiscard]] Sight Look(const Batch& batch);

 private:
  Delivery DeliverHalves(const Batch& batch);

  http::Client& client_;
  http::Headers headers_;
};

}  // namespace helios::agent
