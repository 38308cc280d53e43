// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/metric_accuracy.h"

#include <fmt/format.h>

#include <algorithm>

namespace helios::accuracy {
namespace {

constexpr std::size_t kShare = 100;  ///< one in so many series

}  // namespace

WithdrawnHorizons WithdrawnOf(const SeriesLedger& series) {
  WithdrawnHorizons withdrawn;
  for (std::size_t i = 0; i < kHorizons.size(); ++i) withdrawn[i] = series.horizons()[i].withdrawn_since.has_value();
  return withdrawn;
}

void MetricAccuracy::Take(const SeriesLedger& series, const WithdrawnHorizons& before) {
  ++series_;
  if ((WithdrawnOf(series) & ~before).any()) ++newly_withdrawn_;
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    const auto day = series.horizons()[i].scores.Day();
    if (!day || day->met < kLeastMet) continue;
    if (const auto mase = day->mase()) mases_[i].push_back(*mase);
  }
}

std::optional<TrainingReason> MetricAccuracy::WorthTraining() const {
  if (newly_withdrawn_ > 0 && newly_withdrawn_ * kShare >= series_) {
    return TrainingReason{.kind = "withdrawn",
                          .detail = fmt::format("forecasts of {} of its {} active series were withdrawn, for they lost "
                                                "to the seasonal naive over a day",
                                                newly_withdrawn_, series_)};
  }
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    auto mases = mases_[i];
    if (mases.empty()) continue;
    const auto middle = mases.begin() + static_cast<std::ptrdiff_t>((mases.size() - 1) / 2);
    std::ranges::nth_element(mases, middle);
    if (*middle <= kLosing) continue;
    return TrainingReason{
        .kind = "poor_accuracy",
        .detail = fmt::format("{} min ahead the median of {} series erred {:.3g} times as much as the seasonal naive "
                              "over the last day",
                              kHorizons[i].count(), mases.size(), *middle)};
  }
  return std::nullopt;
}

}  // namespace helios::accuracy
