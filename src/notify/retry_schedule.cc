// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/retry_schedule.h"

#include <array>

namespace helios::notify {
namespace {

using namespace std::chrono_literals;

// The first attempt comes at once.
constexpr std::array<std::chrono::milliseconds, kMaxTries> kWaits = {0s, 5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
constexpr double kMostJitter = 0.1;

}  // namespace

std::optional<std::chrono::milliseconds> RetryWait(int tries, double uniform) {
  if (tries < 1 || tries >= kMaxTries) return std::nullopt;
  const auto wait = kWaits[static_cast<std::size_t>(tries)];
  return wait + std::chrono::milliseconds{
                    static_cast<std::int64_t>(static_cast<double>(wait.count()) * kMostJitter * uniform)};
}

}  // namespace helios::notify
