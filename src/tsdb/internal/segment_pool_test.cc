// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tsdb/internal/segment_reader.h"
#include "tsdb/testing/counting_random.h"
#include "tsdb/testing/memory_journal.h"

namespace helios::tsdb {
namespace {

constexpr std::uint64_t kBytes = 1U << 20U;

class SegmentPoolTest : public testing::Test {
 protected:
  std::unique_ptr<SegmentPool> Open() { return SegmentPool::Open(fs_, config_, random_, nullptr).value(); }

  /// Groups of the segment, and that nothing of it is damaged.
  std::vector<std::string> Read(std::uint64_t number) {
    auto reader = SegmentReader::Open(fs_, config_.directory / SegmentFileName(number), number, config_.store, nullptr);
    if (!reader) {
      ADD_FAILURE() << reader.error().message;
      return {};
    }
    std::vector<std::string> groups;
    while (const auto group = reader->Next()) groups.emplace_back(*group);
    EXPECT_TRUE(reader->damage().empty());
    return groups;
  }

  std::vector<std::string> Names() {
    auto names = fs_.List(config_.directory).value();
    std::ranges::sort(names);
    return names;
  }

  CountingRandom random_;
  MemoryJournalFileSystem fs_;
  SegmentPoolConfig config_{.directory = "/journal",
                            .store = *Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad91"),
                            .segment_bytes = kBytes,
                            .min_free_bytes = 0};
};

TEST_F(SegmentPoolTest, APreparedSegmentIsWholeAndDurableBeforeItIsGivenOut) {
  const auto pool = Open();
  EXPECT_FALSE(pool->HasPrepared());
  ASSERT_TRUE(pool->Prepare());
  EXPECT_TRUE(pool->HasPrepared());
  EXPECT_EQ(Names(), std::vector<std::string>{"journal-000000000001.seg"});
  EXPECT_EQ(fs_.bytes("/journal/journal-000000000001.seg").size(), kBytes);
  EXPECT_TRUE(Read(1).empty());

  const int writes = fs_.writes();
  const auto segment = pool->Next();
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->header.number, 1U);
  EXPECT_EQ(fs_.writes(), writes) << "Next() is on the commit path";
  EXPECT_FALSE(pool->HasPrepared());
}

TEST_F(SegmentPoolTest, PreparingTwiceMakesOneSegment) {
  const auto pool = Open();
  ASSERT_TRUE(pool->Prepare());
  ASSERT_TRUE(pool->Prepare());
  EXPECT_EQ(Names().size(), 1U);
}

TEST_F(SegmentPoolTest, NextMakesTheSegmentWhereNoneIsPrepared) {
  const auto pool = Open();
  EXPECT_EQ(pool->Next()->header.number, 1U);
  EXPECT_EQ(pool->Next()->header.number, 2U);
}

TEST_F(SegmentPoolTest, NumbersGoOnAfterARestart) {
  {
    const auto pool = Open();
    ASSERT_TRUE(pool->Next());
    ASSERT_TRUE(pool->Prepare());  // 2, never used
  }
  EXPECT_EQ(Open()->Next()->header.number, 3U);
  config_.first_number = 90;
  EXPECT_EQ(Open()->Next()->header.number, 90U);
  config_.first_number = 50;
  EXPECT_EQ(Open()->Next()->header.number, 91U);
}

TEST_F(SegmentPoolTest, AReleasedSegmentIsUsedAgainWithoutItsGroups) {
  const auto pool = Open();
  SegmentWriter writer(pool->Next().value(), nullptr);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer.WriteGroup("stale"));
  ASSERT_TRUE(pool->Release(1));
  EXPECT_EQ(pool->spares(), 1U);
  EXPECT_EQ(Names(), std::vector<std::string>{"spare-2.seg"});

  const int writes = fs_.writes();
  SegmentWriter again(pool->Next().value(), nullptr);
  EXPECT_EQ(fs_.writes(), writes + 1) << "the header alone: no second pre-writing";
  EXPECT_NE(fs_.bytes(again.path()).find("stale"), std::string::npos);
  EXPECT_TRUE(Read(2).empty());
  ASSERT_TRUE(again.WriteGroup("new"));
  EXPECT_EQ(Read(2), std::vector<std::string>{"new"});
}

TEST_F(SegmentPoolTest, SparesSurviveARestartUpToTheirLimit) {
  config_.max_spares = 2;
  {
    const auto pool = Open();
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(pool->Next());
    for (std::uint64_t number = 1; number <= 4; ++number) ASSERT_TRUE(pool->Release(number));
    EXPECT_EQ(pool->spares(), 2U);
    EXPECT_EQ(Names().size(), 2U);
  }
  EXPECT_EQ(Open()->spares(), 2U);
  config_.max_spares = 1;
  EXPECT_EQ(Open()->spares(), 1U);
  EXPECT_EQ(Names().size(), 1U);
  config_.segment_bytes = 2 * kBytes;
  EXPECT_EQ(Open()->spares(), 0U) << "of another size";
  EXPECT_TRUE(Names().empty());
}

TEST_F(SegmentPoolTest, ASegmentOfAnotherSizeIsRemovedWhenReleased) {
  ASSERT_TRUE(Open()->Next());
  config_.segment_bytes = 2 * kBytes;
  const auto pool = Open();
  ASSERT_TRUE(pool->Release(1));
  EXPECT_TRUE(Names().empty());
}

TEST_F(SegmentPoolTest, ReleasingWhatIsNotThereFails) {
  EXPECT_FALSE(Open()->Release(77));
}

TEST_F(SegmentPoolTest, OpeningRemovesWhatACrashLeftHalfMadeAndNothingElse) {
  fs_.bytes("/journal/making.tmp").assign(kBytes / 2, '\0');
  fs_.bytes("/journal/notes.txt") = "someone's";
  Open();
  EXPECT_EQ(Names(), std::vector<std::string>{"notes.txt"});
}

TEST_F(SegmentPoolTest, TheReserveIsNotTouched) {
  config_.min_free_bytes = 3 * kBytes;
  fs_.faults.claimed_free = 4 * kBytes - 1;
  const auto pool = Open();
  const auto refused = pool->Next();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().reason, "tsdb.disk_full");
  EXPECT_TRUE(Names().empty());
  fs_.faults.claimed_free = 4 * kBytes;
  EXPECT_TRUE(pool->Next());
}

TEST_F(SegmentPoolTest, ASpareNeedsNoSpace) {
  const auto pool = Open();
  ASSERT_TRUE(pool->Next());
  ASSERT_TRUE(pool->Release(1));
  fs_.faults.claimed_free = 0;
  EXPECT_TRUE(pool->Next());
  EXPECT_EQ(pool->Next().error().reason, "tsdb.disk_full");
}

TEST_F(SegmentPoolTest, ADiskThatFillsUpMeanwhileLeavesNothingBehind) {
  config_.segment_bytes = 4 * kBytes;
  fs_.faults.capacity = 2 * kBytes;
  fs_.faults.claimed_free = 100 * kBytes;
  const auto pool = Open();
  EXPECT_EQ(pool->Prepare().error().reason, "tsdb.disk_full");
  EXPECT_FALSE(pool->HasPrepared());
  EXPECT_TRUE(Names().empty());
  fs_.faults.capacity = 100 * kBytes;
  EXPECT_EQ(pool->Next()->header.number, 1U) << "it recovers by itself";
}

TEST_F(SegmentPoolTest, NoStepThatFailsGivesASegmentOrKeepsSpace) {
  const auto expect_failure = [this](const char* step, auto set_fault) {
    fs_.faults = {};
    const auto pool = Open();
    const std::size_t files = Names().size();
    set_fault(fs_.faults);
    const auto outcome = pool->Next();
    EXPECT_FALSE(outcome) << step;
    EXPECT_FALSE(pool->HasPrepared()) << step;
    fs_.faults = {};
    ASSERT_TRUE(pool->Next()) << step;
    EXPECT_LE(Names().size(), files + 2) << step;
  };
  expect_failure("first zeros", [](auto& faults) { faults.good_writes = 0; });
  expect_failure("header", [](auto& faults) { faults.good_writes = 1; });
  expect_failure("sync of zeros", [](auto& faults) { faults.good_syncs = 0; });
  expect_failure("sync of the header", [](auto& faults) { faults.good_syncs = 1; });
  expect_failure("name of the spare", [](auto& faults) { faults.good_renames = 0; });
  expect_failure("name of the segment", [](auto& faults) { faults.good_renames = 1; });
  expect_failure("sync of the directory", [](auto& faults) { faults.good_directory_syncs = 0; });
}

TEST_F(SegmentPoolTest, ConfigurationsThatCannotWorkAreRefused) {
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{8192}, kBytes + 1, std::uint64_t{2} << 30U}) {
    config_.segment_bytes = bytes;
    const auto pool = SegmentPool::Open(fs_, config_, random_, nullptr);
    ASSERT_FALSE(pool) << bytes;
    EXPECT_EQ(pool.error().reason, "tsdb.bad_config");
  }
}

TEST_F(SegmentPoolTest, ThreadsThatPrepareTakeAndReleaseShareNoSegment) {
  const auto pool = Open();
  std::mutex mutex;
  std::vector<std::uint64_t> numbers;
  {
    std::jthread preparer([&pool](const std::stop_token& stop) {
      while (!stop.stop_requested()) EXPECT_TRUE(pool->Prepare());
    });
    std::vector<std::jthread> takers;
    takers.reserve(3);
    for (int i = 0; i < 3; ++i) {
      takers.emplace_back([&pool, &mutex, &numbers] {
        for (int round = 0; round < 40; ++round) {
          auto segment = pool->Next();
          ASSERT_TRUE(segment);
          const std::uint64_t number = segment->header.number;
          segment->file.reset();
          EXPECT_TRUE(pool->Release(number));
          const std::lock_guard lock(mutex);
          numbers.push_back(number);
        }
      });
    }
    takers.clear();
  }
  std::ranges::sort(numbers);
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], i + 1);
}

}  // namespace
}  // namespace helios::tsdb
