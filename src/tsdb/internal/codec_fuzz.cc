// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/codec.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace tsdb = helios::tsdb;

/// What was read must be written so that it reads the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto entry = tsdb::DecodeSeriesEntry({reinterpret_cast<const char*>(data), size});
  if (!entry) return 0;
  const auto again = tsdb::DecodeSeriesEntry(tsdb::EncodeSeriesEntry(entry->key, helios::ToUnixMs(entry->first_seen)));
  if (!again || again->key != entry->key || again->first_seen != entry->first_seen) std::abort();
  return 0;
}
