// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

namespace helios::ingest {

/// Says when the process has so little memory left that it must take no more. Thread-safe.
class MemoryGuard {
 public:
  using Probe = std::function<std::uint64_t()>;

  /// `resident` gives the process's resident bytes and is asked at most every 100 ms; above `limit` bytes there is
  /// no room. A limit of 0 is none.
  MemoryGuard(std::uint64_t limit, Probe resident) : limit_(limit), resident_(std::move(resident)) {}

  [[nodiscard]] bool HasRoom();

 private:
  static constexpr std::chrono::milliseconds kPeriod{100};

  const std::uint64_t limit_;
  const Probe resident_;
  std::atomic<std::int64_t> ask_again_ns_{0};
  std::atomic<bool> has_room_{true};
};

/// This process's resident memory; 0 where the system does not say.
[[nodiscard]] std::uint64_t ResidentBytes();

/// Nine tenths of what the process may have: of its control group's limit, or of the machine's memory; 0 where
/// neither is known.
[[nodiscard]] std::uint64_t DefaultMemoryLimit();

}  // namespace helios::ingest
