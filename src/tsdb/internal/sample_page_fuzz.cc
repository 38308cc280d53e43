// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Pages: any bytes are pages or damage, and any samples come back from the pages made of them.
#include <cstring>

#include "tsdb/internal/codec_fuzz.h"
#include "tsdb/internal/sample_page.h"

namespace {

using namespace helios::tsdb;

void Decode(std::string_view bytes) {
  SampleBuffer buffer;
  while (!bytes.empty()) {
    const auto span = PeekPage(bytes);
    const std::size_t before = bytes.size();
    const std::size_t had = buffer.size();
    if (!DecodePage(bytes, buffer)) break;
    // What decodes can be peeked, and both say the same.
    Require(span.has_value() && span->size_bytes == before - bytes.size() && span->n == buffer.size() - had);
    Require(span->first_ms == buffer.times_ms[had] && span->last_ms == buffer.times_ms.back());
    // And it can be written again.
    std::string page;
    PageHint hint;
    EncodePage(std::span(buffer.times_ms).subspan(had), std::span(buffer.values).subspan(had), hint, page);
  }
}

void RoundTrip(std::string_view bytes) {
  PageHint hint;
  if (bytes.size() >= sizeof hint.packed) std::memcpy(&hint.packed, bytes.data(), sizeof hint.packed);
  const FuzzSamples samples = MakeFuzzSamples(bytes.substr(std::min<std::size_t>(4, bytes.size())), 4 * kPageSamples);
  std::string pages;
  for (std::size_t begin = 0; begin < samples.values.size(); begin += kPageSamples) {
    const std::size_t size = std::min(kPageSamples, samples.values.size() - begin);
    EncodePage(std::span(samples.times_ms).subspan(begin, size), std::span(samples.values).subspan(begin, size), hint,
               pages);
  }
  SampleBuffer buffer;
  for (std::string_view rest = pages; !rest.empty();) Require(DecodePage(rest, buffer).has_value());
  RequireSame(buffer, samples);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Decode(bytes);
  RoundTrip(bytes);
  return 0;
}
