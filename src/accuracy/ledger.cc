// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace helios::accuracy {
namespace {

WithdrawnForecast Describe(const HorizonLedger& ledger, std::chrono::minutes horizon) {
  WithdrawnForecast withdrawn{.since = *ledger.withdrawn_since, .reason = {}};
  if (const auto day = ledger.scores.Day()) {
    withdrawn.reason = fmt::format(
        "{} min ahead it lost to seasonal naive over the last day: mean error {:.4g} against {:.4g} in {} forecasts",
        horizon.count(), day->mae(), day->naive_mae(), day->met);
  } else {
    withdrawn.reason = fmt::format("{} min ahead it lost to seasonal naive over a day", horizon.count());
  }
  return withdrawn;
}

/// Gathers one horizon of many series.
struct Gathered {
  HorizonSummary summary;
  std::vector<double> mases;

  void Take(const HorizonLedger& ledger) {
    const Score week = ledger.scores.Week();
    if (week.met == 0) return;
    ++summary.series;
    summary.withdrawn += ledger.withdrawn_since ? 1 : 0;
    summary.met += week.met;
    summary.covered += week.covered;
    if (const auto mase = week.mase()) mases.push_back(*mase);
  }
  HorizonSummary Finish() {
    if (!mases.empty()) {
      const auto middle = mases.begin() + static_cast<std::ptrdiff_t>((mases.size() - 1) / 2);
      std::ranges::nth_element(mases, middle);
      summary.median_mase = *middle;
    }
    return summary;
  }
};

template <class ForEach>
std::vector<HorizonSummary> SummaryOf(const ForEach& for_each) {
  std::array<Gathered, kHorizons.size()> gathered;
  for_each([&gathered](const SeriesLedger& series) {
    for (std::size_t i = 0; i < kHorizons.size(); ++i) gathered[i].Take(series.horizons()[i]);
  });
  std::vector<HorizonSummary> summaries;
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    gathered[i].summary.horizon = kHorizons[i];
    summaries.push_back(gathered[i].Finish());
  }
  return summaries;
}

}  // namespace

const SeriesLedger* Ledger::Known(TenantId tenant, tsdb::SeriesId series) const {
  const auto part = tenants_.find(tenant);
  if (part == tenants_.end()) return nullptr;
  const auto found = part->second.find(series.value);
  return found == part->second.end() ? nullptr : &found->second;
}

std::optional<WithdrawnForecast> Ledger::Withdrawn(TenantId tenant, tsdb::SeriesId series,
                                                   std::chrono::minutes horizon) const {
  const auto at = std::ranges::lower_bound(kHorizons, horizon);
  if (at == kHorizons.end()) return std::nullopt;
  const std::shared_lock lock(mutex_);
  const SeriesLedger* const known = Known(tenant, series);
  if (known == nullptr) return std::nullopt;
  const HorizonLedger& ledger = known->horizons()[static_cast<std::size_t>(at - kHorizons.begin())];
  if (!ledger.withdrawn_since) return std::nullopt;
  return Describe(ledger, *at);
}

std::vector<SeriesAccuracy> Ledger::AccuracyOf(TenantId tenant, tsdb::SeriesId series) const {
  std::vector<SeriesAccuracy> all;
  const std::shared_lock lock(mutex_);
  const SeriesLedger* const known = Known(tenant, series);
  if (known == nullptr) return all;
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    const HorizonLedger& ledger = known->horizons()[i];
    SeriesAccuracy accuracy{.horizon = kHorizons[i],
                            .week = ledger.scores.Week(),
                            .since = ledger.scores.Since().value_or(TimestampMs{}),
                            .withdrawn = std::nullopt};
    if (accuracy.week.met == 0) continue;
    if (ledger.withdrawn_since) accuracy.withdrawn = Describe(ledger, kHorizons[i]);
    all.push_back(std::move(accuracy));
  }
  return all;
}

std::vector<HorizonSummary> Ledger::Summarize(TenantId tenant, const std::vector<tsdb::SeriesId>& series) const {
  const std::shared_lock lock(mutex_);
  return SummaryOf([&](const auto& take) {
    for (const tsdb::SeriesId id : series) {
      if (const SeriesLedger* const known = Known(tenant, id)) take(*known);
    }
  });
}

std::vector<HorizonSummary> Ledger::Summarize(TenantId tenant) const {
  const std::shared_lock lock(mutex_);
  return SummaryOf([&](const auto& take) {
    const auto part = tenants_.find(tenant);
    if (part == tenants_.end()) return;
    for (const auto& [id, known] : part->second) take(known);
  });
}

SeriesLedger* Ledger::Find(TenantId tenant, tsdb::SeriesId series) {
  if (SeriesLedger* const known = const_cast<SeriesLedger*>(std::as_const(*this).Known(tenant, series))) return known;
  if (size_ >= most_series_) return nullptr;
  const std::unique_lock lock(mutex_);
  ++size_;
  return &tenants_[tenant][series.value];
}

std::size_t Ledger::EndRound(std::uint32_t most_unseen) {
  const std::unique_lock lock(mutex_);
  std::size_t gone = 0;
  for (auto& [tenant, part] : tenants_) {
    for (auto& [id, series] : part) ++series.unseen_rounds;
    gone += std::erase_if(part, [most_unseen](const auto& entry) { return entry.second.unseen_rounds > most_unseen; });
  }
  std::erase_if(tenants_, [](const auto& entry) { return entry.second.empty(); });
  size_ -= gone;
  return gone;
}

std::size_t Ledger::size() const {
  const std::shared_lock lock(mutex_);
  return size_;
}

}  // namespace helios::accuracy
