// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>

#include "base/result.h"

namespace helios::jobs {

/// How long a job waits after it failed.
struct RetryPolicy {
  std::chrono::milliseconds first{5'000};      ///< after the first failure, at most
  std::chrono::milliseconds longest{900'000};  ///< each wait doubles the one before, up to this
};

/// The wait after the `failures`-th failure (1 for the first): the policy's exponential wait, of which `uniform` in
/// [0, 1) takes away up to half, so that jobs that failed together do not come back together.
[[nodiscard]] std::chrono::milliseconds RetryDelay(const RetryPolicy& policy, int failures, double uniform);

/// Whether the same job may succeed at another time. False for what its input or its tenant's state forbids:
/// kInvalidArgument, kNotFound, kPermissionDenied, kFailedPrecondition, kTooLarge, kUnsupportedType.
[[nodiscard]] bool WorthARetry(ErrorCode code);

}  // namespace helios::jobs
