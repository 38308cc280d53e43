// SPDX-License-Identifier: Apache-2.0
#include "ml/nab_score.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace helios::ml {
namespace {

constexpr double kProbationShare = 0.15;
constexpr double kLongestFile = 5'000.0;  // of those that a longer probation is granted for
constexpr double kSilent = 1.1;
constexpr std::size_t kNoWindow = std::numeric_limits<std::size_t>::max();

Result<void> Check(std::size_t rows, std::span<const RowRange> windows) {
  std::size_t free_from = 0;
  for (const auto& window : windows) {
    if (window.first < free_from || window.last < window.first || window.last >= rows) {
      return Fail(ErrorCode::kInvalidArgument, "ml.bad_windows",
                  "cannot score windows: rows {} to {} overlap the window before or leave the file; got {} rows; want "
                  "windows in order and apart",
                  window.first, window.last, rows);
    }
    free_from = window.last + 1;
  }
  return {};
}

void Normalise(NabOutcome& outcome, const NabProfile& profile) {
  if (outcome.windows == 0) return;
  const double silent = -profile.false_negative * static_cast<double>(outcome.windows);
  const double perfect = profile.true_positive * static_cast<double>(outcome.windows);
  outcome.score = 100.0 * (outcome.raw - silent) / (perfect - silent);
}

/// A row that counts: after the probation, with a score that is a number.
struct Row {
  double score = 0.0;
  double weight = 0.0;
  std::size_t window = kNoWindow;  // over all files
};

struct Corpus {
  std::vector<Row> rows;
  std::size_t windows = 0;
};

Result<Corpus> Gather(std::span<const NabFile> files, const NabProfile& profile) {
  Corpus corpus;
  for (const auto& file : files) {
    const std::size_t count = file.scores.size();
    HELIOS_TRY(const auto weights, NabRowWeights(count, file.windows, profile));
    auto window = file.windows.begin();
    const std::size_t probation = NabProbation(count);
    while (window != file.windows.end() && window->last < probation) ++window;
    for (std::size_t i = probation; i < count; ++i) {
      const bool inside = window != file.windows.end() && window->first <= i;
      if (!std::isnan(file.scores[i])) {
        corpus.rows.push_back({file.scores[i], weights[i], inside ? corpus.windows : kNoWindow});
      }
      if (inside && i == window->last) {
        ++window;
        ++corpus.windows;
      }
    }
  }
  return corpus;
}

/// The running total while rows become alarms one by one.
class Tally {
 public:
  Tally(std::size_t windows, const NabProfile& profile)
      : profile_(profile), earned_(windows, -profile.false_negative), hit_(windows, false) {
    outcome_.windows = windows;
    outcome_.raw = -profile.false_negative * static_cast<double>(windows);
  }

  void Alarm(const Row& row) {
    if (row.window == kNoWindow) {
      outcome_.raw += row.weight;
      ++outcome_.false_positive_rows;
      return;
    }
    if (!hit_[row.window]) ++outcome_.windows_hit;
    hit_[row.window] = true;
    if (row.weight > earned_[row.window]) {
      outcome_.raw += row.weight - earned_[row.window];
      earned_[row.window] = row.weight;
    }
  }

  [[nodiscard]] NabOutcome At(double threshold) const {
    NabOutcome outcome = outcome_;
    outcome.threshold = threshold;
    Normalise(outcome, profile_);
    return outcome;
  }

  [[nodiscard]] double raw() const { return outcome_.raw; }

 private:
  const NabProfile& profile_;
  std::vector<double> earned_;
  std::vector<bool> hit_;
  NabOutcome outcome_;
};

}  // namespace

std::size_t NabProbation(std::size_t rows) {
  return static_cast<std::size_t>(std::floor(kProbationShare * std::min(static_cast<double>(rows), kLongestFile)));
}

double NabSigmoid(double position) {
  if (position > 3.0) return -1.0;
  return 2.0 / (1.0 + std::exp(5.0 * position)) - 1.0;
}

Result<std::vector<double>> NabRowWeights(std::size_t rows, std::span<const RowRange> windows,
                                          const NabProfile& profile) {
  HELIOS_CHECK(Check(rows, windows));
  std::vector<double> weights(rows, -profile.false_positive);
  const double most = NabSigmoid(-1.0);
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const auto [first, last] = windows[w];
    const auto width = static_cast<double>(last - first + 1);
    for (std::size_t i = first; i <= last; ++i) {
      weights[i] = profile.true_positive * NabSigmoid(-static_cast<double>(last - i + 1) / width) / most;
    }
    // Alarms soon after a window cost less. One row wide, a window has no "soon".
    const std::size_t next = w + 1 < windows.size() ? windows[w + 1].first : rows;
    for (std::size_t i = last + 1; i < next && width > 1.0; ++i) {
      weights[i] = profile.false_positive * NabSigmoid(static_cast<double>(i - last) / (width - 1.0));
    }
  }
  return weights;
}

Result<NabOutcome> ScoreNab(std::span<const NabFile> files, const NabProfile& profile, double threshold) {
  HELIOS_TRY(const auto corpus, Gather(files, profile));
  Tally tally(corpus.windows, profile);
  for (const auto& row : corpus.rows) {
    if (row.score >= threshold) tally.Alarm(row);
  }
  return tally.At(threshold);
}

Result<NabOutcome> OptimiseNab(std::span<const NabFile> files, const NabProfile& profile) {
  HELIOS_TRY(auto corpus, Gather(files, profile));
  std::ranges::sort(corpus.rows, [](const Row& a, const Row& b) {  // all of it, so that sums are the same everywhere
    return std::tie(b.score, a.window, a.weight) < std::tie(a.score, b.window, b.weight);
  });
  Tally tally(corpus.windows, profile);
  auto best = tally.At(kSilent);
  for (std::size_t i = 0; i < corpus.rows.size(); ++i) {
    tally.Alarm(corpus.rows[i]);
    const bool last_of_equals = i + 1 == corpus.rows.size() || corpus.rows[i + 1].score != corpus.rows[i].score;
    if (last_of_equals && tally.raw() > best.raw) best = tally.At(corpus.rows[i].score);
  }
  return best;
}

NabOutcome JoinNab(std::span<const NabOutcome> parts, const NabProfile& profile) {
  NabOutcome joined;
  if (!parts.empty()) joined.threshold = parts.front().threshold;
  for (const auto& part : parts) {
    joined.raw += part.raw;
    joined.windows += part.windows;
    joined.windows_hit += part.windows_hit;
    joined.false_positive_rows += part.false_positive_rows;
  }
  Normalise(joined, profile);
  return joined;
}

}  // namespace helios::ml
