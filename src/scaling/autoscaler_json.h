// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scaling/target.h"

namespace helios::scaling {

inline constexpr std::string_view kExternalMetric = "helios-recommended-replicas";

/// The resources of external.metrics.k8s.io/v1beta1: one metric, and a target is chosen by its labels.
[[nodiscard]] boost::json::object ApiResourcesJson();

/// An equality that a label selector asks for.
struct LabelCondition {
  std::string name;
  std::string value;
  bool equal = true;
};

/// "target=shop,namespace!=test"; =, == and != alone. Errors: kInvalidArgument scaling.bad_selector.
[[nodiscard]] Result<std::vector<LabelCondition>> ParseLabelSelector(std::string_view text);

/// Whether a target has the labels "target" (its name) and "target_id" that the conditions ask for.
[[nodiscard]] bool Meets(const Target& target, std::span<const LabelCondition> conditions);

/// ExternalMetricValueList of each target's replicas.
[[nodiscard]] boost::json::object MetricValuesJson(std::span<const std::pair<Target, TargetAdvice>> values);

}  // namespace helios::scaling
