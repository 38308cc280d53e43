// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_decoder.h"

#include <snappy.h>

#include <cstddef>
#include <cstdint>
#include <string>

/// Once as a body from the wire, for snappy's own form, and once packed by us, so that bytes change the message itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const char*>(data);
  static_cast<void>(helios::ingest::DecodeRemoteWrite({bytes, size}));
  std::string packed;
  snappy::Compress(bytes, size, &packed);
  static_cast<void>(helios::ingest::DecodeRemoteWrite(packed));
  return 0;
}
