// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/series_model.h"

namespace helios::bench {

/// Makes the bodies of intake requests out of a model's samples. What does not change between the requests of a series
/// is made once, so that a body costs little more than copying it. Threads may build of different series at once.
class BodyBuilder {
 public:
  explicit BodyBuilder(SeriesModel& model) : model_(model) {}
  virtual ~BodyBuilder() = default;

  /// Puts the body with one sample of each of `series` into `body`. Rounds of a series come one after the other.
  virtual void Build(std::span<const std::uint32_t> series, std::size_t round, std::string& body) = 0;

 protected:
  SeriesModel& model_;
};

/// A WriteRequest of remote write 1.0 in snappy's block format. Times must lie between 2004 and 2109.
class RemoteWriteBodies final : public BodyBuilder {
 public:
  explicit RemoteWriteBodies(SeriesModel& model);
  void Build(std::span<const std::uint32_t> series, std::size_t round, std::string& body) override;

  /// Of all label fields of a series in the WriteRequest, on average.
  [[nodiscard]] double LabelBytes() const;

 private:
  std::string frames_;             // a complete time series each, with a sample to overwrite at its end
  std::vector<std::size_t> ends_;  // of each frame in frames_
};

/// The body of POST /api/v1/ingest.
class JsonBodies final : public BodyBuilder {
 public:
  explicit JsonBodies(SeriesModel& model);
  void Build(std::span<const std::uint32_t> series, std::size_t round, std::string& body) override;

 private:
  std::vector<std::string> heads_;  // of each series' item, up to its value
};

}  // namespace helios::bench
