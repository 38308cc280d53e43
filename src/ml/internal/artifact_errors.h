// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"

namespace helios::ml {

/// `what` could not be read: its bytes are no artifact's, or were damaged.
inline std::unexpected<Error> BadArtifact(std::string_view what, std::string_view cause) {
  return Fail(ErrorCode::kDataCorruption, "ml.bad_artifact", "cannot read {}: {}", what, cause);
}

/// `what` has a version, or an obligatory section, that this program does not know.
inline std::unexpected<Error> NewerFormat(std::string_view what, unsigned got, unsigned want) {
  return Fail(ErrorCode::kFailedPrecondition, "ml.newer_format",
              "cannot read {}: it was written by a newer Helios; got version {}; want at most {}", what, got, want);
}

}  // namespace helios::ml
