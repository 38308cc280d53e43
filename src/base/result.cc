// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace helios {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "invalid_argument";
    case ErrorCode::kUnauthenticated: return "unauthenticated";
    case ErrorCode::kPermissionDenied: return "permission_denied";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kFailedPrecondition: return "failed_precondition";
    case ErrorCode::kQuotaExceeded: return "quota_exceeded";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kDeadlineExceeded: return "deadline_exceeded";
    case ErrorCode::kDataCorruption: return "data_corruption";
    case ErrorCode::kInternal: return "internal";
    case ErrorCode::kTooLarge: return "too_large";
    case ErrorCode::kUnsupportedType: return "unsupported_type";
  }
  return "internal";
}

}  // namespace helios
