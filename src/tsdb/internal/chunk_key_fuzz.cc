// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Keys and small values of the databases: any bytes are one or none; what is one is written as the same bytes again,
// and keys sort as bytes as they do by their members.
#include "tsdb/internal/chunk_key.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tsdb/internal/manifest_check.h"

namespace {

using namespace helios::tsdb;  // NOLINT(google-build-using-namespace): one file, no header

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckOrder(std::string_view a, std::string_view b) {
  const auto first = DecodeChunkKey(a);
  const auto second = DecodeChunkKey(b);
  if (first && second) Require((*first < *second) == (a < b) && (*first == *second) == (a == b));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (std::string_view rest = bytes; rest.size() >= kChunkKeyBytes; rest.remove_prefix(kChunkKeyBytes)) {
    CheckOrder(bytes.substr(0, kChunkKeyBytes), rest.substr(0, kChunkKeyBytes));
  }
  if (const auto key = DecodeChunkKey(bytes)) {
    Require(EncodeChunkKey(*key) == bytes && DayOf(DayStartMs(key->day)) == key->day);
    ChunkKey place = *key;
    place.series = {};
    Require(DecodeChunkPlace(EncodeChunkPlace(*key)) == place);
  }
  if (const auto place = DecodeChunkPlace(bytes)) Require(EncodeChunkPlace(*place) == bytes);
  if (const auto key = DecodeSeriesDiskKey(bytes)) Require(EncodeSeriesDiskKey(key->tenant, key->series) == bytes);
  // RocksDB's manifest, of which is asked only whether it is whole: bytes cut off at the end are no damage.
  if (!HasRecordBehindDamage(bytes)) Require(!HasRecordBehindDamage(bytes.substr(0, size - size / 3)));
  return 0;
}
