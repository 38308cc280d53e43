// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/chunk_key.h"

#include <bit>
#include <cstring>

namespace helios::tsdb {
namespace {

template <class T>
void PutBigEndian(T value, std::string& out) {
  for (std::size_t i = sizeof(T); i > 0; --i) out += static_cast<char>(value >> ((i - 1) * 8) & 0xffU);
}

template <class T>
T TakeBigEndian(std::string_view& bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value << 8U | static_cast<std::uint8_t>(bytes[i]));
  bytes.remove_prefix(sizeof(T));
  return value;
}

// Days below 0 sort before the others.
constexpr std::uint32_t kDayBias = 1U << 31U;

}  // namespace

void EncodeChunkKey(const ChunkKey& key, std::string& out) {
  PutBigEndian(key.tenant, out);
  out += static_cast<char>(key.kind);
  PutBigEndian(static_cast<std::uint32_t>(key.day) + kDayBias, out);
  PutBigEndian(key.flush, out);
  PutBigEndian(key.series.value, out);
}

std::string EncodeChunkKey(const ChunkKey& key) {
  std::string out;
  out.reserve(kChunkKeyBytes);
  EncodeChunkKey(key, out);
  return out;
}

std::optional<ChunkKey> DecodeChunkKey(std::string_view bytes) {
  if (bytes.size() != kChunkKeyBytes) return std::nullopt;
  ChunkKey key;
  key.tenant = TakeBigEndian<std::uint32_t>(bytes);
  key.kind = static_cast<ChunkKind>(bytes.front());
  bytes.remove_prefix(1);
  if (key.kind < ChunkKind::kSamples || key.kind > ChunkKind::kHours) return std::nullopt;
  key.day = static_cast<std::int32_t>(TakeBigEndian<std::uint32_t>(bytes) - kDayBias);
  key.flush = TakeBigEndian<std::uint32_t>(bytes);
  key.series.value = TakeBigEndian<std::uint64_t>(bytes);
  return key;
}

std::string EncodeChunkPlace(const ChunkKey& key) {
  std::string out(kChunkPlacePrefix);
  EncodeChunkKey(key, out);
  out.resize(out.size() - sizeof key.series.value);
  return out;
}

std::optional<ChunkKey> DecodeChunkPlace(std::string_view bytes) {
  if (!bytes.starts_with(kChunkPlacePrefix)) return std::nullopt;
  bytes.remove_prefix(kChunkPlacePrefix.size());
  return DecodeChunkKey(std::string(bytes) + std::string(sizeof(SeriesId), '\0'));
}

std::string EncodeSeriesDiskKey(std::uint32_t tenant, SeriesId series) {
  std::string out;
  PutBigEndian(tenant, out);
  PutBigEndian(series.value, out);
  return out;
}

std::optional<SeriesDiskKey> DecodeSeriesDiskKey(std::string_view bytes) {
  if (bytes.size() != kSeriesDiskKeyBytes) return std::nullopt;
  SeriesDiskKey key;
  key.tenant = TakeBigEndian<std::uint32_t>(bytes);
  key.series.value = TakeBigEndian<std::uint64_t>(bytes);
  return key;
}

}  // namespace helios::tsdb
