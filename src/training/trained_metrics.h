// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"
#include "ml/model_description.h"

namespace helios::training {

/// What a version's parts come to: the means of their metrics, and which models serve and why.
class TrainedMetrics {
 public:
  void Add(const ml::ModelDescription& description);

  /// {"mase", "smape", "mae", "coverage", "origins", "series", "promoted", "served_by": {"prophet": 3}, "reason"}; the
  /// reason is that of a series which the commonest model serves. What was not measured is left out.
  [[nodiscard]] std::string Json(std::int64_t promoted) const;
  [[nodiscard]] std::int64_t series() const { return series_; }
  [[nodiscard]] TimestampMs first() const { return first_; }
  [[nodiscard]] TimestampMs last() const { return last_; }

 private:
  struct Mean {
    double sum = 0;
    std::int64_t count = 0;
    void Take(const std::optional<double>& value);
  };
  struct Served {
    std::int64_t series = 0;
    std::string reason;  ///< of the first of them
  };
  Mean mase_;
  Mean smape_;
  Mean mae_;
  Mean coverage_;
  std::size_t origins_ = 0;
  std::int64_t series_ = 0;
  std::map<std::string, Served> served_;  ///< by model
  TimestampMs first_{};
  TimestampMs last_{};
};

}  // namespace helios::training
