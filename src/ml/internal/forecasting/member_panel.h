// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ml/internal/forecasting/direct_ridge.h"
#include "ml/internal/forecasting/ensemble_parameters.h"
#include "ml/internal/forecasting/neighbour_search.h"
#include "ml/internal/forecasting/prepared_history.h"

namespace helios::ml {

enum class Member : std::uint8_t {
  kYesterday,
  kLastValue,
  kWeek,
  kSimilarDays,
  kRidge,
  kNearTerm,  ///< the first of the searches, in the order of EnsembleParameters::searches
  kDayAhead,
  kDepartures,
  kHours,
  kLongStretch,
};
inline constexpr std::size_t kMembers = 10;

/// Some of the members, by index.
using MemberSet = std::bitset<kMembers>;

/// "yesterday", "last value", "last week", "similar days", ...: for people.
[[nodiscard]] std::string_view MemberName(Member member);

/// What the members say at one origin, in scaled units; element i belongs to the i-th horizon asked for.
struct OriginView {
  std::vector<std::array<float, kMembers>> members;
  std::vector<float> low;   ///< what a tenth of the neighbours stayed below
  std::vector<float> high;  ///< what a tenth of them went above
};

/// All members, fitted to one history. Immutable.
class MemberPanel {
 public:
  /// `backtest_origins` are those that Backtest() will be asked for.
  MemberPanel(const PreparedHistory& history, const EnsembleParameters& parameters, std::size_t longest,
              std::span<const std::size_t> backtest_origins);

  /// One that was kept: members with those parameters, and a regression that was read from bytes.
  MemberPanel(const std::array<NeighbourParameters, kSearches>& searches, const DayMemberParameters& days,
              DirectRidge ridge, const DayShape& shape, std::size_t longest);

  [[nodiscard]] const std::array<NeighbourParameters, kSearches>& searches() const { return searches_; }
  [[nodiscard]] const DayMemberParameters& days() const { return days_; }
  [[nodiscard]] const DirectRidge& ridge() const { return ridge_; }

  /// Buffers of one thread, kept between calls.
  class Searches {
   public:
    explicit Searches(const MemberPanel& panel);

   private:
    friend class MemberPanel;
    std::vector<NeighbourSearch> of;
    std::vector<float> said;
  };

  /// Forecasts from `origin` the steps `horizons` (ascending, 1 to a day) ahead. With `fold`, an index of the
  /// backtest origins, as if nothing after the origin were known. Values stay at or above the history's floor.
  /// Members in `silent` are not asked; what the view has for them means nothing. Yesterday, the yardstick, and the
  /// first two searches, for their outer points, always speak.
  void View(const PreparedHistory& history, std::size_t origin, std::optional<std::size_t> fold,
            std::span<const std::size_t> horizons, const MemberSet& silent, Searches& searches, OriginView& view) const;

 private:
  void AskNeighbours(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons,
                     std::size_t which, NeighbourSearch& search, OriginView& view) const;

  std::array<NeighbourParameters, kSearches> searches_;
  DayMemberParameters days_;
  std::vector<NeighbourRules> rules_;  // what they mean for this shape of the day
  DirectRidge ridge_;
};

}  // namespace helios::ml
