// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "tsdb/internal/journal_bytes.h"
#include "tsdb/internal/segment_writer.h"
#include "tsdb/testing/counting_random.h"
#include "tsdb/testing/memory_journal.h"

namespace helios::tsdb {
namespace {

constexpr std::uint64_t kBytes = 64U << 10U;
constexpr std::uint64_t kNumber = 7;

class SegmentReaderTest : public testing::Test {
 protected:
  /// A new segment in `path_`; its file keeps what it held.
  SegmentWriter NewSegment(std::uint64_t number = kNumber, const Aead* aead = nullptr) {
    auto header = MakeSegmentHeader(number, kBytes, store_, aead, random_).value();
    std::string& bytes = fs_.bytes(path_);
    bytes.resize(kBytes);
    EncodeSegmentHeader(header, {bytes.data(), kSegmentBlockBytes});
    return SegmentWriter({header, path_, fs_.Open(path_, JournalFileSystem::Mode::kWrite).value()}, aead);
  }

  struct Contents {
    std::vector<std::string> groups;
    std::vector<SegmentDamage> damage;
    SegmentEnd end = SegmentEnd::kUnknown;
  };
  Result<Contents> Read(std::uint64_t number = kNumber, const Aead* aead = nullptr) {
    HELIOS_TRY(auto reader, SegmentReader::Open(fs_, path_, number, store_, aead));
    Contents contents;
    while (const auto group = reader.Next()) contents.groups.emplace_back(*group);
    contents.damage = reader.damage();
    contents.end = reader.end();
    return contents;
  }

  std::string& bytes() { return fs_.bytes(path_); }

  CountingRandom random_;
  MemoryJournalFileSystem fs_;
  const std::filesystem::path path_ = "/journal/journal-000000000007.seg";
  const Uuid store_ = *Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad91");
};

const std::vector<std::string> kGroups = {"first", std::string(5000, 'b'), "third", std::string(9000, 'd'), "fifth"};
// Where they begin; with the closing group behind them, at 8 blocks.
constexpr std::uint64_t kBlock = kSegmentBlockBytes;
constexpr std::uint64_t kOffsets[] = {kBlock, 2 * kBlock, 4 * kBlock, 5 * kBlock, 8 * kBlock, 9 * kBlock};

void WriteAll(SegmentWriter& writer, const std::vector<std::string>& groups) {
  for (const std::string& group : groups) {
    const auto outcome = writer.WriteGroup(group);
    ASSERT_TRUE(outcome) << outcome.error().message;
  }
}

TEST_F(SegmentReaderTest, GroupsComeBackInOrder) {
  SegmentWriter writer = NewSegment();
  WriteAll(writer, kGroups);
  auto contents = Read().value();
  EXPECT_EQ(contents.groups, kGroups);
  EXPECT_TRUE(contents.damage.empty());
  EXPECT_EQ(contents.end, SegmentEnd::kOpen);

  ASSERT_TRUE(writer.Close());
  contents = Read().value();
  EXPECT_EQ(contents.groups, kGroups);
  EXPECT_TRUE(contents.damage.empty());
  EXPECT_EQ(contents.end, SegmentEnd::kClosed);
}

TEST_F(SegmentReaderTest, ASegmentWithoutGroupsIsEmpty) {
  NewSegment();
  const auto contents = Read().value();
  EXPECT_TRUE(contents.groups.empty());
  EXPECT_TRUE(contents.damage.empty());
  EXPECT_EQ(contents.end, SegmentEnd::kOpen);
}

TEST_F(SegmentReaderTest, AFullSegmentIsReadToItsLastByte) {
  SegmentWriter writer = NewSegment();
  const std::string most(SegmentWriter::MaxPayload(kBytes, 0), 'x');
  WriteAll(writer, {most.substr(0, most.size() - kBlock), "x"});
  ASSERT_TRUE(writer.Close());
  EXPECT_EQ(writer.offset(), kBytes);
  const auto contents = Read().value();
  EXPECT_EQ(contents.groups.size(), 2U);
  EXPECT_EQ(contents.end, SegmentEnd::kClosed);
}

// What a crash leaves of the group that was being written: any part of its sectors, over zeros or stale bytes.
TEST_F(SegmentReaderTest, ATornTailEndsTheSegmentWithoutDamage) {
  const std::string stale = "stale bytes of an earlier use ";
  std::string before(kBytes, '\0');
  for (const bool recycled : {false, true}) {
    if (recycled) std::ranges::generate(before, [&stale, i = 0U]() mutable { return stale[i++ % stale.size()]; });
    bytes() = before;
    SegmentWriter writer = NewSegment();
    WriteAll(writer, {kGroups[0], kGroups[1], kGroups[2], kGroups[3]});
    const std::string whole = bytes();
    const std::vector<std::string> durable(kGroups.begin(), kGroups.begin() + 3);
    for (std::uint64_t cut = kOffsets[3]; cut < kOffsets[4]; cut += 512) {
      // Cut there; or all there but the sector that begins there. The group's 9032 bytes leave its last sectors empty.
      for (const bool one_sector : {false, true}) {
        bytes() = whole;
        const std::uint64_t lost = one_sector ? 512 : kOffsets[4] - cut;
        bytes().replace(cut, lost, before, cut, lost);
        const auto contents = Read().value();
        EXPECT_TRUE(contents.damage.empty());
        if (contents.groups.size() == 4) {
          EXPECT_GE(cut, kOffsets[3] + 9032) << "only padding was lost";
          continue;
        }
        EXPECT_EQ(contents.groups, durable);
        const bool first_sector = cut == kOffsets[3];
        EXPECT_EQ(contents.end, first_sector ? SegmentEnd::kOpen : SegmentEnd::kTorn);
      }
    }
  }
}

TEST_F(SegmentReaderTest, EveryFlippedBitOfAClosedSegmentIsReportedOrHarmless) {
  SegmentWriter writer = NewSegment();
  WriteAll(writer, kGroups);
  ASSERT_TRUE(writer.Close());
  const std::string whole = bytes();
  int reported = 0;
  for (std::uint64_t at = 0; at < kOffsets[5] + kBlock; ++at) {
    bytes()[at] = static_cast<char>(whole[at] ^ 1 << at % 8);
    const auto contents = Read();
    ASSERT_TRUE(contents) << at << ": one damaged copy of the header, or none, is no reason to refuse the rest";
    const bool closing_group_lost = contents->end != SegmentEnd::kClosed;
    if (contents->groups != kGroups) {
      ++reported;
      EXPECT_EQ(contents->damage.size(), 1U) << at;
      ASSERT_EQ(contents->groups.size(), kGroups.size() - 1) << at;
      const std::uint32_t lost = contents->damage[0].sequence;
      auto expected = kGroups;
      expected.erase(expected.begin() + lost);
      EXPECT_EQ(contents->groups, expected) << at << ": other groups must stay readable, and unaltered";
      EXPECT_GE(at, contents->damage[0].offset);
      EXPECT_LT(at, contents->damage[0].offset + contents->damage[0].bytes);
    } else if (closing_group_lost) {
      EXPECT_GE(at, kOffsets[5]);
    } else if (at < kBlock) {
      EXPECT_LE(contents->damage.size(), 1U);
    } else {
      EXPECT_TRUE(contents->damage.empty());
    }
    bytes()[at] = whole[at];
  }
  // Headers and payloads; a flip in padding is harmless.
  const std::size_t covered = 5 * kGroupHeaderBytes + 5 + 5000 + 5 + 9000 + 5;
  EXPECT_EQ(reported, static_cast<int>(covered));
}

TEST_F(SegmentReaderTest, DamageNamesSegmentOffsetAndSequenceAndTheRestIsRead) {
  SegmentWriter writer = NewSegment();
  WriteAll(writer, kGroups);
  // Groups 1 and 2 are gone; nothing of them is left to tell them apart.
  bytes().replace(kOffsets[1], kOffsets[3] - kOffsets[1], kOffsets[3] - kOffsets[1], '\0');
  const auto contents = Read().value();
  EXPECT_EQ(contents.groups, (std::vector{kGroups[0], kGroups[3], kGroups[4]}));
  EXPECT_EQ(contents.damage, (std::vector<SegmentDamage>{{.segment = kNumber,
                                                          .offset = kOffsets[1],
                                                          .bytes = kOffsets[3] - kOffsets[1],
                                                          .sequence = 1,
                                                          .cause = "groups are missing before one that is whole"}}));
}

TEST_F(SegmentReaderTest, AGroupThatDoesNotFollowTheOneBeforeItIsReported) {
  SegmentWriter writer = NewSegment();
  WriteAll(writer, {"one", "two"});
  // Whole in itself, but chained to another group than the one that stands before it.
  char* const second = bytes().data() + kOffsets[1];
  StoreLittle(second + 24, LoadLittle<std::uint32_t>(second + 24) + 1);
  StoreLittle(second + 28, Crc32c({second + 32, 3}, Crc32c({second, 28})));
  const auto contents = Read().value();
  EXPECT_EQ(contents.groups, (std::vector<std::string>{"one", "two"}));
  ASSERT_EQ(contents.damage.size(), 1U);
  EXPECT_EQ(contents.damage[0].offset, kOffsets[1]);
}

TEST_F(SegmentReaderTest, GroupsOfAnEarlierUseOfTheFileAreNotRead) {
  SegmentWriter old_writer = NewSegment(kNumber - 2);
  WriteAll(old_writer, kGroups);
  ASSERT_TRUE(old_writer.Close());
  SegmentWriter writer = NewSegment();
  EXPECT_TRUE(Read().value().groups.empty());
  WriteAll(writer, {"new"});
  const auto contents = Read().value();
  EXPECT_EQ(contents.groups, std::vector<std::string>{"new"});
  EXPECT_TRUE(contents.damage.empty());
  EXPECT_EQ(contents.end, SegmentEnd::kOpen);
}

TEST_F(SegmentReaderTest, GroupsOfAnEarlierUseAreNotReadEvenUnderTheSameNumber) {
  SegmentWriter old_writer = NewSegment();
  WriteAll(old_writer, kGroups);
  NewSegment();  // another mark
  EXPECT_TRUE(Read().value().groups.empty());
}

// A sender chooses label bytes. It must not be able to write a group of its own into a group that is then torn.
TEST_F(SegmentReaderTest, BytesWithinATornGroupDoNotPassForAGroup) {
  for (const bool knows_mark : {false, true}) {
    SegmentWriter writer = NewSegment();
    std::string forged(kGroupHeaderBytes, '\0');
    EncodeGroupHeader(
        {.mark = knows_mark ? writer.header().mark : 0x1234, .segment = kNumber, .sequence = 1, .length = 4},
        forged.data());
    forged += "evil";
    StoreLittle(&forged[28], Crc32c("evil", Crc32c(std::string_view(forged).substr(0, 28))));
    // So that it begins at a block of the file.
    WriteAll(writer, {std::string(kBlock - kGroupHeaderBytes, 'x') + forged});
    bytes()[kBlock + 20] ^= 1;  // the true group's length
    const auto groups = Read().value().groups;
    if (knows_mark) {
      EXPECT_EQ(groups, std::vector<std::string>{"evil"}) << "or else this test forges badly";
    } else {
      EXPECT_TRUE(groups.empty());
    }
  }
}

TEST_F(SegmentReaderTest, EitherCopyOfTheHeaderIsEnough) {
  SegmentWriter writer = NewSegment();
  WriteAll(writer, {"one"});
  const std::string whole = bytes();
  for (const std::size_t copy : {std::size_t{0}, kSegmentHeaderCopyOffset}) {
    bytes() = whole;
    bytes().replace(copy, 512, 512, '\xff');
    const auto contents = Read().value();
    EXPECT_EQ(contents.groups, std::vector<std::string>{"one"});
    ASSERT_EQ(contents.damage.size(), 1U);
    EXPECT_EQ(contents.damage[0].offset, 0U);
  }
  bytes().replace(0, kBlock, kBlock, '\xff');
  EXPECT_EQ(Read().error().reason, "tsdb.corrupt_journal");
}

TEST_F(SegmentReaderTest, AnotherStoresSegmentIsRefused) {
  NewSegment();
  const auto reader = SegmentReader::Open(fs_, path_, kNumber, Uuid{}, nullptr);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().reason, "tsdb.foreign_journal");
  EXPECT_NE(reader.error().message.find(store_.ToString()), std::string::npos) << reader.error().message;
}

TEST_F(SegmentReaderTest, ASegmentUnderAnothersNameIsRefused) {
  NewSegment(kNumber + 1);
  EXPECT_EQ(Read().error().reason, "tsdb.corrupt_journal");
}

TEST_F(SegmentReaderTest, ALaterFormatIsRefused) {
  NewSegment();
  for (const std::size_t copy : {std::size_t{0}, kSegmentHeaderCopyOffset}) {
    StoreLittle(&bytes()[copy + 8], 2U);
    StoreLittle(&bytes()[copy + 84], Crc32c(std::string_view(bytes()).substr(copy, 84)));
  }
  EXPECT_EQ(Read().error().reason, "tsdb.newer_format");
}

TEST_F(SegmentReaderTest, AnEmptyOrCutFileIsReported) {
  SegmentWriter writer = NewSegment();
  WriteAll(writer, {"one", "two"});
  bytes().resize(kOffsets[1] + 100);
  const auto contents = Read().value();
  EXPECT_EQ(contents.groups, std::vector<std::string>{"one"});
  EXPECT_EQ(contents.damage.size(), 1U);
  bytes().clear();
  EXPECT_EQ(Read().error().reason, "tsdb.corrupt_journal");
}

TEST_F(SegmentReaderTest, ABlockThatTheDiskCannotReadCostsItsGroupAlone) {
  SegmentWriter writer = NewSegment();
  WriteAll(writer, kGroups);
  fs_.faults.unreadable = {kOffsets[3] + kBlock, kOffsets[3] + 2 * kBlock};
  const auto contents = Read().value();
  EXPECT_EQ(contents.groups, (std::vector{kGroups[0], kGroups[1], kGroups[2], kGroups[4]}));
  ASSERT_EQ(contents.damage.size(), 2U) << "the blocks, and the group";
  EXPECT_EQ(contents.damage[0].offset, kOffsets[3] + kBlock);
  EXPECT_EQ(contents.damage[0].bytes, 2 * kBlock);
  EXPECT_EQ(contents.damage[1].sequence, 3U);
}

TEST_F(SegmentReaderTest, SealedGroupsOpenWithTheirKeyAlone) {
  const Aes256GcmAead aead(AeadKey{1}, random_);
  const Aes256GcmAead other(AeadKey{2}, random_);
  SegmentWriter writer = NewSegment(kNumber, &aead);
  WriteAll(writer, {"a secret of some length", std::string(5000, 's')});
  ASSERT_TRUE(writer.Close());
  EXPECT_EQ(bytes().find("secret"), std::string::npos);
  EXPECT_EQ(bytes().find("ssssssss"), std::string::npos);

  const auto contents = Read(kNumber, &aead).value();
  EXPECT_EQ(contents.groups, (std::vector<std::string>{"a secret of some length", std::string(5000, 's')}));
  EXPECT_EQ(contents.end, SegmentEnd::kClosed);
  EXPECT_EQ(Read(kNumber, &other).error().reason, "tsdb.wrong_key");
  EXPECT_EQ(Read(kNumber, nullptr).error().reason, "tsdb.wrong_key");
}

TEST_F(SegmentReaderTest, ASealedGroupThatWasAlteredWithItsChecksumIsReported) {
  const Aes256GcmAead aead(AeadKey{1}, random_);
  SegmentWriter writer = NewSegment(kNumber, &aead);
  WriteAll(writer, {"one", "two", "three"});
  char* const second = bytes().data() + kOffsets[1];
  second[kGroupHeaderBytes + 13] ^= 1;
  const auto length = LoadLittle<std::uint32_t>(second + 20);
  StoreLittle(second + 28, Crc32c({second + 32, length}, Crc32c({second, 28})));
  const auto contents = Read(kNumber, &aead).value();
  EXPECT_EQ(contents.groups, (std::vector<std::string>{"one", "three"}));
  ASSERT_FALSE(contents.damage.empty());
  EXPECT_EQ(contents.damage[0].sequence, 1U);
  EXPECT_EQ(contents.damage[0].offset, kOffsets[1]);
}

TEST_F(SegmentReaderTest, AKeyDoesNotHinderReadingAPlainSegment) {
  const Aes256GcmAead aead(AeadKey{1}, random_);
  SegmentWriter writer = NewSegment();
  WriteAll(writer, {"one"});
  EXPECT_EQ(Read(kNumber, &aead).value().groups.size(), 1U);
}

TEST(SegmentList, IsInOrderOfNumbersAndLeavesOtherFilesOut) {
  MemoryJournalFileSystem fs;
  for (const char* name : {"journal-000000000010.seg", "journal-000000000009.seg", "spare-1.seg", "journal-11.seg",
                           "journal-.seg", "journal-00000000001x.seg", "CURRENT", "journal-1000000000000.seg"}) {
    fs.bytes(std::filesystem::path("/journal") / name);
  }
  EXPECT_EQ(ListSegments(fs, "/journal").value(), (std::vector<std::uint64_t>{9, 10, 1'000'000'000'000}));
}

TEST(SegmentList, AMissingNumberIsNamed) {
  EXPECT_TRUE(CheckSegmentsComplete({}, 5));
  EXPECT_TRUE(CheckSegmentsComplete({5, 6, 7}, 5));
  EXPECT_TRUE(CheckSegmentsComplete({2, 4, 5, 6}, 5)) << "what is not needed may be missing";
  EXPECT_TRUE(CheckSegmentsComplete({2, 4}, 5));
  for (const auto& numbers : std::vector<std::vector<std::uint64_t>>{{5, 7}, {4, 5, 7}}) {
    const auto outcome = CheckSegmentsComplete(numbers, 5);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().reason, "tsdb.missing_segment");
    EXPECT_NE(outcome.error().message.find("segment 6 is missing"), std::string::npos);
  }
  EXPECT_FALSE(CheckSegmentsComplete({6, 7}, 5));
}

}  // namespace
}  // namespace helios::tsdb
