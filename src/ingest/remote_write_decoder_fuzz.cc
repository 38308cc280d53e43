// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <snappy.h>

#include <string>
#include <utility>

#include "ingest/decoder_fuzz.h"
#include "ingest/remote_write_decoder.h"

using namespace helios;          // NOLINT(google-build-using-namespace): this is a program
using namespace helios::ingest;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = FuzzedBytes(data, size);
  DecodedRequest& request = FuzzedRequest();
  // The first bit says whether the input is what snappy holds, which a fuzzer would hardly find its way into.
  if (bytes.empty()) return 0;
  std::string body(bytes.substr(1));
  if ((data[0] & 1U) != 0) {
    const std::string plain = std::move(body);
    snappy::Compress(plain.data(), plain.size(), &body);
  }
  CheckDecoded(request, DecodeRemoteWrite(body, request));
  if (!request.batch().series.empty()) (void)ReplicaOfRemoteWriteName(request.batch().series.front());
  return 0;
}
