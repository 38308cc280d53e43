// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/decoder_fuzz.h"
#include "ingest/line_protocol_decoder.h"

using namespace helios;          // NOLINT(google-build-using-namespace): this is a program
using namespace helios::ingest;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = FuzzedBytes(data, size);
  DecodedRequest& request = FuzzedRequest();
  const LineProtocolOptions options{.now = FromUnixMs(1'767'441'600'000), .extra_label = "db", .extra_value = "x"};
  CheckDecoded(request, DecodeLineProtocol(bytes, options, request));
  return 0;
}
