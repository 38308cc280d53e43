// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/sample_writer.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "transfer/csv_reader.h"
#include "tsdb/sample_store.h"

namespace helios::transfer {
namespace {

constexpr TimestampMs kTime = FromUnixMs(1'767'441'600'250);

TEST(SampleWriter, WritesALineASample) {
  const tsdb::SeriesKey key{.metric = "cpu", .labels = {{"host", "a,b"}, {"value", "\"x\""}}};
  std::string csv;
  SampleWriter writer(ExportFormat::kCsv, {"value", "host"});
  writer.Append(key, kTime, 0.1, csv);
  EXPECT_EQ(writer.Header(), "metric,timestamp,value,host,label:value\n");
  EXPECT_EQ(csv, "cpu,2026-01-03T12:00:00.250Z,0.1,\"a,b\",\"\"\"x\"\"\"\n");

  std::string lines;
  SampleWriter json(ExportFormat::kJsonLines, {});
  json.Append(key, kTime, -INFINITY, lines);
  json.Append(key, kTime, std::bit_cast<double>(tsdb::kStaleMarkerBits), lines);
  EXPECT_EQ(
      lines,
      R"({"metric":"cpu","labels":{"host":"a,b","value":"\"x\""},"timestamp":"2026-01-03T12:00:00.250Z","value":"-Inf"})"
      "\n"
      R"({"metric":"cpu","labels":{"host":"a,b","value":"\"x\""},"timestamp":"2026-01-03T12:00:00.250Z","value":null})"
      "\n");
}

TEST(SampleWriter, WhatItWritesIsReadBackBitByBit) {
  const std::vector<tsdb::SeriesKey> keys = {
      {.metric = "plain", .labels = {}},
      {.metric = "odd \"name\",\n",
       .labels = {{"label:x", "line\r\nfeed"}, {"metric", "m"}, {"time", "t"}, {"zone", "ü"}}}};
  const std::vector<double> values = {0.1,
                                      -0.0,
                                      1e300,
                                      std::numeric_limits<double>::denorm_min(),
                                      12'345'678'901'234'567'890.0,
                                      INFINITY,
                                      std::bit_cast<double>(tsdb::kStaleMarkerBits)};
  SampleWriter writer(ExportFormat::kCsv, {"zone", "time", "metric", "label:x"});
  std::string text = writer.Header();
  for (const tsdb::SeriesKey& key : keys) {
    for (const double value : values) writer.Append(key, kTime, value, text);
  }
  SeriesBook book;
  const CsvOptions options;
  std::string_view rest = text;
  CsvReader reader(
      [&rest](std::span<char> to) -> Result<std::size_t> {
        const std::size_t taken = std::min(rest.size(), to.size());
        std::memcpy(to.data(), rest.data(), taken);
        rest.remove_prefix(taken);
        return taken;
      },
      options, "", book, [](std::uint64_t line, std::string_view why) { ADD_FAILURE() << line << ": " << why; });
  std::vector<CsvSample> samples;
  std::size_t count = 0;
  while (*reader.Next(samples)) {
    ASSERT_EQ(samples.size(), 1U);
    EXPECT_EQ(*samples[0].series, keys[count / values.size()]);
    EXPECT_EQ(samples[0].sample.time, kTime);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(samples[0].sample.value),
              std::bit_cast<std::uint64_t>(values[count % values.size()]));
    ++count;
  }
  EXPECT_EQ(count, keys.size() * values.size());
}

}  // namespace
}  // namespace helios::transfer
