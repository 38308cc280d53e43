// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/cursor.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// A cursor of ours reads back; no other is taken. A keyed digest of 16 bytes does not collide within any run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const helios::tenancy::CursorCodec codec(std::array<std::uint8_t, 32>{1, 2, 3});
  static const helios::TenantId tenant = helios::TenantId::Parse("00112233-4455-6677-8899-aabbccddeeff").value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (codec.Decode(tenant, "fuzz", text)) std::abort();
  const std::string_view position = text.substr(0, 400);
  const auto read = codec.Decode(tenant, "fuzz", codec.Encode(tenant, "fuzz", position));
  if (!read || *read != position) std::abort();
  return 0;
}
