// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/testing/model_series.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace helios::tsdb {
namespace {

constexpr std::int64_t kFirstMs = 1'767'225'600'000;  // midnight of 2026-01-01
constexpr std::int64_t kStepMs = 15'000;
constexpr double kSamplesADay = 5760;

// Entropy in bits of a normal distribution rounded to integers, for a sigma well above 1.
double NormalEntropy(double sigma) {
  return std::log2(sigma * std::sqrt(2 * std::numbers::pi * std::numbers::e));
}

// Draws what the model is made of. Its own transforms, for those of the standard library differ between machines.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
  double Uniform() { return (static_cast<double>(engine_() >> 11U) + 0.5) * 0x1p-53; }
  double Normal() { return std::sqrt(-2 * std::log(Uniform())) * std::cos(2 * std::numbers::pi * Uniform()); }

 private:
  std::mt19937_64 engine_;
};

class Generator {
 public:
  Generator(ModelKind kind, std::uint64_t seed) : draw_(seed), kind_(kind) {
    scale_ = std::exp(0.4 * draw_.Normal());
    phase_ = draw_.Uniform();
    integer_ = std::floor(draw_.Uniform() * 1e6);
    if (kind == ModelKind::kBytes) integer_ *= 1e5;
    if (kind == ModelKind::kSmallGauge) integer_ = std::floor(scale_ * 20);
  }

  double Next(std::size_t i) {
    const double cycle = 1 + 0.5 * std::sin(2 * std::numbers::pi * (static_cast<double>(i) / kSamplesADay + phase_));
    switch (kind_) {
      case ModelKind::kCpuSeconds: return (integer_ += Rounded(500 * scale_ * cycle, 140 * scale_ * cycle)) / 100;
      case ModelKind::kEvents: return integer_ += Rounded(81 * scale_ * cycle, 9 * std::sqrt(scale_ * cycle));
      case ModelKind::kBytes: return integer_ += Rounded(80'000 * scale_ * cycle, 22'000 * scale_ * cycle);
      case ModelKind::kMemory: return (integer_ += Rounded(0, 77 * scale_)) * 4096;
      case ModelKind::kRatio: return Rounded(200'000 * cycle, 8'000 * scale_) / 1e6;
      case ModelKind::kSmallGauge: return integer_ = std::abs(integer_ + SmallStep());
      case ModelKind::kConstant: break;
    }
    return integer_;
  }

  [[nodiscard]] double entropy_bits() const { return entropy_bits_; }

 private:
  double Rounded(double mean, double sigma) {
    entropy_bits_ += NormalEntropy(sigma);
    return std::nearbyint(mean + sigma * draw_.Normal());
  }

  // 0 in six of ten, else one of -2, -1, 1, 2.
  double SmallStep() {
    constexpr double kChange = 0.4;
    entropy_bits_ += -kChange * std::log2(kChange / 4) - (1 - kChange) * std::log2(1 - kChange);
    const double drawn = draw_.Uniform() / kChange;
    if (drawn >= 1) return 0;
    return drawn < 0.25 ? -2 : drawn < 0.5 ? -1 : drawn < 0.75 ? 1 : 2;
  }

  Draw draw_;
  ModelKind kind_;
  double scale_ = 1;
  double phase_ = 0;
  double integer_ = 0;
  double entropy_bits_ = 0;
};

ModelKind KindOf(std::uint64_t number) {
  constexpr unsigned kUpTo[kModelKinds] = {30, 50, 65, 80, 88, 95, 100};
  const unsigned percent = static_cast<unsigned>(number * 37 % 100);
  return static_cast<ModelKind>(std::upper_bound(std::begin(kUpTo), std::end(kUpTo), percent) - std::begin(kUpTo));
}

}  // namespace

std::string_view ModelKindName(ModelKind kind) {
  constexpr std::string_view kNames[kModelKinds] = {"cpu_seconds", "events", "bytes",   "memory",
                                                    "ratio",       "small",  "constant"};
  return kNames[static_cast<std::size_t>(kind)];
}

ModelSeries MakeModelSeries(ModelKind kind, std::uint64_t seed, std::size_t samples) {
  ModelSeries series{.kind = kind, .times_ms = {}, .values = {}};
  Generator generator(kind, seed);
  series.times_ms.reserve(samples);
  series.values.reserve(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    series.times_ms.push_back(kFirstMs + static_cast<std::int64_t>(i) * kStepMs);
    series.values.push_back(generator.Next(i));
  }
  series.entropy_bits = generator.entropy_bits();
  return series;
}

ModelSeries MakeModelSeries(std::uint64_t number, std::size_t samples) {
  return MakeModelSeries(KindOf(number), number, samples);
}

std::vector<std::int64_t> Jittered(std::vector<std::int64_t> times_ms, double sigma_ms, std::uint64_t seed) {
  Draw draw(seed);
  for (std::size_t i = 0; i < times_ms.size(); ++i) {
    times_ms[i] += static_cast<std::int64_t>(std::nearbyint(sigma_ms * draw.Normal()));
    if (i > 0) times_ms[i] = std::max(times_ms[i], times_ms[i - 1] + 1);
  }
  return times_ms;
}

}  // namespace helios::tsdb
