// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace helios::ml {

/// What an artifact says about itself before its parts.
struct BundleHeader {
  TimestampMs created{};
  std::string metric;  ///< at most 4,096 bytes
  std::string config;  ///< what the models were trained with, for whoever trains them; at most 65,536 bytes
};

/// Writes an artifact: the models of all series of one metric, each part for itself readable. In one pass, without I/O:
/// bytes go to a sink as they come about. Memory: some 64 bytes a series. Not thread-safe.
/// Layout: docs/formats/model-artifact.md.
class BundleWriter {
 public:
  /// Takes the next bytes of the artifact; an error ends the writing and is passed up.
  using Sink = std::function<Result<void>(std::string_view bytes)>;

  static constexpr std::size_t kLongestKey = 255;
  static constexpr std::size_t kLargestPart = std::size_t{64} << 20U;

  /// Errors: kInvalidArgument ml.bad_bundle_header  a metric or config that is too long; the sink's.
  [[nodiscard]] static Result<BundleWriter> Start(const BundleHeader& header, Sink sink);

  /// Adds the part of a series, in any order of keys: what FittedForecaster::Save() and model_parts.h make, or a part
  /// of another artifact as it is (its model is promoted without being restored). The empty key is for what belongs to
  /// the whole metric. Errors: kInvalidArgument ml.bad_bundle_part  an empty or too large part, a key too long; the
  /// sink's.
  [[nodiscard]] Result<void> Add(std::string_view key, std::string_view part);

  /// Writes the index and the end; after it the writer is spent.
  /// Errors: kInvalidArgument ml.bad_bundle_part  a key that was added twice; the sink's.
  [[nodiscard]] Result<void> Finish();

  [[nodiscard]] std::size_t series() const { return entries_.size(); }

 private:
  struct Entry {
    std::string key;
    std::uint64_t offset;
    std::uint64_t length;
  };

  explicit BundleWriter(Sink sink) : sink_(std::move(sink)) {}
  [[nodiscard]] Result<void> Write(std::string_view bytes);

  Sink sink_;
  std::vector<Entry> entries_;
  std::uint64_t written_ = 0;
  std::uint32_t crc_ = 0;
};

/// Reads an artifact where it lies: a file mapped into memory, or bytes. Every access is checked against the bounds and
/// by a checksum before anything is believed. Const members are thread-safe.
class ModelBundle {
 public:
  /// Looks at the header, the index and the end, not at the parts; `bytes` must outlive the bundle. O(series).
  /// Errors: kDataCorruption ml.bad_artifact      not an artifact, one that is cut short, or damaged there
  ///         kFailedPrecondition ml.newer_format  written by a newer Helios
  [[nodiscard]] static Result<ModelBundle> Open(std::string_view bytes);

  [[nodiscard]] const BundleHeader& header() const { return header_; }
  /// Number of parts.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Keys ascend as bytes do. Requires i < size().
  [[nodiscard]] std::string_view KeyAt(std::size_t i) const { return entries_[i].key; }

  /// The part of a series, or of the metric ("").
  /// Errors: kNotFound ml.no_such_model; kDataCorruption ml.bad_artifact  this part is damaged (others need not be)
  [[nodiscard]] Result<std::string_view> Part(std::string_view key) const;
  [[nodiscard]] Result<std::string_view> PartAt(std::size_t i) const;

  /// Compares the checksum of all bytes. O(bytes). Errors: kDataCorruption ml.bad_artifact.
  [[nodiscard]] Result<void> Verify() const;

 private:
  struct Entry {
    std::string_view key;
    std::uint64_t offset;
    std::uint64_t length;
  };

  ModelBundle() = default;

  std::string_view bytes_;
  BundleHeader header_;
  std::vector<Entry> entries_;
  std::uint32_t crc_ = 0;  // of all before the end
};

}  // namespace helios::ml
