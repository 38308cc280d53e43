// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/json_decoder.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static_cast<void>(helios::ingest::DecodeJson(body, helios::FromUnixMs(1'767'441'600'000)));
  return 0;
}
