// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace helios::crypto {

struct SelfSigned {
  std::string certificate_pem;
  std::string key_pem;
};

/// A P-256 certificate for `names` (host names or addresses), valid from a day before `now` for 397 days.
/// Errors: kInternal crypto.failed.
[[nodiscard]] Result<SelfSigned> MakeSelfSigned(const std::vector<std::string>& names, TimestampMs now);

}  // namespace helios::crypto
