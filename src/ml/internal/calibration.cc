// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ml/internal/student_t.h"

namespace helios::ml {
namespace {

/// Below this many errors their correlation cannot be told from chance.
constexpr std::size_t kEnoughToCorrelate = 16;

/// How many independent errors `errors` are worth; `span` is the distance between the first and the
/// last origin, both in steps like `horizon`.
double IndependentErrors(std::span<const double> errors, double span, double horizon) {
  const auto count = static_cast<double>(errors.size());
  const double disjoint = std::min(count, 1.0 + span / horizon);
  if (errors.size() < kEnoughToCorrelate) return disjoint;
  double square = 0.0;
  double product = 0.0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    square += errors[i] * errors[i];
    if (i > 0) product += errors[i] * errors[i - 1];
  }
  if (square <= 0.0) return disjoint;
  const double correlation = std::clamp(product / square, 0.0, 1.0);
  return std::clamp(count * (1.0 - correlation) / (1.0 + correlation), disjoint, count);
}

/// In single precision, and never less.
float RoundedUp(double width) {
  const auto nearest = static_cast<float>(std::min(width, static_cast<double>(std::numeric_limits<float>::max())));
  return static_cast<double>(nearest) < width ? std::nextafter(nearest, std::numeric_limits<float>::max()) : nearest;
}

/// The level up to which `independent` errors speak for themselves.
double LastLevel(double independent) {
  return independent / (independent + 1.0);
}

}  // namespace

Calibration::Calibration(std::span<const HorizonBacktest> backtests, double floor, std::size_t first, std::size_t last)
    : floor_(floor) {
  for (const auto& backtest : backtests) {
    std::vector<double> errors;
    errors.reserve(backtest.points.size());
    std::size_t oldest = last;
    std::size_t newest = first;
    for (const auto& point : backtest.points) {
      if (point.origin < first || point.origin + backtest.steps > last) continue;
      errors.push_back(point.actual - point.forecast);
      oldest = std::min(oldest, point.origin);
      newest = std::max(newest, point.origin);
    }
    if (errors.size() < 2) continue;
    Anchor anchor;
    anchor.steps = static_cast<double>(backtest.steps);
    anchor.independent = IndependentErrors(errors, static_cast<double>(newest - oldest), anchor.steps);
    double square = 0.0;
    for (auto& error : errors) {
      square += error * error;
      error = std::abs(error);
    }
    anchor.rms = std::sqrt(square / static_cast<double>(errors.size()));
    std::ranges::sort(errors);
    anchor.largest = RoundedUp(errors.back());
    for (std::size_t i = 0; i < kTableLevels.size(); ++i) {
      const double corrected = kTableLevels[i] * (1.0 + 1.0 / anchor.independent);
      const auto count = static_cast<double>(errors.size());
      const double rank = std::clamp(std::ceil(corrected * count), 1.0, count);
      anchor.conformal[i] = RoundedUp(errors[static_cast<std::size_t>(rank) - 1]);
    }
    // Two errors of forecasts that overlap are hardly more than one: what comes before says more.
    if (anchor.independent >= 2.0 || anchors_.empty()) anchors_.push_back(std::move(anchor));
  }

  constexpr double kEnoughForGrowth = 4.0;
  constexpr double kSlowestGrowth = 0.25;
  const Anchor* far = nullptr;
  for (const auto& anchor : anchors_) {
    if (anchor.independent >= kEnoughForGrowth) far = &anchor;
  }
  if (far != nullptr && far->steps > anchors_.front().steps && anchors_.front().rms > 0.0 && far->rms > 0.0) {
    growth_ = std::clamp(std::log(far->rms / anchors_.front().rms) / std::log(far->steps / anchors_.front().steps),
                         kSlowestGrowth, 1.0);
  }
}

double Calibration::AtAnchor(const Anchor& anchor, double level) const {
  const auto largest = static_cast<double>(anchor.largest);
  const double corrected = level * (1.0 + 1.0 / anchor.independent);
  if (corrected <= 1.0) return WidthAt(anchor.conformal, level, LastLevel(anchor.independent), largest);
  const auto degrees = static_cast<unsigned>(std::max(1.0, anchor.independent));
  const double spread = std::max(anchor.rms, floor_) * std::sqrt(1.0 + 1.0 / anchor.independent);
  return std::max(largest, spread * StudentTwoSided(level, degrees));
}

bool Calibration::Valid() const {
  double before = 0.0;
  for (const auto& anchor : anchors_) {
    if (!(anchor.steps >= 1.0 && anchor.steps > before && anchor.independent >= 1.0 && anchor.independent < 1e9 &&
          anchor.rms >= 0.0 && std::ranges::is_sorted(anchor.conformal) && anchor.conformal.front() >= 0.0F &&
          anchor.conformal.back() <= anchor.largest)) {
      return false;
    }
    before = anchor.steps;
  }
  return growth_ >= 0.0 && growth_ <= 1.0 && floor_ >= 0.0;
}

std::vector<double> Calibration::HalfWidths(std::span<const double> steps, double level) const {
  std::vector<std::pair<double, double>> known;  // (steps, half-width)
  known.reserve(anchors_.size() + 1);
  for (const auto& anchor : anchors_) {
    const double width = AtAnchor(anchor, level);
    known.emplace_back(anchor.steps, known.empty() ? width : std::max(width, known.back().second));
  }
  if (known.empty()) known.emplace_back(1.0, floor_ * std::sqrt(2.0) * StudentTwoSided(level, 1));

  std::vector<double> widths;
  widths.reserve(steps.size());
  std::size_t next = 0;
  for (const double h : steps) {
    while (next < known.size() && known[next].first < h) ++next;
    if (next == known.size()) {
      widths.push_back(known.back().second * std::pow(h / known.back().first, growth_));
    } else if (next == 0) {
      widths.push_back(known.front().second);
    } else {
      const auto& [before, narrow] = known[next - 1];
      const auto& [after, wide] = known[next];
      widths.push_back(narrow + (wide - narrow) * ((h - before) / (after - before)));
    }
  }
  return widths;
}

}  // namespace helios::ml
