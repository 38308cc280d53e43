// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <snappy.h>

#include <string>

#include "ingest/decoder_fuzz.h"
#include "ingest/remote_write_v2_decoder.h"

using namespace helios;          // NOLINT(google-build-using-namespace): this is a program
using namespace helios::ingest;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = FuzzedBytes(data, size);
  DecodedRequest& request = FuzzedRequest();
  std::string body;
  snappy::Compress(bytes.data(), bytes.size(), &body);
  Replica replica;
  CheckDecoded(request, DecodeRemoteWriteV2(body, request, replica));
  return 0;
}
