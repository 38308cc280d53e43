// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"

namespace helios::stateless {

/// Refuses a body without a history, and one that asks for a series that is stored somewhere.
/// Errors: kInvalidArgument inference.bad_subject.
[[nodiscard]] inline Result<void> RequireHistory(const boost::json::object& body) {
  const auto* metric = body.if_contains("metric");
  const auto* history = body.if_contains("history");
  if (metric != nullptr && !metric->is_null()) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_subject",
                "cannot look a 'metric' up: this server stores no series; want 'history' in the request");
  }
  if (history == nullptr || history->is_null()) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_subject",
                "cannot read the request: got no 'history'; want [{{\"timestamp\", \"value\"}}, …]");
  }
  return {};
}

}  // namespace helios::stateless
