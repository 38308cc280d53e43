// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/bodies.h"

#include <gmock/gmock.h>

#include "ingest/decode_test_support.h"
#include "ingest/json_decoder.h"
#include "ingest/remote_write_decoder.h"

namespace helios::bench {
namespace {

constexpr TimestampMs kFirst = FromUnixMs(1'767'441'600'000);

/// What the product reads in a body: the series as text, time and value of each row.
struct Row {
  std::string series;
  std::int64_t ms;
  double value;
  bool operator==(const Row&) const = default;
};

std::vector<Row> Rows(const ingest::Decoded& decoded) {
  EXPECT_EQ(decoded.reason, "");
  EXPECT_TRUE(decoded.rejected().empty());
  std::vector<Row> rows;
  for (std::size_t i = 0; i < decoded.rows().size(); ++i) {
    rows.push_back({decoded.SeriesOf(i), ToUnixMs(decoded.rows()[i].time), decoded.rows()[i].value});
  }
  return rows;
}

std::vector<Row> RemoteWriteRows(const std::string& body) {
  return Rows(ingest::RunDecoder([&](ingest::DecodedRequest& out) { return ingest::DecodeRemoteWrite(body, out); }));
}

std::vector<Row> JsonRows(const std::string& body) {
  return Rows(ingest::RunDecoder([&](ingest::DecodedRequest& out) { return ingest::DecodeJson(body, kFirst, out); }));
}

/// The same by the model itself.
std::vector<Row> Expected(const std::vector<std::uint32_t>& series, std::size_t rounds) {
  SeriesModel model(100, kFirst);
  std::vector<Row> rows;
  for (std::size_t round = 0; round < rounds; ++round) {
    rows.clear();
    for (const std::uint32_t each : series) {
      tsdb::SeriesKey key;
      for (const auto& [name, value] : SeriesModel::LabelsOf(each)) {
        if (name == "__name__") {
          key.metric = value;
        } else {
          key.labels.push_back({name, value});
        }
      }
      rows.push_back({ToString(key), ToUnixMs(model.TimeOf(each, round)), model.NextValue(each, round)});
    }
  }
  return rows;
}

TEST(RemoteWriteBodies, HoldTheModelsSamplesInTheOrderAskedFor) {
  SeriesModel model(100, kFirst);
  RemoteWriteBodies bodies(model);
  std::string body;
  const std::vector<std::uint32_t> series = {7, 0, 99, 32};
  bodies.Build(series, 0, body);
  EXPECT_EQ(RemoteWriteRows(body), Expected(series, 1));
  bodies.Build(series, 1, body);
  EXPECT_EQ(RemoteWriteRows(body), Expected(series, 2));
}

TEST(JsonBodies, HoldTheModelsSamplesInTheOrderAskedFor) {
  SeriesModel model(100, kFirst);
  JsonBodies bodies(model);
  std::string body;
  const std::vector<std::uint32_t> series = {7, 0, 99, 32};
  bodies.Build(series, 0, body);
  bodies.Build(series, 1, body);
  EXPECT_EQ(JsonRows(body), Expected(series, 2));
}

TEST(RemoteWriteBodies, HaveLabelsOfTheUsualSize) {
  SeriesModel model(3'200, kFirst);
  EXPECT_THAT(RemoteWriteBodies(model).LabelBytes(), ::testing::AllOf(::testing::Gt(260), ::testing::Lt(290)));
}

}  // namespace
}  // namespace helios::bench
