// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/event_id.h"

#include "base/base64.h"
#include "base/crc32c.h"

namespace helios::live {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kCrcBytes = 4;

void AppendFixed(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

void AppendVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
  out += static_cast<char>(value);
}

std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}

std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

/// Reads what was appended; after a failure everything is 0 and `failed` stays.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t Fixed(std::size_t count) {
    if (bytes_.size() < count) return Fail();
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
    bytes_.remove_prefix(count);
    return value;
  }
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = Fixed(1);
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80 || failed) return failed ? 0 : value;
    }
    return Fail();
  }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  bool failed = false;

 private:
  std::uint64_t Fail() {
    failed = true;
    bytes_ = {};
    return 0;
  }
  std::string_view bytes_;
};

/// A time that a clock may show, in milliseconds: what is added to it stays far from the type's ends.
bool IsPlausible(std::int64_t ms) {
  constexpr std::int64_t kYear10000 = 253'402'300'800'000;
  return ms >= -kYear10000 && ms < kYear10000;
}

}  // namespace

std::string EncodeId(const EventId& id) {
  std::string out(1, kVersion);
  AppendFixed(out, id.subscription, 8);
  AppendVarint(out, static_cast<std::uint64_t>(ToUnixMs(id.began)));
  AppendVarint(out, id.sent.size());
  std::uint64_t before = 0;
  for (const auto& [series, time] : id.sent) {
    AppendVarint(out, series.value - before);
    AppendVarint(out, ZigZag((time - id.began).count()));
    before = series.value;
  }
  AppendFixed(out, Crc32c(out), kCrcBytes);
  return ToBase64(out);
}

std::optional<EventId> DecodeId(std::string_view text) {
  if (text.size() > kMaxIdBytes) return std::nullopt;
  const auto decoded = FromBase64(text);
  if (!decoded || decoded->size() <= kCrcBytes || decoded->front() != kVersion) return std::nullopt;
  const std::string_view body = std::string_view(*decoded).substr(0, decoded->size() - kCrcBytes);
  if (Bytes(std::string_view(*decoded).substr(body.size())).Fixed(kCrcBytes) != Crc32c(body)) return std::nullopt;

  Bytes bytes(body.substr(1));
  EventId id;
  id.subscription = bytes.Fixed(8);
  const auto began = static_cast<std::int64_t>(bytes.Varint());
  const std::uint64_t count = bytes.Varint();
  if (bytes.failed || !IsPlausible(began) || count > kMaxIdSeries) return std::nullopt;
  id.began = FromUnixMs(began);
  std::uint64_t series = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    series += bytes.Varint();
    const std::int64_t since = UnZigZag(bytes.Varint());
    if (bytes.failed || !IsPlausible(since)) return std::nullopt;
    id.sent[{series}] = id.began + std::chrono::milliseconds{since};
  }
  if (!bytes.empty()) return std::nullopt;
  return id;
}

}  // namespace helios::live
