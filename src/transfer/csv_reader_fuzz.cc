// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Any text as a CSV file, in either layout and read in pieces of any size: it ends, every line is a sample, a gap or
// told to be bad, and every sample has a time of this era and a series that the store could hold.
#include "transfer/csv_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helios::transfer;
  if (size < 2) return 0;
  CsvOptions options;
  options.layout = (data[0] & 1U) != 0 ? CsvLayout::kWide : CsvLayout::kLong;
  if ((data[0] & 2U) != 0) options.metric = "cpu";
  if ((data[0] & 4U) != 0) options.column_label = "host";
  const std::size_t piece = data[1] + std::size_t{1};
  std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  SeriesBook book;
  std::uint64_t told = 0;
  std::uint64_t line_before = 0;
  CsvReader reader(
      [&rest, piece](std::span<char> to) -> helios::Result<std::size_t> {
        const std::size_t taken = std::min({piece, rest.size(), to.size()});
        std::memcpy(to.data(), rest.data(), taken);
        rest.remove_prefix(taken);
        return taken;
      },
      options, "file", book,
      [&](std::uint64_t line, std::string_view why) {
        Require(line > line_before && !why.empty());
        line_before = line;
        ++told;
      });
  std::vector<CsvSample> samples;
  for (;;) {
    const auto more = reader.Next(samples);
    if (!more) {
      Require(!more.error().reason.empty() && !more.error().message.empty());
      return 0;
    }
    if (!*more) break;
    for (const CsvSample& one : samples) {
      const std::int64_t time = helios::ToUnixMs(one.sample.time);
      Require(time >= 0 && time < 253'402'300'800'000);
      Require(one.series != nullptr && !one.series->metric.empty() && !one.series->metric.starts_with("helios:"));
    }
  }
  const CsvTally& tally = reader.tally();
  Require(tally.bad == told && tally.bad <= tally.lines);
  if (options.layout == CsvLayout::kLong) Require(tally.samples + tally.gaps + tally.bad == tally.lines);
  Require(rest.empty() && reader.bytes() == size - 2);
  return 0;
}
