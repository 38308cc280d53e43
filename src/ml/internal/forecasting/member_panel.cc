// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/member_panel.h"

#include <algorithm>
#include <utility>

#include "ml/internal/forecasting/day_members.h"

namespace helios::ml {
namespace {

constexpr std::size_t Index(Member member) {
  return static_cast<std::size_t>(member);
}

/// How much of the neighbours' outer points is the day-ahead search's: none within an hour, all from six hours.
float DayAheadShare(std::size_t horizon, const DayShape& shape) {
  const auto hour = static_cast<float>(shape.Part(24));
  return std::clamp((static_cast<float>(horizon) - hour) / (5.0F * hour), 0.0F, 1.0F);
}

}  // namespace

std::string_view MemberName(Member member) {
  switch (member) {
    case Member::kYesterday: return "yesterday";
    case Member::kLastValue: return "the last value";
    case Member::kWeek: return "last week";
    case Member::kSimilarDays: return "similar days";
    case Member::kRidge: return "regression";
    case Member::kNearTerm: return "similar hours";
    case Member::kDayAhead: return "similar hours at this time of day";
    case Member::kDepartures: return "similar departures from the usual day";
    case Member::kHours: return "similar stretches of some hours";
    case Member::kLongStretch: return "similar stretches of a part of the day";
  }
  return "unknown";
}

MemberPanel::MemberPanel(const PreparedHistory& history, const EnsembleParameters& parameters, std::size_t longest,
                         std::span<const std::size_t> backtest_origins)
    : MemberPanel(parameters.searches, parameters.days, DirectRidge(history, parameters.ridge, backtest_origins),
                  history.shape(), longest) {}

MemberPanel::MemberPanel(const std::array<NeighbourParameters, kSearches>& searches, const DayMemberParameters& days,
                         DirectRidge ridge, const DayShape& shape, std::size_t longest)
    : searches_(searches), days_(days), ridge_(std::move(ridge)) {
  rules_.reserve(kSearches);
  for (const auto& search : searches) rules_.emplace_back(search, shape, longest);
}

MemberPanel::Searches::Searches(const MemberPanel& panel) {
  of.reserve(panel.rules_.size());
  for (const auto& rules : panel.rules_) of.emplace_back(rules);
}

void MemberPanel::View(const PreparedHistory& history, std::size_t origin, std::optional<std::size_t> fold,
                       std::span<const std::size_t> horizons, const MemberSet& silent, Searches& searches,
                       OriginView& view) const {
  const std::size_t count = horizons.size();
  view.members.resize(count);
  view.low.assign(count, 0.0F);
  view.high.assign(count, 0.0F);
  searches.said.resize(count);
  const auto put = [&](Member member) {
    for (std::size_t i = 0; i < count; ++i) view.members[i][Index(member)] = searches.said[i];
  };
  const auto speaks = [&](Member member) { return !silent.test(Index(member)); };
  ForecastYesterday(history, origin, horizons, searches.said);
  put(Member::kYesterday);
  if (speaks(Member::kLastValue)) {
    ForecastLastValue(history, origin, horizons, searches.said);
    put(Member::kLastValue);
  }
  if (speaks(Member::kWeek)) {
    ForecastWeek(days_, history, origin, horizons, searches.said);
    put(Member::kWeek);
  }
  if (speaks(Member::kSimilarDays)) {
    ForecastSimilarDays(days_, history, origin, horizons, searches.said);
    put(Member::kSimilarDays);
  }
  if (speaks(Member::kRidge)) {
    ridge_.Forecast(history, origin, fold, horizons, searches.said);
    put(Member::kRidge);
  }
  for (std::size_t s = 0; s < rules_.size(); ++s) {
    if (s < 2 || !silent.test(Index(Member::kNearTerm) + s)) {
      AskNeighbours(history, origin, horizons, s, searches.of[s], view);
    }
  }
  for (auto& members : view.members) {
    for (float& value : members) value = std::max(value, history.floor());
  }
}

void MemberPanel::AskNeighbours(const PreparedHistory& history, std::size_t origin,
                                std::span<const std::size_t> horizons, std::size_t which, NeighbourSearch& search,
                                OriginView& view) const {
  const bool departures = rules_[which].deseasonalised();
  if (departures) {
    search.Find(history.departures(), history.departure_sums(), history.shape().day, origin);
  } else {
    search.Find(history.z(), history.sums(), 0, origin);
  }
  const std::size_t member = Index(Member::kNearTerm) + which;
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    const std::size_t target = origin + horizons[i];
    // The outer points go over from the first search's to the second's.
    const float second = DayAheadShare(horizons[i], history.shape());
    const float share = member == Index(Member::kNearTerm)   ? 1.0F - second
                        : member == Index(Member::kDayAhead) ? second
                                                             : 0.0F;
    auto opinion = share > 0.0F ? search.Ask(horizons[i]) : search.AskMedian(horizons[i]);
    const float base = departures ? history.Median(target) : opinion.voices > 0 ? 0.0F : history.Profile(target);
    view.members[i][member] = base + opinion.median;
    view.low[i] += share * (base + opinion.low);
    view.high[i] += share * (base + opinion.high);
  }
}

}  // namespace helios::ml
