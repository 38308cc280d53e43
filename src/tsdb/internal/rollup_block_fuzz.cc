// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Blocks of rollups: any bytes are one or damage, and any rollups come back, made of samples or not.
#include "tsdb/internal/codec_fuzz.h"
#include "tsdb/internal/rollup_block.h"

namespace {

using namespace helios::tsdb;

bool SameBits(const Column<double>& a, const Column<double>& b) {
  return std::ranges::equal(
      a, b, [](double x, double y) { return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y); });
}

void RequireBack(std::chrono::milliseconds step, const RollupBuffer& rollups) {
  std::string block;
  EncodeRollups(step, rollups, block);
  RollupBuffer back;
  Require(DecodeRollups(block, back).has_value());
  Require(back.times_ms == rollups.times_ms && back.count == rollups.count);
  Require(SameBits(back.min, rollups.min) && SameBits(back.max, rollups.max));
  Require(SameBits(back.sum, rollups.sum) && SameBits(back.last, rollups.last));
}

void Decode(std::string_view bytes) {
  RollupBuffer rollups;
  const auto span = PeekRollups(bytes);
  if (!DecodeRollups(bytes, rollups)) return;
  Require(span.has_value() && span->n == rollups.size());
  Require(span->first_ms == rollups.times_ms.front() && span->last_ms == rollups.times_ms.back());
  RequireBack(span->step, rollups);
}

void RoundTrip(std::string_view bytes) {
  FuzzSamples samples = MakeFuzzSamples(bytes, 3000);
  // Times that rollups are for.
  for (std::int64_t& time : samples.times_ms) time /= 4;
  constexpr std::chrono::milliseconds kStep = std::chrono::minutes{1};
  RollupBuffer rollups;
  AddSamples(kStep, samples.times_ms, samples.values, rollups);
  if (rollups.size() == 0) return;
  RequireBack(kStep, rollups);
  RollupBuffer hours;
  CoarsenRollups(std::chrono::hours{1}, rollups, hours);
  RequireBack(std::chrono::hours{1}, hours);
  RollupBuffer merged;
  MergeRollups(rollups, rollups, merged);
  Require(merged.times_ms == rollups.times_ms);
  RequireBack(kStep, merged);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Decode(bytes);
  RoundTrip(bytes);
  return 0;
}
