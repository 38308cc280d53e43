// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/codec.h"

#include <bit>
#include <cstring>
#include <optional>

namespace helios::tsdb {
namespace {

constexpr char kSeriesEntryVersion = 1;
// Far above kMaxLabels, which binds customers and not Helios' own series: it only keeps a damaged count harmless.
constexpr std::size_t kMostLabels = 4096;
constexpr std::uint64_t kSignBit = 1ULL << 63U;

void StoreU64(char* out, std::uint64_t value) {
  value = __builtin_bswap64(value);
  std::memcpy(out, &value, sizeof value);
}

void AppendVarint(std::string& out, std::size_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
  out += static_cast<char>(value);
}

void AppendText(std::string& out, std::string_view text) {
  AppendVarint(out, text.size());
  out += text;
}

/// Takes parts off the front of a run of bytes; every one of them may be missing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::optional<std::string_view> Bytes(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  /// At most five bytes: no length here needs more.
  std::optional<std::size_t> Varint() {
    std::size_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto byte = Bytes(1);
      if (!byte) return std::nullopt;
      const auto bits = static_cast<std::uint8_t>(byte->front());
      value |= static_cast<std::size_t>(bits & 0x7FU) << shift;
      if (bits < 0x80) return value;
    }
    return std::nullopt;
  }

  std::optional<std::string> Text() {
    const auto size = Varint();
    if (!size) return std::nullopt;
    const auto bytes = Bytes(*size);
    if (!bytes) return std::nullopt;
    return std::string(*bytes);
  }

  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<SeriesEntry> ParseSeriesEntry(Reader in) {
  const auto version = in.Bytes(1);
  if (!version || version->front() != kSeriesEntryVersion) return std::nullopt;
  const auto first_seen = in.Bytes(8);
  if (!first_seen) return std::nullopt;
  SeriesEntry entry;
  entry.first_seen = FromUnixMs(std::bit_cast<std::int64_t>(LoadU64(first_seen->data())));
  auto metric = in.Text();
  const auto count = in.Varint();
  if (!metric || !count || *count > kMostLabels) return std::nullopt;
  entry.key.metric = *std::move(metric);
  entry.key.labels.reserve(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    auto name = in.Text();
    auto value = in.Text();
    if (!name || !value) return std::nullopt;
    entry.key.labels.push_back({*std::move(name), *std::move(value)});
  }
  if (!in.empty()) return std::nullopt;
  return entry;
}

}  // namespace

std::uint64_t LoadU64(const char* bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return __builtin_bswap64(value);
}

void AppendU64(std::string& out, std::uint64_t value) {
  char bytes[8];
  StoreU64(bytes, value);
  out.append(bytes, sizeof bytes);
}

SampleDiskKey::SampleDiskKey(TenantId tenant, SeriesId series, std::int64_t time_ms) {
  std::memcpy(bytes_.data(), tenant.value.bytes.data(), 16);
  StoreU64(bytes_.data() + 16, series.value);
  StoreU64(bytes_.data() + kSeriesKeyBytes, std::bit_cast<std::uint64_t>(time_ms) ^ kSignBit);
}

std::string SeriesDiskKey(TenantId tenant, SeriesId series) {
  return std::string(SampleDiskKey(tenant, series, 0).bytes().substr(0, kSeriesKeyBytes));
}

TenantId TenantOfKey(std::string_view key) {
  TenantId tenant;
  std::memcpy(tenant.value.bytes.data(), key.data(), 16);
  return tenant;
}

SeriesId SeriesOfKey(std::string_view key) {
  return SeriesId{LoadU64(key.data() + 16)};
}

std::int64_t TimeOfSampleKey(std::string_view key) {
  return std::bit_cast<std::int64_t>(LoadU64(key.data() + kSeriesKeyBytes) ^ kSignBit);
}

std::string EncodeSeriesEntry(const SeriesKey& key, std::int64_t first_seen_ms) {
  std::string out;
  out += kSeriesEntryVersion;
  AppendU64(out, std::bit_cast<std::uint64_t>(first_seen_ms));
  AppendText(out, key.metric);
  AppendVarint(out, key.labels.size());
  for (const Label& label : key.labels) {
    AppendText(out, label.name);
    AppendText(out, label.value);
  }
  return out;
}

Result<SeriesEntry> DecodeSeriesEntry(std::string_view bytes) {
  auto entry = ParseSeriesEntry(Reader(bytes));
  if (!entry) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
                "cannot read a series of the sample store: its {} bytes are not a series entry of version {}",
                bytes.size(), static_cast<int>(kSeriesEntryVersion));
  }
  return *std::move(entry);
}

}  // namespace helios::tsdb
