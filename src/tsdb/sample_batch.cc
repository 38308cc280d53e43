// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/sample_batch.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

namespace helios::tsdb {
namespace {

static_assert(std::endian::native == std::endian::little, "lengths are written as the machine has them");

/// Takes one text from the front of `rest`; none where its length does not fit.
std::optional<std::string_view> TakePart(std::string_view& rest) {
  std::uint32_t size = 0;
  if (rest.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, rest.data(), sizeof size);
  rest.remove_prefix(sizeof size);
  if (rest.size() < size) return std::nullopt;
  const std::string_view part = rest.substr(0, size);
  rest.remove_prefix(size);
  return part;
}

}  // namespace

void AppendNamePart(std::string_view text, std::string& out) {
  const auto size = static_cast<std::uint32_t>(text.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out.append(text);
}

void EncodeName(const SeriesKey& key, std::string& out) {
  AppendNamePart(key.metric, out);
  for (const Label& label : key.labels) {
    AppendNamePart(label.name, out);
    AppendNamePart(label.value, out);
  }
}

Result<SeriesKey> DecodeCanonicalName(std::string_view name) {
  const auto broken = [] {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_series", "cannot read the name of a series: it is cut off");
  };
  SeriesKey key;
  const auto metric = TakePart(name);
  if (!metric) return broken();
  key.metric = *metric;
  while (!name.empty()) {
    const auto label = TakePart(name);
    const auto value = label ? TakePart(name) : std::nullopt;
    if (!value) return broken();
    key.labels.push_back({.name = std::string(*label), .value = std::string(*value)});
  }
  return key;
}

Result<SeriesKey> DecodePartsName(std::string_view name) {
  HELIOS_TRY(SeriesKey key, DecodeCanonicalName(name));
  HELIOS_CHECK(Canonicalize(key));
  return key;
}

std::string ReadableBytes(std::string_view bytes) {
  constexpr std::size_t kMostBytes = 200;
  std::string text(bytes.substr(0, kMostBytes));
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

std::string ShowName(std::string_view name, NameDecoder decode) {
  if (const auto key = decode(name)) return ShowSeries(*key);
  // The parts of a name that is none, such as one with a label twice.
  if (const auto parts = DecodeCanonicalName(name)) return ReadableBytes(ToString(*parts));
  return ReadableBytes(name);
}

std::uint32_t KeyedBatch::AddSeries(const SeriesKey& key) {
  EncodeName(key, names_.emplace_back());
  batch_.series.push_back(names_.back());
  return static_cast<std::uint32_t>(batch_.series.size() - 1);
}

void KeyedBatch::AddSample(std::uint32_t series, TimestampMs time, double value) {
  batch_.rows.push_back({.series = series, .time = time, .value = value});
}

}  // namespace helios::tsdb
