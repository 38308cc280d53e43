// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "tsdb/series.h"

namespace helios::tsdb {

/// How the bytes that name a series are written. Within one format equal bytes mean the same series, and a series may
/// have several names: labels in another order, or with a label that its decoder drops. A store remembers names it has
/// seen, so that a known series costs a look-up of its bytes and no parsing.
enum class NameFormat : std::uint8_t {
  kCanonical,    ///< EncodeName() of a canonical key. For Helios itself: a sender's bytes never have this format
  kParts,        ///< EncodeName() of labels as a sender wrote them: any order, unchecked
  kRemoteWrite,  ///< the `labels` fields, tags included, of a TimeSeries message of remote write 1.0
};

/// Reads a name into its canonical key. Errors: those of Canonicalize(), and what is wrong with the bytes; all
/// kInvalidArgument.
using NameDecoder = Result<SeriesKey> (*)(std::string_view name);

/// A name for people: as ShowSeries() does where `decode` reads it, else what can be read of its bytes.
[[nodiscard]] std::string ShowName(std::string_view name, NameDecoder decode);
/// The first 200 bytes, with '?' in place of each that is not printable ASCII.
[[nodiscard]] std::string ReadableBytes(std::string_view bytes);

/// Appends the name of `key` in the form of kCanonical and kParts to `out`: the metric, then each label's name and
/// value in the order they have, every text behind its length (u32, little endian).
void EncodeName(const SeriesKey& key, std::string& out);
/// The same, text by text: the metric first, then name and value of each label.
void AppendNamePart(std::string_view text, std::string& out);

/// Of kParts: reads and canonicalizes. Errors: those of Canonicalize(); kInvalidArgument ingest.bad_series.
[[nodiscard]] Result<SeriesKey> DecodePartsName(std::string_view name);
/// Of kCanonical: also takes the series of Helios itself. Errors: kInvalidArgument ingest.bad_series.
[[nodiscard]] Result<SeriesKey> DecodeCanonicalName(std::string_view name);

/// Samples of one request. Rows name their series by position in `series`, best in rising order.
struct SampleBatch {
  struct Row {
    std::uint32_t series = 0;
    TimestampMs time;
    double value = 0;
  };
  NameFormat format = NameFormat::kCanonical;
  NameDecoder decode = &DecodeCanonicalName;
  std::vector<std::string_view> series;  ///< names in `format`; the same one may stand there twice
  std::vector<Row> rows;
  /// An import: rows may be in any order and of any age within retention.
  bool any_order = false;
};

/// Builds a batch of series known by their keys, and owns their names.
class KeyedBatch {
 public:
  KeyedBatch() = default;
  /// Of one series.
  explicit KeyedBatch(const SeriesKey& key) { AddSeries(key); }

  /// Position of the series in the batch. The key must be canonical.
  std::uint32_t AddSeries(const SeriesKey& key);
  void AddSample(std::uint32_t series, TimestampMs time, double value);
  void AllowAnyOrder() { batch_.any_order = true; }

  /// Valid as long as this object.
  [[nodiscard]] const SampleBatch& batch() const { return batch_; }

 private:
  std::deque<std::string> names_;  // a deque: its strings stay where they are
  SampleBatch batch_;
};

}  // namespace helios::tsdb
