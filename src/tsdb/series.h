// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace helios::tsdb {

struct Label {
  std::string name;
  std::string value;
  auto operator<=>(const Label&) const = default;
};

/// What identifies a series within its tenant: a metric name and a set of labels.
/// Canonical: labels sorted by name, names unique, no label with an empty value (Canonicalize()).
struct SeriesKey {
  std::string metric;
  std::vector<Label> labels;
  auto operator<=>(const SeriesKey&) const = default;

  /// The label's value, or "" where the series has none of that name.
  [[nodiscard]] std::string_view Find(std::string_view label) const;
};

/// Limits of DESIGN §3 rule 17.
inline constexpr std::size_t kMaxLabels = 40;
inline constexpr std::size_t kMaxLabelNameBytes = 256;
inline constexpr std::size_t kMaxLabelValueBytes = 2048;
inline constexpr std::size_t kMaxLabelSetBytes = 8U << 10U;
inline constexpr std::size_t kMaxMetricNameBytes = 255;

/// Brings `key` into canonical form. Errors, all kInvalidArgument: ingest.bad_metric_name (empty, too
/// long, not UTF-8, or with the reserved prefix "helios:"), ingest.bad_label_name, ingest.bad_label_value,
/// ingest.duplicate_label, ingest.too_many_labels, ingest.labels_too_large.
[[nodiscard]] Result<void> Canonicalize(SeriesKey& key);

/// cpu{host="a",mode="idle"}, for messages.
[[nodiscard]] std::string ToString(const SeriesKey& key);

/// The same, cut to some 200 bytes where it is longer: a request may hold 50,000 bad samples.
[[nodiscard]] std::string ShowSeries(const SeriesKey& key);

/// Number of a series within one store and tenant; never given twice.
struct SeriesId {
  std::uint64_t value = 0;
  auto operator<=>(const SeriesId&) const = default;
};

struct SeriesInfo {
  SeriesId id;
  SeriesKey key;
  TimestampMs first_seen;  ///< time of its oldest sample ever stored
  TimestampMs last_seen;   ///< time of its newest sample
  /// Another number after each append that stored a sample, also one older than `last_seen`; equal numbers of one
  /// process mean equal samples, but for what retention took.
  std::uint64_t revision = 0;
};

/// A condition on one label; a series without the label counts as having "".
struct Matcher {
  enum class Kind : std::uint8_t { kEqual, kNotEqual, kRegex, kNotRegex };
  std::string label;
  Kind kind = Kind::kEqual;
  std::string value;  ///< a regex is RE2 syntax and must match the whole value
};

/// Which series are meant. An empty metric means any.
struct SeriesSelector {
  std::string metric;
  std::vector<Matcher> matchers;
};

}  // namespace helios::tsdb
