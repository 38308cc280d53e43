// SPDX-License-Identifier: Apache-2.0
#include "workbench/recommend_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace helios::workbench {
namespace {

constexpr double kWidth = 1200.0;
constexpr double kHeight = 360.0;
constexpr double kMargin = 50.0;
constexpr std::int64_t kColumns = 1'100;
constexpr std::chrono::days kPast{2};

/// From a time and a number of replicas to a place in the drawing.
class Scale {
 public:
  Scale(TimestampMs first, TimestampMs last, double most)
      : first_(first), span_(std::max(1.0, static_cast<double>((last - first).count()))), most_(std::max(most, 1.0)) {}

  [[nodiscard]] double X(TimestampMs time) const {
    const double share = static_cast<double>((time - first_).count()) / span_;
    return kMargin + (kWidth - 2.0 * kMargin) * std::clamp(share, 0.0, 1.0);
  }
  [[nodiscard]] double Y(double replicas) const {
    return kHeight - kMargin - (kHeight - 2.0 * kMargin) * std::clamp(replicas / most_, 0.0, 1.0);
  }
  [[nodiscard]] double most() const { return most_; }

 private:
  TimestampMs first_;
  double span_;
  double most_;
};

struct Load {
  TimestampMs time{};
  double replicas = 0.0;  // that it fills, not rounded
};

/// The highest load of each column from `from` on.
std::vector<Load> Loads(const ml::LoadHistory& history, const ml::ScalingTarget& target, TimestampMs from) {
  std::vector<Load> loads;
  const auto column = std::max<std::chrono::milliseconds>((history.end() - from) / kColumns, history.step);
  for (std::size_t i = 0; i < history.load.size(); ++i) {
    const auto time = history.first + history.step * static_cast<std::int64_t>(i);
    if (time < from || !std::isfinite(history.load[i])) continue;
    const double replicas =
        std::min(history.load[i] / target.per_replica_capacity, static_cast<double>(ml::kMostReplicas));
    if (!loads.empty() && time - loads.back().time < column) {
      loads.back().replicas = std::max(loads.back().replicas, replicas);
    } else {
      loads.push_back({time, replicas});
    }
  }
  return loads;
}

/// A polyline that steps at each change and goes on until `end`.
std::string Steps(const ml::ReplicaPlan& plan, const Scale& scale, TimestampMs from, TimestampMs end,
                  std::string_view style) {
  std::string points;
  double before = -1.0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (i + 1 < plan.size() && plan[i + 1].time <= from) continue;
    const double x = scale.X(std::max(plan[i].time, from));
    if (before >= 0.0) points += fmt::format("{:.1f},{:.1f} ", x, before);
    before = scale.Y(plan[i].replicas);
    points += fmt::format("{:.1f},{:.1f} ", x, before);
  }
  if (before >= 0.0) points += fmt::format("{:.1f},{:.1f}", scale.X(end), before);
  return fmt::format("<polyline points=\"{}\" fill=\"none\" {}/>\n", points, style);
}

}  // namespace

std::string DrawRecommendation(const ml::ScalingRecommendation& recommendation, const ml::ScalingTarget& target) {
  const auto& history = recommendation.history;
  const auto now = history.end();
  const auto from = std::max(history.first, now - kPast);
  const auto& schedule = recommendation.schedule;
  const auto spacing = schedule.size() > 1 ? schedule[1].time - schedule[0].time : std::chrono::minutes{5};
  const auto end = schedule.back().time + spacing;
  const auto loads = Loads(history, target, from);

  double most = 0.0;
  for (const auto& load : loads) most = std::max(most, load.replicas);
  for (const auto& change : recommendation.past) most = std::max(most, static_cast<double>(change.replicas));
  for (const auto& planned : schedule) most = std::max(most, static_cast<double>(planned.replicas));
  const Scale scale(from, end, most);

  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
      kWidth, kHeight);
  svg += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#2ca02c\" fill-opacity=\"0.12\">"
      "<title>planned</title></rect>\n",
      scale.X(now), kMargin, scale.X(end) - scale.X(now), kHeight - 2.0 * kMargin);
  std::string line;
  for (const auto& load : loads) line += fmt::format("{:.1f},{:.1f} ", scale.X(load.time), scale.Y(load.replicas));
  svg += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"#1f3b57\" stroke-width=\"1\"/>\n", line);
  svg += Steps(recommendation.past, scale, from, now, "stroke=\"#1f77b4\" stroke-width=\"1.5\"");
  svg += Steps(schedule, scale, now, end, "stroke=\"#2ca02c\" stroke-width=\"2.5\"");
  svg += fmt::format("<text x=\"4\" y=\"{:.0f}\">{:.4g}</text>\n<text x=\"4\" y=\"{:.0f}\">0</text>\n", kMargin + 4.0,
                     scale.most(), kHeight - kMargin + 4.0);
  svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n", kMargin, kHeight - kMargin + 20.0,
                     FormatRfc3339(from));
  svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>\n", kWidth - kMargin,
                     kHeight - kMargin + 20.0, FormatRfc3339(end));
  svg += fmt::format(
      "<text x=\"{:.0f}\" y=\"20\">replicas: needed by the load (dark), of the policy (blue), planned (green): {} to "
      "{}; "
      "times in UTC</text>\n</svg>\n",
      kMargin, ml::ScalingActionName(recommendation.action), recommendation.recommended_replicas);
  return svg;
}

}  // namespace helios::workbench
