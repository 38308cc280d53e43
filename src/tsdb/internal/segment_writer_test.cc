// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tsdb/internal/segment_reader.h"
#include "tsdb/testing/counting_random.h"
#include "tsdb/testing/memory_journal.h"

namespace helios::tsdb {
namespace {

constexpr std::uint64_t kBytes = 64U << 10U;
constexpr std::uint64_t kBlock = kSegmentBlockBytes;

class SegmentWriterTest : public testing::Test {
 protected:
  SegmentWriter NewSegment(const Aead* aead = nullptr) {
    auto header = MakeSegmentHeader(1, kBytes, store_, aead, random_).value();
    std::string& bytes = fs_.bytes(path_);
    bytes.assign(kBytes, '\0');
    EncodeSegmentHeader(header, {bytes.data(), kBlock});
    return SegmentWriter({header, path_, fs_.Open(path_, JournalFileSystem::Mode::kWrite).value()}, aead);
  }

  std::vector<std::string> Read(const Aead* aead = nullptr) {
    auto reader = SegmentReader::Open(fs_, path_, 1, store_, aead).value();
    std::vector<std::string> groups;
    while (const auto group = reader.Next()) groups.emplace_back(*group);
    EXPECT_TRUE(reader.damage().empty());
    return groups;
  }

  CountingRandom random_;
  MemoryJournalFileSystem fs_;
  const std::filesystem::path path_ = "/journal/journal-000000000001.seg";
  const Uuid store_ = *Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad91");
};

TEST_F(SegmentWriterTest, AGroupIsOneWriteAndOneSync) {
  SegmentWriter writer = NewSegment();
  ASSERT_TRUE(writer.WriteGroup("small"));
  EXPECT_EQ(fs_.writes(), 1);
  EXPECT_EQ(fs_.syncs(), 1);
  EXPECT_EQ(writer.offset(), 2 * kBlock);
  ASSERT_TRUE(writer.WriteGroup(std::string(20'000, 'x')));
  EXPECT_EQ(fs_.writes(), 2);
  EXPECT_EQ(fs_.syncs(), 2);
  EXPECT_EQ(writer.groups(), 2U);
}

TEST_F(SegmentWriterTest, WhatWasWrittenIsNeverWrittenAgain) {
  SegmentWriter writer = NewSegment();
  std::string before;
  for (const char* group : {"one", "two", "three"}) {
    const std::uint64_t offset = writer.offset();
    ASSERT_TRUE(writer.WriteGroup(group));
    EXPECT_EQ(fs_.bytes(path_).substr(0, offset), before.empty() ? fs_.bytes(path_).substr(0, offset) : before);
    before = fs_.bytes(path_).substr(0, writer.offset());
  }
}

TEST_F(SegmentWriterTest, PaddingHoldsNothingOfLargerGroupsBefore) {
  SegmentWriter writer = NewSegment();
  ASSERT_TRUE(writer.WriteGroup(std::string(9000, 's')));
  const std::uint64_t offset = writer.offset();
  ASSERT_TRUE(writer.WriteGroup("x"));
  EXPECT_EQ(fs_.bytes(path_).substr(offset + kGroupHeaderBytes, kBlock - kGroupHeaderBytes),
            "x" + std::string(kBlock - kGroupHeaderBytes - 1, '\0'));
}

TEST_F(SegmentWriterTest, HasRoomIsExactAndKeepsABlockForClosing) {
  SegmentWriter writer = NewSegment();
  const std::size_t most = SegmentWriter::MaxPayload(kBytes, 0);
  EXPECT_EQ(most, kBytes - 3 * kBlock + (kBlock - kGroupHeaderBytes));
  EXPECT_TRUE(writer.HasRoom(most));
  EXPECT_FALSE(writer.HasRoom(most + 1));
  EXPECT_FALSE(writer.HasRoom(~std::size_t{0}));
  ASSERT_TRUE(writer.WriteGroup(std::string(most, 'x')));
  EXPECT_FALSE(writer.HasRoom(1));
  const auto outcome = writer.WriteGroup("x");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, "tsdb.segment_full");
  EXPECT_TRUE(writer.alive()) << "nothing failed";
  EXPECT_TRUE(writer.Close());
  EXPECT_EQ(Read(), std::vector{std::string(most, 'x')});
}

TEST_F(SegmentWriterTest, HasRoomCountsWhatSealingAdds) {
  const Aes256GcmAead aead(AeadKey{1}, random_);
  SegmentWriter writer = NewSegment(&aead);
  const std::size_t most = SegmentWriter::MaxPayload(kBytes, aead.overhead());
  EXPECT_TRUE(writer.HasRoom(most));
  EXPECT_FALSE(writer.HasRoom(most + 1));
  ASSERT_TRUE(writer.WriteGroup(std::string(most, 'x')));
  EXPECT_TRUE(writer.Close());
  EXPECT_EQ(Read(&aead), std::vector{std::string(most, 'x')});
}

TEST_F(SegmentWriterTest, AnEmptyGroupAndOneAfterClosingAreRefused) {
  SegmentWriter writer = NewSegment();
  EXPECT_FALSE(writer.WriteGroup(""));
  ASSERT_TRUE(writer.WriteGroup("x"));
  ASSERT_TRUE(writer.Close());
  EXPECT_TRUE(writer.Close()) << "closing again does nothing";
  EXPECT_FALSE(writer.WriteGroup("y"));
  EXPECT_EQ(fs_.writes(), 2);
}

TEST_F(SegmentWriterTest, AFailedSyncKillsTheWriterForGood) {
  SegmentWriter writer = NewSegment();
  ASSERT_TRUE(writer.WriteGroup("durable"));
  fs_.faults.good_syncs = 0;
  const auto failed = writer.WriteGroup("lost");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(failed.error().reason, "tsdb.read_only");
  EXPECT_FALSE(writer.alive());

  // The disk is well again, and still nothing may be tried: not that group, not another, not the end.
  fs_.faults.good_syncs.reset();
  const int writes = fs_.writes();
  const int syncs = fs_.syncs();
  EXPECT_EQ(writer.WriteGroup("later").error().reason, "tsdb.read_only");
  EXPECT_EQ(writer.Close().error().reason, "tsdb.read_only");
  EXPECT_EQ(fs_.writes(), writes);
  EXPECT_EQ(fs_.syncs(), syncs);
}

TEST_F(SegmentWriterTest, AFailedWriteKillsTheWriterAndIsNotSynced) {
  const std::string group(9000, 'x');
  for (std::size_t kept = 0; kept <= 3 * kBlock; kept += 512) {
    fs_.faults = {};
    SegmentWriter writer = NewSegment();
    ASSERT_TRUE(writer.WriteGroup("durable"));
    fs_.faults.good_writes = 0;
    fs_.faults.failed_write_keeps = kept;
    const int syncs = fs_.syncs();
    EXPECT_EQ(writer.WriteGroup(group).error().reason, "tsdb.read_only");
    EXPECT_EQ(fs_.syncs(), syncs);
    fs_.faults = {};
    EXPECT_EQ(writer.WriteGroup("later").error().reason, "tsdb.read_only");
    // A group that was not acknowledged may be found all the same, if all of it reached the disk.
    const auto groups = Read();
    ASSERT_FALSE(groups.empty());
    EXPECT_EQ(groups[0], "durable");
    EXPECT_EQ(groups.size(), kept >= 9032 ? 2U : 1U) << kept;
  }
}

TEST_F(SegmentWriterTest, ACipherThatFailsKillsTheWriterAndWritesNothing) {
  class BrokenAead final : public Aead {
   public:
    [[nodiscard]] std::size_t overhead() const override { return 28; }
    Result<void> SealInto(std::string_view /*associated*/, std::string_view plain, std::span<char>) const override {
      if (plain.empty()) return {};  // the header's key check
      return Fail(ErrorCode::kInternal, "tsdb.seal_failed", "cannot seal");
    }
    Result<void> OpenInto(std::string_view, std::string_view, std::span<char>) const override { return {}; }
  };
  const BrokenAead aead;
  SegmentWriter writer = NewSegment(&aead);
  EXPECT_EQ(writer.WriteGroup("secret").error().reason, "tsdb.read_only");
  EXPECT_EQ(fs_.writes(), 0);
  EXPECT_FALSE(writer.alive());
}

}  // namespace
}  // namespace helios::tsdb
