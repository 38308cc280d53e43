// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/decoder_fuzz.h"
#include "ingest/otlp_json.h"
#include "ingest/otlp_protobuf.h"
#include "ingest/otlp_translator.h"

using namespace helios;          // NOLINT(google-build-using-namespace): this is a program
using namespace helios::ingest;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = FuzzedBytes(data, size);
  DecodedRequest& request = FuzzedRequest();
  if (bytes.empty()) return 0;
  DeltaSums sums;
  OtlpTranslator translator({}, FromUnixMs(1'767'441'600'000), sums, request);
  // The first bit chooses between protobuf and JSON.
  Result<void> decoded = (data[0] & 1U) != 0 ? DecodeOtlpJson(bytes.substr(1), translator)
                                             : DecodeOtlpProtobuf(bytes.substr(1), translator);
  if (decoded) decoded = request.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
  CheckDecoded(request, decoded);
  sums.Undo({}, translator.TakeSteps());
  return 0;
}
