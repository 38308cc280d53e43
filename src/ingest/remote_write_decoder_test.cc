// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_decoder.h"

#include <gtest/gtest.h>
#include <snappy.h>

#include <bit>
#include <protozero/pbf_writer.hpp>

namespace helios::ingest {
namespace {

using protozero::pbf_writer;

void AddLabel(pbf_writer& series, const std::string& name, const std::string& value) {
  pbf_writer label(series, 1);
  label.add_string(1, name);
  label.add_string(2, value);
}

void AddSample(pbf_writer& series, double value, std::int64_t time) {
  pbf_writer sample(series, 2);
  sample.add_double(1, value);
  sample.add_int64(2, time);
}

std::string Compressed(const std::string& bytes) {
  std::string body;
  snappy::Compress(bytes.data(), bytes.size(), &body);
  return body;
}

tsdb::SeriesKey SeriesAt(const DecodedBatch& decoded, std::size_t position) {
  return tsdb::DecodeCanonicalName(decoded.batch.batch().series[position]).value();
}

TEST(DecodeRemoteWrite, KeepsValuesBitForBit) {
  std::string bytes;
  pbf_writer request(bytes);
  {
    pbf_writer series(request, 1);
    AddLabel(series, "__name__", "up");
    AddLabel(series, "job", "node");
    AddSample(series, 1, 1000);
    AddSample(series, std::bit_cast<double>(tsdb::kStaleMarkerBits), 2000);
  }
  const auto decoded = DecodeRemoteWrite(Compressed(bytes));
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  ASSERT_EQ(decoded->batch.batch().series.size(), 1U);
  EXPECT_EQ(ToString(SeriesAt(*decoded, 0)), R"(up{job="node"})");
  ASSERT_EQ(decoded->batch.batch().rows.size(), 2U);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(decoded->batch.batch().rows[1].value), tsdb::kStaleMarkerBits);
}

TEST(DecodeRemoteWrite, RejectsSamplesOfANamelessSeriesAlone) {
  std::string bytes;
  pbf_writer request(bytes);
  {
    pbf_writer series(request, 1);
    AddLabel(series, "job", "node");
    AddSample(series, 1, 1000);
    AddSample(series, 2, 2000);
  }
  {
    pbf_writer series(request, 1);
    AddLabel(series, "__name__", "up");
    AddSample(series, 3, 1000);
    pbf_writer(series, 4).add_uint64(1, 7);  // a native histogram
  }
  const auto decoded = DecodeRemoteWrite(Compressed(bytes));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->total, 4U);
  EXPECT_EQ(decoded->positions, (std::vector<std::size_t>{2}));
  ASSERT_EQ(decoded->rejected.size(), 3U);
  EXPECT_EQ(decoded->rejected[0].code, "ingest.bad_metric_name");
  EXPECT_EQ(decoded->rejected[2].code, "ingest.unsupported_histogram");
}

TEST(DecodeRemoteWrite, RejectsASeriesWithTwoNames) {
  std::string bytes;
  pbf_writer request(bytes);
  {
    pbf_writer series(request, 1);
    AddLabel(series, "__name__", "up");
    AddLabel(series, "__name__", "down");
    AddSample(series, 1, 1000);
  }
  const auto decoded = DecodeRemoteWrite(Compressed(bytes));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(decoded->batch.batch().rows.empty());
  ASSERT_EQ(decoded->rejected.size(), 1U);
  EXPECT_EQ(decoded->rejected[0].code, "ingest.duplicate_label");
}

TEST(DecodeRemoteWrite, SkipsFieldsOfAnotherWireType) {
  std::string bytes;
  pbf_writer request(bytes);
  request.add_uint64(1, 7);  // a number where a series belongs
  {
    pbf_writer series(request, 1);
    series.add_uint64(1, 7);
    AddLabel(series, "__name__", "up");
    pbf_writer label(series, 1);
    label.add_uint64(1, 7);
    label.add_string(1, "job");
    label.add_string(2, "node");
    label.commit();
    pbf_writer sample(series, 2);
    sample.add_uint64(1, 7);
    sample.add_double(2, 9.0);
    sample.add_double(1, 1.5);
    sample.add_int64(2, 1000);
  }
  const auto decoded = DecodeRemoteWrite(Compressed(bytes));
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  ASSERT_EQ(decoded->batch.batch().series.size(), 1U);
  EXPECT_EQ(ToString(SeriesAt(*decoded, 0)), R"(up{job="node"})");
  ASSERT_EQ(decoded->batch.batch().rows.size(), 1U);
  EXPECT_EQ(decoded->batch.batch().rows[0].value, 1.5);
  EXPECT_EQ(decoded->batch.batch().rows[0].time, FromUnixMs(1000));
}

TEST(DecodeRemoteWrite, RefusesABombBeforeAllocating) {
  // A varint that declares 2.7 GB, and nothing behind it.
  const std::string bomb = "\x80\xd8\xbb\x85\x0a" + std::string(42, '\0');
  EXPECT_EQ(DecodeRemoteWrite(bomb).error().reason, "http.body_too_large");
}

TEST(DecodeRemoteWrite, RefusesDamage) {
  EXPECT_EQ(DecodeRemoteWrite("").error().reason, "ingest.bad_snappy");
  EXPECT_EQ(DecodeRemoteWrite("\xff\xff\xff\xff\xff\xff").error().reason, "ingest.bad_snappy");
  EXPECT_EQ(DecodeRemoteWrite(Compressed("\x0a\x7f not a message")).error().reason, "ingest.bad_protobuf");
  EXPECT_EQ(DecodeRemoteWrite(Compressed("\x0a\x02\x0a\xff")).error().reason, "ingest.bad_protobuf");
}

}  // namespace
}  // namespace helios::ingest
