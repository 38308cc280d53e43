// SPDX-License-Identifier: Apache-2.0
#include "http/internal/gzip.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace gzip = helios::http::internal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMaxBytes = 1U << 20U;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const bool packed_by_gzip : {false, true}) {
    const auto plain = gzip::Inflate(bytes, packed_by_gzip, kMaxBytes);
    if (plain && plain->size() > kMaxBytes) std::abort();
  }
  const auto again = gzip::Inflate(gzip::Gzip(bytes), true, size);
  if (!again || *again != bytes) std::abort();
  return 0;
}
