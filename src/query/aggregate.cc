// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "query/aggregate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace helios::query {
namespace {

/// What the samples of one step come to.
struct Step {
  double minimum = 0;
  double maximum = 0;
  double sum = 0;
  double last = 0;
  std::size_t count = 0;

  void Add(double value) {
    minimum = count == 0 ? value : std::min(minimum, value);
    maximum = count == 0 ? value : std::max(maximum, value);
    sum += value;
    last = value;
    ++count;
  }

  [[nodiscard]] double Value(Aggregate aggregate) const {
    switch (aggregate) {
      case Aggregate::kAvg: return sum / static_cast<double>(count);
      case Aggregate::kMin: return minimum;
      case Aggregate::kMax: return maximum;
      case Aggregate::kSum: return sum;
      case Aggregate::kCount: return static_cast<double>(count);
      case Aggregate::kLast: return last;
    }
    return last;
  }
};

}  // namespace

std::optional<Aggregate> ParseAggregate(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Aggregate>, 6> kNames = {{{"avg", Aggregate::kAvg},
                                                                                    {"min", Aggregate::kMin},
                                                                                    {"max", Aggregate::kMax},
                                                                                    {"sum", Aggregate::kSum},
                                                                                    {"count", Aggregate::kCount},
                                                                                    {"last", Aggregate::kLast}}};
  for (const auto& [known, aggregate] : kNames) {
    if (name == known) return aggregate;
  }
  return std::nullopt;
}

std::vector<Point> AggregateByStep(const std::vector<Point>& samples, std::chrono::milliseconds step,
                                   Aggregate aggregate) {
  std::vector<Point> points;
  Step current;
  TimestampMs start{};
  const auto close = [&] {
    if (current.count > 0) points.push_back({.time = start, .value = current.Value(aggregate)});
    current = {};
  };
  for (const Point& sample : samples) {
    if (!std::isfinite(sample.value)) continue;
    const std::int64_t index = ToUnixMs(sample.time) / step.count();
    const TimestampMs begins = FromUnixMs(index * step.count());
    if (current.count == 0 || begins != start) {
      close();
      start = begins;
    }
    current.Add(sample.value);
  }
  close();
  return points;
}

std::vector<Point> KeepExtremes(const std::vector<Point>& samples, std::size_t max_points) {
  if (samples.size() <= max_points) return samples;
  std::vector<Point> kept;
  kept.push_back(samples.front());
  const std::size_t parts = (max_points - 2) / 2;
  const std::size_t inner = samples.size() - 2;
  const auto smaller = [](const Point& a, const Point& b) { return a.value < b.value; };
  for (std::size_t part = 0; part < parts; ++part) {
    const auto begin = samples.begin() + 1 + static_cast<std::ptrdiff_t>(inner * part / parts);
    const auto end = samples.begin() + 1 + static_cast<std::ptrdiff_t>(inner * (part + 1) / parts);
    auto lowest = std::min_element(begin, end, smaller);
    auto highest = std::max_element(begin, end, smaller);
    if (highest < lowest) std::swap(lowest, highest);
    kept.push_back(*lowest);
    if (highest != lowest) kept.push_back(*highest);
  }
  kept.push_back(samples.back());
  return kept;
}

}  // namespace helios::query
