// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/retry.h"

#include <algorithm>

namespace helios::jobs {

std::chrono::milliseconds RetryDelay(const RetryPolicy& policy, int failures, double uniform) {
  const int doublings = std::clamp(failures - 1, 0, 40);
  const double longest = static_cast<double>(policy.longest.count());
  const double wait =
      std::min(longest, static_cast<double>(policy.first.count()) * static_cast<double>(1LL << doublings));
  return std::chrono::milliseconds{static_cast<std::int64_t>(wait * (1.0 - uniform / 2))};
}

bool WorthARetry(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kTooLarge:
    case ErrorCode::kUnsupportedType: return false;
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kConflict:
    case ErrorCode::kQuotaExceeded:
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kDataCorruption:
    case ErrorCode::kInternal: return true;
  }
  return true;
}

}  // namespace helios::jobs
