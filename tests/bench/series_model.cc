// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/series_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace helios::bench {
namespace {

enum class Kind : std::uint8_t { kCpu, kCount, kBytes, kMemory, kRatio, kSmall, kConstant };

/// How many of a host's 32 series are of a kind, and how a kind moves, in its own whole units.
struct KindTraits {
  Kind kind;
  int series;
  double mean;   ///< of a counter's increment or of a gauge
  double noise;  ///< standard deviation
};
constexpr std::array<KindTraits, 7> kKinds{{
    {Kind::kCpu, 7, 1'000, 152},         // hundredths of a second of CPU
    {Kind::kCount, 7, 80, 8.9},          // requests
    {Kind::kBytes, 5, 200'000, 23'000},  // bytes sent
    {Kind::kMemory, 5, 1'000'000, 76},   // pages of 4096 bytes, a random walk
    {Kind::kRatio, 3, 500'000, 8'000},   // millionths
    {Kind::kSmall, 3, 20, 0.76},         // connections
    {Kind::kConstant, 2, 8, 0},          // processors
}};

constexpr auto kKindOfSlot = [] {
  std::array<std::uint8_t, SeriesModel::kSeriesPerHost> kinds{};
  std::size_t slot = 0;
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    for (int i = 0; i < kKinds[kind].series; ++i) kinds[slot++] = static_cast<std::uint8_t>(kind);
  }
  return kinds;
}();

constexpr std::array<std::string_view, 7> kNames = {"container_cpu_usage_seconds_total",
                                                    "http_server_requests_total",
                                                    "container_network_transmit_bytes_total",
                                                    "container_memory_working_set_bytes",
                                                    "node_filesystem_used_ratio",
                                                    "database_pool_connections_in_use",
                                                    "machine_cpu_cores"};

/// SplitMix64's finalizer.
constexpr std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111eb;
  return x ^ (x >> 31U);
}

/// Close to normal with mean 0 and deviation 1: the sum of four uniform numbers.
double Normal(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t bits = Mix(Mix(a) ^ b);
  const auto sum =
      static_cast<double>((bits & 0xffffU) + ((bits >> 16U) & 0xffffU) + ((bits >> 32U) & 0xffffU) + (bits >> 48U));
  return (sum / 65'536.0 - 2.0) * std::numbers::sqrt3;
}

}  // namespace

SeriesModel::SeriesModel(std::size_t series, TimestampMs first, double jitter_ms)
    : first_(first), jitter_ms_(jitter_ms), cycle_(), levels_(series) {
  for (std::size_t step = 0; step < kStepsPerDay; ++step) {
    cycle_[step] = std::sin(2.0 * std::numbers::pi * static_cast<double>(step) / kStepsPerDay);
  }
  for (std::size_t i = 0; i < series; ++i) {
    const KindTraits& traits = kKinds[kKindOfSlot[i % kSeriesPerHost]];
    const auto seed = static_cast<double>(Mix(i) % 1'000);
    levels_[i] = static_cast<std::int64_t>(traits.mean * (traits.kind == Kind::kMemory ? 1.0 : seed));
  }
}

SeriesModel::Labels SeriesModel::LabelsOf(std::size_t series) {
  const std::size_t host = series / kSeriesPerHost;
  const std::size_t slot = series % kSeriesPerHost;
  const std::uint64_t id = Mix(host);
  Labels labels = {
      {"__name__", std::string(kNames[kKindOfSlot[slot]])},
      {"cluster", fmt::format("production-eu-central-{}", host / 500)},
      {"container", fmt::format("service-{}", id % 40)},
      {"instance", fmt::format("10.{}.{}.{}:9100", host / 65'536 % 256, host / 256 % 256, host % 256)},
      {"job", "kubernetes-service-endpoints"},
      {"namespace", fmt::format("team-{}-production", id % 12)},
      {"pod", fmt::format("service-{}-{:08x}-{:05x}", id % 40, id >> 32U, host)},
      {"slot", std::to_string(slot)},
  };
  if (slot % 2 == 0)
    labels.insert(labels.begin() + 1,
                  {"availability_zone", fmt::format("eu-central-1{:c}", 'a' + static_cast<char>(id % 3))});
  if (slot % 4 == 0) labels.emplace_back("version", fmt::format("2026.11.{}", id % 30));
  if (slot % 8 == 7) std::erase_if(labels, [](const auto& label) { return label.first == "container"; });
  return labels;
}

double SeriesModel::NextValue(std::size_t series, std::size_t round) {
  const std::size_t host = series / kSeriesPerHost;
  const KindTraits& traits = kKinds[kKindOfSlot[series % kSeriesPerHost]];
  const double cycle = cycle_[(round + host % 24 * (kStepsPerDay / 24)) % kStepsPerDay];
  const double noise = traits.noise * Normal(series, round);
  std::int64_t& level = levels_[series];
  switch (traits.kind) {
    case Kind::kCpu:
    case Kind::kCount:
    case Kind::kBytes:
      level += std::max<std::int64_t>(0, std::llround(traits.mean * (1.0 + 0.5 * cycle) + noise));
      return traits.kind == Kind::kCpu ? static_cast<double>(level) / 100.0 : static_cast<double>(level);
    case Kind::kMemory: level = std::abs(level + std::llround(noise)); return static_cast<double>(level) * 4096.0;
    case Kind::kRatio: return static_cast<double>(std::llround(traits.mean * (1.0 + 0.6 * cycle) + noise)) / 1e6;
    case Kind::kSmall: return static_cast<double>(std::llround(traits.mean * (1.0 + 0.5 * cycle) + noise));
    case Kind::kConstant: return traits.mean;
  }
  return 0;
}

TimestampMs SeriesModel::TimeOf(std::size_t series, std::size_t round) const {
  TimestampMs time = first_ + kStep * static_cast<std::int64_t>(round);
  if (jitter_ms_ > 0) {
    const std::uint64_t host = series / kSeriesPerHost;
    time += std::chrono::milliseconds{std::llround(jitter_ms_ * Normal(~host, round))};
  }
  return time;
}

double SeriesModel::EntropyBytes() {
  double bits = 0;
  for (const KindTraits& traits : kKinds) {
    if (traits.noise == 0) continue;
    double own = std::log2(traits.noise * std::sqrt(2.0 * std::numbers::pi * std::numbers::e));
    if (traits.kind == Kind::kSmall) {
      own = 0;
      for (int value = -8; value <= 8; ++value) {
        const auto below = [&](double x) { return 0.5 * std::erfc(-x / traits.noise / std::numbers::sqrt2); };
        const double p = below(value + 0.5) - below(value - 0.5);
        if (p > 0) own -= p * std::log2(p);
      }
    }
    bits += own * traits.series;
  }
  return bits / 8.0 / kSeriesPerHost;
}

}  // namespace helios::bench
