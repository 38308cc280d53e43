// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Blocks and columns of times: any bytes are one or damage, and any samples come back.
#include "tsdb/internal/codec_fuzz.h"
#include "tsdb/internal/sample_block.h"
#include "tsdb/internal/times_column.h"

namespace {

using namespace helios::tsdb;

void Decode(std::string_view bytes) {
  SampleBuffer buffer;
  const auto span = PeekBlock(bytes);
  // Half of the bytes is also what a name stands for.
  const TimesResolver resolve = [&](const TimesRef&) -> helios::Result<SharedTimes> {
    Column<std::int64_t> times;
    HELIOS_CHECK(DecodeTimes(bytes.substr(bytes.size() / 2), times));
    return std::make_shared<const Column<std::int64_t>>(std::move(times));
  };
  if (DecodeBlock(bytes, resolve, buffer)) {
    Require(span.has_value() && span->n == buffer.size());
    Require(span->first_ms == buffer.times_ms.front() && span->last_ms == buffer.times_ms.back());
  }
  Column<std::int64_t> times;
  if (DecodeTimes(bytes, times)) {
    Require(std::ranges::is_sorted(times, std::ranges::less_equal()) || times.size() == 1);
  }
}

void RoundTrip(std::string_view bytes) {
  const FuzzSamples samples = MakeFuzzSamples(bytes, 3000);
  std::string block;
  EncodeBlock(samples.times_ms, samples.values, block);
  SampleBuffer buffer;
  Require(DecodeBlock(block, buffer).has_value());
  RequireSame(buffer, samples);

  std::string column;
  EncodeTimes(samples.times_ms, column);
  block.clear();
  EncodeBlock(samples.times_ms, samples.values, TimesRef{}, block);
  buffer.clear();
  const TimesResolver resolve = [&](const TimesRef&) -> helios::Result<SharedTimes> {
    Column<std::int64_t> times;
    HELIOS_CHECK(DecodeTimes(column, times));
    return std::make_shared<const Column<std::int64_t>>(std::move(times));
  };
  Require(DecodeBlock(block, resolve, buffer).has_value());
  RequireSame(buffer, samples);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Decode(bytes);
  RoundTrip(bytes);
  return 0;
}
