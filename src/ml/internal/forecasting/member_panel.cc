// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/member_panel.h"

#include <algorithm>

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
    case Member::kAnalogueDays: return "similar days";
    case Member::kNearTermNeighbours: return "similar hours";
    case Member::kDayAheadNeighbours: return "similar hours at this time of day";
    case Member::kDeseasonalisedNeighbours: return "similar departures from the usual day";
    case Member::kRidge: return "regression";
  }
  return "unknown";
}

MemberPanel::MemberPanel(const PreparedHistory& history, const EnsembleParameters& parameters, std::size_t longest,
                         std::span<const std::size_t> backtest_origins)
    : near_term_(parameters.near_term, history.shape(), longest),
      day_ahead_(parameters.day_ahead, history.shape(), longest),
      deseasonalised_(parameters.deseasonalised, history.shape(), longest),
      ridge_(history, parameters.ridge, backtest_origins) {}

void MemberPanel::View(const PreparedHistory& history, std::size_t origin, std::optional<std::size_t> fold,
                       std::span<const std::size_t> horizons, Searches& searches, OriginView& view) const {
  const std::size_t count = horizons.size();
  view.members.resize(count);
  view.low.resize(count);
  view.high.resize(count);
  searches.said.resize(count);
  const auto put = [&](Member member) {
    for (std::size_t i = 0; i < count; ++i) view.members[i][Index(member)] = searches.said[i];
  };
  ForecastYesterday(history, origin, horizons, searches.said);
  put(Member::kYesterday);
  ForecastLastValue(history, origin, horizons, searches.said);
  put(Member::kLastValue);
  ForecastWeek(history, origin, horizons, searches.said);
  put(Member::kWeek);
  ForecastAnalogueDays(history, origin, horizons, searches.said);
  put(Member::kAnalogueDays);
  ridge_.Forecast(history, origin, fold, horizons, searches.said);
  put(Member::kRidge);

  const auto z = history.z();
  const auto departures = history.deseasonalised();
  searches.near_term.Find(z, 0, origin);
  searches.day_ahead.Find(z, 0, origin);
  searches.deseasonalised.Find(departures, history.shape().day, origin);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t h = horizons[i];
    const std::size_t target = origin + h;
    const float usual = history.Profile(target);
    const auto near_term = searches.near_term.Ask(z, h);
    const auto day_ahead = searches.day_ahead.Ask(z, h);
    const auto departure = searches.deseasonalised.Ask(departures, h);
    auto& members = view.members[i];
    members[Index(Member::kNearTermNeighbours)] = near_term.voices > 0 ? near_term.median : usual;
    members[Index(Member::kDayAheadNeighbours)] = day_ahead.voices > 0 ? day_ahead.median : usual;
    members[Index(Member::kDeseasonalisedNeighbours)] =
        history.Median(target) + (departure.voices > 0 ? departure.median : 0.0F);

    const float share = DayAheadShare(h, history.shape());
    const auto blend = [&](float near, float far) {
      if (near_term.voices == 0) near = far;
      if (day_ahead.voices == 0) far = near;
      return near + share * (far - near);
    };
    const bool anyone = near_term.voices + day_ahead.voices > 0;
    view.low[i] = anyone ? blend(near_term.low, day_ahead.low) : usual;
    view.high[i] = anyone ? blend(near_term.high, day_ahead.high) : usual;
    for (float& value : members) value = std::max(value, history.floor());
  }
}

}  // namespace helios::ml
