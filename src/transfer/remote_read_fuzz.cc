// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Any bytes as the answer of a remote read, and as the message within one: what is decoded is no more than the bytes
// can hold, and each refusal has a code.
#include "transfer/remote_read.h"

#include <snappy.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(std::string_view body) {
  constexpr std::size_t kMost = 1U << 20U;
  const auto series = helios::transfer::DecodeReadAnswer(body, kMost);
  if (!series) return Require(series.error().reason.starts_with("transfer.") && !series.error().message.empty());
  std::size_t bytes = 0;
  for (const auto& one : *series) {
    bytes += 2 + one.key.metric.size() + 2 * one.samples.size() + 2 * one.histograms;
    for (const auto& label : one.key.labels) bytes += 2 + label.name.size() + label.value.size();
  }
  Require(bytes <= kMost);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  std::string body;
  snappy::Compress(bytes.data(), bytes.size(), &body);
  Check(body);
  return 0;
}
