// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "tests/bench/measured_process.h"
#include "tests/bench/sender.h"

namespace helios::bench {

enum class Protocol : std::uint8_t { kRemoteWrite, kJson };

/// A server on an empty directory of its own, listening on a free port of this machine.
class Target {
 public:
  Target(MeasuredProcess server, std::filesystem::path samples)
      : process(std::move(server)), samples_(std::move(samples)) {}
  virtual ~Target() = default;

  /// Errors: kFailedPrecondition bench.unsupported where it does not speak that.
  [[nodiscard]] virtual Result<Intake> IntakeOf(Protocol protocol) const = 0;

  /// Looks, while it still runs, for samples that it acknowledged and dropped. Errors: kFailedPrecondition
  /// bench.dropped.
  [[nodiscard]] virtual Result<void> CheckNothingDropped() const { return {}; }

  /// Has the stopped server's program do the work that it put off, and returns the CPU seconds that took.
  /// Errors: kInternal bench.bad_exit.
  [[nodiscard]] virtual Result<double> CatchUp() const { return 0; }

  /// Bytes that the directory of its samples takes on the disk, by the names in it.
  [[nodiscard]] std::map<std::string, std::uint64_t> DiskBytes() const;

  MeasuredProcess process;

 private:
  std::filesystem::path samples_;
};

/// `helios serve` with its private PostgreSQL and one organization of the enterprise plan: 10 M active series, no limit
/// of samples a second, 90 days of raw samples. Errors: bench.cannot_start, bench.cannot_sign_up.
[[nodiscard]] Result<std::unique_ptr<Target>> StartHelios(const std::filesystem::path& program,
                                                          const std::filesystem::path& scratch);

/// Single-node VictoriaMetrics with its defaults, but for three months of retention. Errors: bench.cannot_start.
[[nodiscard]] Result<std::unique_ptr<Target>> StartVictoriaMetrics(const std::filesystem::path& program,
                                                                   const std::filesystem::path& scratch);

/// The part of DiskBytes() that grows with the samples: without journals, which are recycled, and without caches.
[[nodiscard]] std::uint64_t DataBytes(const std::map<std::string, std::uint64_t>& disk);

}  // namespace helios::bench
