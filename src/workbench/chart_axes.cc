// SPDX-License-Identifier: Apache-2.0
#include "workbench/chart_axes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "base/time.h"

namespace helios::workbench {
namespace {

constexpr double kWantedTicks = 6.0;
/// Less than this is drawn as nothing.
constexpr double kSmallestRange = 1e-200;
constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::array kTimeSteps = {kSecond,     5 * kSecond, 15 * kSecond, 30 * kSecond,  kMinute,
                                   2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute,  30 * kMinute,
                                   kHour,       2 * kHour,   3 * kHour,    6 * kHour,     12 * kHour,
                                   kDay,        2 * kDay,    7 * kDay,     14 * kDay,     28 * kDay,
                                   91 * kDay,   365 * kDay,  3'650 * kDay, 36'500 * kDay, 365'000 * kDay};
constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// 1, 2 or 5 times a power of ten, at least `rough`.
double RoundStep(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

std::string ValueLabel(double value, double step) {
  if (std::abs(value) < 0.5 * step) return "0";
  constexpr std::array<const char*, 5> kSuffixes = {"", "k", "M", "G", "T"};
  double unit = 1.0;
  std::size_t suffix = 0;
  while (suffix + 1 < kSuffixes.size() && std::abs(value) >= 10'000.0 * unit) {
    unit *= 1'000.0;
    ++suffix;
  }
  const double shown_step = step / unit;
  const bool plain = std::abs(value) / unit < 1e4 && shown_step >= 1e-6;
  if (!plain) return fmt::format("{:.6g}", value);
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(shown_step) + 1e-9)));
  return fmt::format("{:.{}f}{}", value / unit, decimals, kSuffixes[suffix]);
}

std::chrono::year_month_day DateOf(std::int64_t ms) {
  return std::chrono::floor<std::chrono::days>(FromUnixMs(ms));
}

std::string DayLabel(std::chrono::year_month_day date) {
  return fmt::format("{} {}", static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1]);
}

}  // namespace

ValueAxis MakeValueAxis(double least, double most) {
  if (least > 0.0 && least < 0.5 * most) least = 0.0;
  if (most < 0.0 && most > 0.5 * least) most = 0.0;
  const double largest = std::max(std::abs(least), std::abs(most));
  if (!(most - least > std::max(kSmallestRange, 1e-9 * largest))) {
    const double around = largest < kSmallestRange ? 1.0 : 0.1 * largest;
    least = least >= 0.0 ? std::max(0.0, least - around) : least - around;
    most += around;
  }
  const double step = RoundStep((most - least) / kWantedTicks);
  ValueAxis axis{
      .least = std::floor(least / step + 1e-9) * step, .most = std::ceil(most / step - 1e-9) * step, .ticks = {}};
  const auto count = static_cast<int>(std::min(20.0, std::round((axis.most - axis.least) / step)));
  for (int i = 0; i <= count; ++i) {
    const double at = axis.least + i * step;
    axis.ticks.push_back({.at = at, .label = ValueLabel(at, step), .below = {}});
  }
  return axis;
}

std::vector<Tick> TimeTicks(double first, double last, std::size_t most) {
  const double wanted = (last - first) / static_cast<double>(most);
  std::int64_t step = kTimeSteps.back();
  for (const auto candidate : kTimeSteps) {
    if (static_cast<double>(candidate) >= wanted) {
      step = candidate;
      break;
    }
  }
  std::vector<Tick> ticks;
  const auto index = static_cast<std::int64_t>(std::ceil(first / static_cast<double>(step)));
  std::chrono::year_month_day before{};
  for (std::int64_t at = index * step; static_cast<double>(at) <= last && ticks.size() <= most; at += step) {
    const auto date = DateOf(at);
    const std::chrono::hh_mm_ss clock(std::chrono::milliseconds{((at % kDay) + kDay) % kDay});
    Tick tick{.at = static_cast<double>(at), .label = {}, .below = {}};
    if (step >= kDay) {
      tick.label = DayLabel(date);
      if (ticks.empty() || date.year() != before.year()) tick.below = fmt::format("{}", static_cast<int>(date.year()));
    } else {
      tick.label = fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count());
      if (step < kMinute) tick.label += fmt::format(":{:02}", clock.seconds().count());
      if (ticks.empty() || date != before) {
        tick.below = fmt::format("{} {}", DayLabel(date), static_cast<int>(date.year()));
      }
    }
    before = date;
    ticks.push_back(std::move(tick));
  }
  return ticks;
}

}  // namespace helios::workbench
