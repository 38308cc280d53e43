// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

#include "ml/scaling_policy.h"
#include "scaling/targets.h"

namespace helios::scaling {

/// The settings of a request: all of a new target, or what `change` of an existing one leaves as it is.
/// Errors: kInvalidArgument http.bad_field, http.unknown_field, scaling.bad_target; those of tsdb::Canonicalize().
[[nodiscard]] Result<TargetSettings> ReadTargetSettings(const boost::json::object& body,
                                                        const TargetSettings* change = nullptr);

/// Whether a change could be one of some target: what is wrong with it whatever the target is. Errors: as above.
[[nodiscard]] Result<void> CheckTargetChange(const boost::json::object& body);

/// As the API shows it, costs in money where the target has a cost of a replica-hour.
[[nodiscard]] boost::json::object ToJson(const Target& target);
[[nodiscard]] boost::json::object ToJson(const PastAdvice& advice);

/// What is kept of a policy, and back. Errors: kDataCorruption scaling.bad_policy.
[[nodiscard]] std::string PolicyToJson(const ml::PolicySettings& settings);
[[nodiscard]] Result<ml::PolicySettings> PolicyFromJson(std::string_view text);

}  // namespace helios::scaling
