// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/series.h"

#include <algorithm>

#include "tsdb/internal/utf8.h"

namespace helios::tsdb {
namespace {

constexpr std::string_view kReservedPrefix = "helios:";
constexpr std::string_view kMetricLabel = "__name__";

/// UTF-8 without a NUL, which neither JSON clients nor PostgreSQL would carry on.
bool IsText(std::string_view text) {
  return IsValidUtf8(text) && text.find('\0') == std::string_view::npos;
}

/// As much of a name as a message should show; never a broken character.
std::string Shown(std::string_view text) {
  if (!IsValidUtf8(text)) return "bytes that are not UTF-8";
  const std::string_view prefix = Utf8Prefix(text, 64);
  return fmt::format("'{}{}'", prefix, prefix.size() < text.size() ? "…" : "");
}

Result<void> CheckMetric(std::string_view metric) {
  const auto fail = [&](std::string_view cause) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_metric_name",
                "cannot take metric {}: {}; want 1 to {} bytes "
                "of UTF-8 without the prefix '{}'",
                Shown(metric), cause, kMaxMetricNameBytes, kReservedPrefix);
  };
  if (metric.empty()) return fail("its name is empty");
  if (metric.size() > kMaxMetricNameBytes) return fail(fmt::format("its name has {} bytes", metric.size()));
  if (!IsText(metric)) return fail("its name is not UTF-8 text");
  if (metric.starts_with(kReservedPrefix)) return fail("the prefix is reserved");
  return {};
}

Result<void> CheckLabel(const Label& label) {
  const auto fail_name = [&](std::string_view cause) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_label_name",
                "cannot take label {}: {}; want 1 to {} bytes "
                "of UTF-8 other than '{}'",
                Shown(label.name), cause, kMaxLabelNameBytes, kMetricLabel);
  };
  const auto fail_value = [&](std::string_view cause) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_label_value",
                "cannot take label {}: {}; want at most {} "
                "bytes of UTF-8",
                Shown(label.name), cause, kMaxLabelValueBytes);
  };
  if (label.name.empty()) return fail_name("its name is empty");
  if (label.name.size() > kMaxLabelNameBytes) return fail_name(fmt::format("its name has {} bytes", label.name.size()));
  if (!IsText(label.name)) return fail_name("its name is not UTF-8 text");
  if (label.name == kMetricLabel) return fail_name("the metric's name is not a label");
  if (label.value.size() > kMaxLabelValueBytes) {
    return fail_value(fmt::format("its value has {} bytes", label.value.size()));
  }
  if (!IsText(label.value)) return fail_value("its value is not UTF-8 text");
  return {};
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string_view SeriesKey::Find(std::string_view label) const {
  const auto at = std::ranges::find(labels, label, &Label::name);
  return at == labels.end() ? std::string_view{} : std::string_view(at->value);
}

Result<void> Canonicalize(SeriesKey& key) {
  HELIOS_CHECK(CheckMetric(key.metric));
  for (const Label& label : key.labels) HELIOS_CHECK(CheckLabel(label));
  std::erase_if(key.labels, [](const Label& label) { return label.value.empty(); });
  if (key.labels.size() > kMaxLabels) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.too_many_labels",
                "cannot take a series of metric {}: too many labels; got {}; want at most {}", Shown(key.metric),
                key.labels.size(), kMaxLabels);
  }
  std::size_t bytes = 0;
  for (const Label& label : key.labels) bytes += label.name.size() + label.value.size();
  if (bytes > kMaxLabelSetBytes) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.labels_too_large",
                "cannot take a series of metric {}: its labels are too large; got {} bytes; want at most {}",
                Shown(key.metric), bytes, kMaxLabelSetBytes);
  }
  if (!std::ranges::is_sorted(key.labels, {}, &Label::name)) std::ranges::sort(key.labels, {}, &Label::name);
  const auto twice = std::ranges::adjacent_find(key.labels, {}, &Label::name);
  if (twice != key.labels.end()) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.duplicate_label",
                "cannot take a series of metric {}: label {} stands there twice", Shown(key.metric),
                Shown(twice->name));
  }
  return {};
}

std::string ToString(const SeriesKey& key) {
  std::string text = key.metric;
  if (key.labels.empty()) return text;
  char separator = '{';
  for (const Label& label : key.labels) {
    text += separator;
    separator = ',';
    text += label.name;
    text += '=';
    AppendQuoted(text, label.value);
  }
  text += '}';
  return text;
}

std::string ShowSeries(const SeriesKey& key) {
  constexpr std::size_t kMostBytes = 200;
  const std::string text = ToString(key);
  const std::string_view prefix = Utf8Prefix(text, kMostBytes);
  return fmt::format("{}{}", prefix, prefix.size() < text.size() ? "…" : "");
}

}  // namespace helios::tsdb
