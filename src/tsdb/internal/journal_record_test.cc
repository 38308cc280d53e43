// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/journal_record.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>
#include <unordered_map>
#include <vector>

namespace helios::tsdb {
namespace {

constexpr std::int64_t kTime = 1'767'441'600'000;

struct Sample {
  std::uint32_t tenant = 0;
  std::uint64_t series = 0;
  std::int64_t time_ms = 0;
  std::uint64_t bits = 0;
  bool operator==(const Sample&) const = default;
};

/// Keeps the store's rule: a sample's reference is its series' newest one of the same segment.
struct Replay {
  std::vector<Sample> samples;
  std::vector<Sample> late;
  std::vector<TenantRecord> tenants;
  std::vector<std::pair<std::uint64_t, std::string>> series;
  std::vector<UsageRecord> usage;
  std::vector<DeleteSeriesRecord> deleted;
  std::vector<std::pair<std::uint32_t, std::string>> sealed;
  std::vector<std::pair<std::uint32_t, std::size_t>> lost;
  std::unordered_map<std::uint64_t, std::uint64_t> references;

  Result<void> OnTenant(const TenantRecord& record) {
    tenants.push_back(record);
    return {};
  }
  Result<void> OnSeries(const SeriesRecord& record) {
    series.emplace_back(record.series, record.name);
    return {};
  }
  Result<void> OnUsage(const UsageRecord& record) {
    usage.push_back(record);
    return {};
  }
  Result<void> OnDeleteSeries(const DeleteSeriesRecord& record) {
    deleted.push_back(record);
    return {};
  }
  Result<void> OnSealed(const SealedRecord& record) {
    sealed.emplace_back(record.tenant, record.sealed);
    return {};
  }
  std::uint64_t Reference(std::uint32_t /*tenant*/, std::uint64_t id) { return references[id]; }
  void OnSample(std::uint32_t tenant, std::uint64_t id, std::int64_t time_ms, std::uint64_t bits) {
    samples.push_back({tenant, id, time_ms, bits});
    references[id] = bits;
  }
  void OnLostSamples(std::uint32_t tenant, std::size_t count) { lost.emplace_back(tenant, count); }
  void OnLateSample(std::uint32_t tenant, std::uint64_t id, std::int64_t time_ms, std::uint64_t bits) {
    late.push_back({tenant, id, time_ms, bits});
  }
};

/// One record of `samples`, all of one tenant.
std::string Encode(const std::vector<Sample>& samples) {
  SamplesEncoder encoder;
  std::unordered_map<std::uint64_t, std::uint64_t> references;
  encoder.Start(samples.front().tenant);
  for (const Sample& sample : samples) {
    std::uint64_t& reference = references[sample.series];
    encoder.Add(sample.series, sample.time_ms, sample.bits, reference);
    reference = sample.bits;
  }
  std::string payload;
  const std::size_t bound = encoder.MaxBytes();
  AppendSamples(payload, RecordKind::kSamples, encoder);
  EXPECT_LE(payload.size(), bound + 1 + kMaxVarintBytes);
  return payload;
}

void ExpectRoundTrip(const std::vector<Sample>& samples) {
  Replay replay;
  const auto outcome = DecodeRecords(Encode(samples), false, replay);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(replay.samples, samples);
}

std::uint64_t Bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

TEST(JournalRecord, EveryKindComesBackAsItWasWritten) {
  const TenantRecord tenant{.number = 7,
                            .tenant = TenantId{*Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad91")},
                            .raw_hours = 24 * 30,
                            .rollup_hours = 24 * 400};
  const UsageRecord usage{.tenant = 7, .kind = 2, .hour = 490'956, .count = 1ULL << 40U};
  const DeleteSeriesRecord deleted{.tenant = 7, .series = 1ULL << 33U};
  std::string payload;
  AppendRecord(payload, tenant);
  AppendRecord(payload, SeriesRecord{.tenant = 7, .series = 300, .name = std::string_view("up\0{}", 5)});
  AppendRecord(payload, usage);
  AppendRecord(payload, deleted);
  AppendRecord(payload, SealedRecord{.tenant = 7, .sealed = "secret"});
  SamplesEncoder encoder;
  encoder.Start(7);
  encoder.Add(300, kTime, Bits(1.5), 0);
  AppendSamples(payload, RecordKind::kLateSamples, encoder);

  Replay replay;
  ASSERT_TRUE(DecodeRecords(payload, false, replay));
  EXPECT_EQ(replay.tenants, std::vector{tenant});
  EXPECT_EQ(replay.series, (std::vector<std::pair<std::uint64_t, std::string>>{{300, std::string("up\0{}", 5)}}));
  EXPECT_EQ(replay.usage, std::vector{usage});
  EXPECT_EQ(replay.deleted, std::vector{deleted});
  EXPECT_EQ(replay.sealed, (std::vector<std::pair<std::uint32_t, std::string>>{{7, "secret"}}));
  EXPECT_EQ(replay.late, (std::vector<Sample>{{7, 300, kTime, Bits(1.5)}}));
  EXPECT_TRUE(replay.samples.empty());
}

TEST(JournalRecord, UnknownKindsAreSkipped) {
  std::string payload("\xc8\x03xyz", 5);  // kind 200, three bytes
  AppendRecord(payload, DeleteSeriesRecord{.tenant = 1, .series = 2});
  Replay replay;
  ASSERT_TRUE(DecodeRecords(payload, false, replay));
  EXPECT_EQ(replay.deleted.size(), 1U);
}

TEST(JournalRecord, TheBytesOfARequestAreThoseOfTheFormatsPage) {
  // Three series from 5 on at one time, 1.0 each, the middle one unchanged.
  SamplesEncoder encoder;
  encoder.Start(1);
  encoder.Add(5, 1000, Bits(1.0), 0);
  encoder.Add(6, 1000, Bits(1.0), Bits(1.0));
  encoder.Add(7, 1000, Bits(-2.0), 0);
  std::string payload;
  AppendSamples(payload, RecordKind::kSamples, encoder);
  const std::string body(
      "\x01\x03"  // tenant 1, 3 samples
      // the check: 0x3ff0… · f + 0x3ff0… · 3 f + 0xc000… · 5 f modulo 2^64, where f = 0x9e3779b97f4a7c15
      "\x00\x00\x00\x00\x00\x00\xc0\xba"
      "\x15\x01"          // from 0 to 5 is +5, zigzag 10, doubled, and a run follows; 3 samples
      "\xa1\x1f\x01"      // +1000, zigzag 2000, 4001 with the run's flag; 3 samples
      "\x03\x03"          // codes 3, 0, 3, and one that is no sample's
      "\xf0\x3f\x00\xc0"  // the top two bytes of 1.0 and of -2.0
      ,
      21);
  EXPECT_EQ(payload.substr(payload.size() - body.size()), body);
  EXPECT_EQ(payload[0], 3);
}

TEST(JournalRecord, ValuesComeBackBitForBit) {
  std::vector<Sample> samples;
  const double kInfinity = std::numeric_limits<double>::infinity();
  for (const double value : {0.0, -0.0, 1.0, kInfinity, -kInfinity, 5e-324, -5e-324, 0.1, 1e308, 123456789.0}) {
    samples.push_back({1, 9, kTime, Bits(value)});
  }
  for (const std::uint64_t bits : {0x7ff0000000000002ULL, 0x7ff8000000000001ULL, 0xffffffffffffffffULL, 0ULL, 1ULL}) {
    samples.push_back({1, 9, kTime, bits});
  }
  ExpectRoundTrip(samples);
}

TEST(JournalRecord, EveryPairOfZeroBytesAtTheEndsOfADifferenceComesBack) {
  std::vector<Sample> samples;
  for (unsigned front = 0; front < 8; ++front) {
    for (unsigned back = 0; front + back < 8; ++back) {
      const std::uint64_t ones = ~0ULL >> (8 * front) >> (8 * back) << (8 * back);
      samples.push_back({1, samples.size(), kTime, ones});
      samples.push_back({1, samples.size(), kTime, 1ULL << (8 * back)});
      samples.push_back({1, samples.size(), kTime, 1ULL << (63 - 8 * front)});
    }
  }
  ExpectRoundTrip(samples);
}

TEST(JournalRecord, SeriesAndTimesMayComeInAnyOrder) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<Sample> samples;
    const std::size_t count = 1 + random() % 3000;
    const std::uint64_t spread = round % 3 == 0 ? 10 : kMaxJournalSeries;
    const std::int64_t time_spread = round % 2 == 0 ? 3 : kMaxJournalTimeMs;
    for (std::size_t i = 0; i < count; ++i) {
      samples.push_back({42, random() % (spread + 1), static_cast<std::int64_t>(random()) % (time_spread + 1),
                         random() >> (random() % 64) << (random() % 64)});
      if (i % 5 < 3 && i > 0) {
        samples.back().series = std::min(samples[i - 1].series + 1, kMaxJournalSeries);
        samples.back().time_ms = samples[i - 1].time_ms;
      }
    }
    ExpectRoundTrip(samples);
  }
}

TEST(JournalRecord, AnEncoderIsUsedAgain) {
  SamplesEncoder encoder;
  std::string once;
  std::string twice;
  for (std::string* out : {&once, &twice}) {
    encoder.Start(3);
    for (std::uint64_t i = 0; i < 2500; ++i) encoder.Add(100 + i, kTime, Bits(static_cast<double>(i)), 0);
    EXPECT_EQ(encoder.count(), 2500U);
    AppendSamples(*out, RecordKind::kSamples, encoder);
    EXPECT_EQ(encoder.count(), 0U);
  }
  EXPECT_EQ(once, twice);
}

TEST(JournalRecord, AnEncoderWithoutSamplesLeavesNoRecord) {
  SamplesEncoder encoder;
  encoder.Start(3);
  std::string payload;
  AppendSamples(payload, RecordKind::kSamples, encoder);
  EXPECT_TRUE(payload.empty());
}

TEST(JournalRecord, EveryTruncationOfARecordIsRefused) {
  const std::string payload = Encode({{1, 5, kTime, Bits(1.0)}, {1, 6, kTime + 1, Bits(2.5)}, {1, 9, kTime, 77}});
  for (std::size_t length = 1; length < payload.size(); ++length) {
    Replay replay;
    const auto outcome = DecodeRecords(payload.substr(0, length), false, replay);
    ASSERT_FALSE(outcome) << length;
    EXPECT_EQ(outcome.error().reason, "tsdb.bad_record");
    EXPECT_TRUE(replay.samples.empty()) << "nothing of a bad record may be handed over";
  }
}

TEST(JournalRecord, CountsThatPromiseMoreThanThereIsAreRefused) {
  const auto refused = [](std::string_view head, std::string_view columns) {
    return !SamplesDecoder::Open(std::string(head) + std::string(8, '\0') + std::string(columns));
  };
  const std::string_view one_sample("\x01\x01", 2);
  EXPECT_TRUE(refused(std::string_view("\x01\x00", 2), ""));                          // no sample
  EXPECT_TRUE(refused("\x01\xff\xff\xff\xff\x0f", std::string_view("\x00\x00", 2)));  // 4 G samples in two bytes
  EXPECT_TRUE(refused(one_sample, std::string_view("\x01\x00\x00\x00\x00", 5)));      // a run longer than the record
  EXPECT_TRUE(refused(one_sample, std::string_view("\x02\x00\x00", 3)));              // series -1
  EXPECT_TRUE(refused(one_sample, std::string_view("\x00\x00\x10", 3)));              // a code beyond the last sample
  EXPECT_TRUE(refused(one_sample, std::string_view("\x00\x00\x00\x00", 4)));          // a byte left over
  EXPECT_FALSE(refused(one_sample, std::string_view("\x00\x00\x00", 3)));             // series 0, time 0, value 0
}

// Group 2 of four is lost. Nothing may come out of the others with a wrong value.
TEST(JournalRecord, SamplesThatAreRelativeToLostOnesAreLostToo) {
  SamplesEncoder encoder;
  std::vector<std::string> groups;
  std::unordered_map<std::uint64_t, std::uint64_t> references;
  const auto add_group = [&](std::uint64_t first_series, double value) {
    encoder.Start(5);
    for (std::uint64_t id = first_series; id < first_series + 3; ++id) {
      // Twice, the second sample relative to the first one.
      for (const std::uint64_t bits : {Bits(value), Bits(value + 0.25)}) {
        encoder.Add(id, kTime, bits, references[id]);
        references[id] = bits;
      }
    }
    AppendSamples(groups.emplace_back(), RecordKind::kSamples, encoder);
  };
  add_group(10, 1.5);
  add_group(10, 2.5);   // lost
  add_group(10, 7.0);   // relative to what was lost
  add_group(20, 9.75);  // other series

  Replay replay;
  ASSERT_TRUE(DecodeRecords(groups[0], false, replay));
  EXPECT_EQ(replay.samples.size(), 6U);
  ASSERT_TRUE(DecodeRecords(groups[2], true, replay));
  EXPECT_EQ(replay.samples.size(), 6U);
  EXPECT_EQ(replay.lost, (std::vector<std::pair<std::uint32_t, std::size_t>>{{5, 6}}));
  ASSERT_TRUE(DecodeRecords(groups[3], true, replay));
  ASSERT_EQ(replay.samples.size(), 12U);
  EXPECT_EQ(replay.samples.back(), (Sample{5, 22, kTime, Bits(10.0)}));

  const auto unaware = DecodeRecords(groups[2], false, replay);
  ASSERT_FALSE(unaware) << "wrong references must not go unnoticed";
  EXPECT_EQ(unaware.error().reason, "tsdb.bad_reference");
}

TEST(JournalRecord, SealedRecordsAreBoundToStoreSegmentAndTenant) {
  const Uuid store = *Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad91");
  const std::string one = SealedRecordAssociated(store, 1, 2);
  EXPECT_NE(one, SealedRecordAssociated(store, 2, 2));
  EXPECT_NE(one, SealedRecordAssociated(store, 1, 3));
  EXPECT_NE(one, SealedRecordAssociated(Uuid{}, 1, 2));
}

}  // namespace
}  // namespace helios::tsdb
