// SPDX-License-Identifier: Apache-2.0
#include "agent/disk_buffer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "base/file.h"

namespace helios::agent {
namespace {

namespace fs = std::filesystem;

class DiskBufferTest : public testing::Test {
 protected:
  DiskBufferTest() {
    std::string name = (fs::temp_directory_path() / "helios-buffer-XXXXXX").string();
    directory = fs::path(::mkdtemp(name.data())) / "buffer";
  }
  ~DiskBufferTest() override { fs::remove_all(directory.parent_path()); }

  std::unique_ptr<DiskBuffer> Open(std::uint64_t max_bytes = DiskBuffer::kSmallestBound) {
    auto buffer = DiskBuffer::Open(directory, max_bytes);
    if (!buffer) {
      ADD_FAILURE() << buffer.error().message;
      return nullptr;
    }
    return *std::move(buffer);
  }

  /// Takes everything out, oldest first.
  static std::vector<std::string> Drain(DiskBuffer& buffer) {
    std::vector<std::string> payloads;
    while (auto record = buffer.Front()) {
      payloads.push_back(record->payload);
      buffer.Pop(record->number);
    }
    return payloads;
  }

  std::vector<fs::path> Segments() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(directory)) {
      if (entry.path().extension() == ".segment") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  static void Overwrite(const fs::path& path, std::streamoff offset, std::string_view bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  fs::path directory;
};

using Payloads = std::vector<std::string>;

TEST_F(DiskBufferTest, GivesRecordsBackInOrderAndLeavesNoSegmentBehind) {
  auto buffer = Open();
  EXPECT_FALSE(buffer->Front().has_value());
  for (const char* payload : {"one", "", "three"}) ASSERT_TRUE(buffer->Append(payload, 1).has_value());
  EXPECT_EQ(buffer->records(), 3U);
  EXPECT_EQ(buffer->bytes(), 3U * 16U + 8U);
  EXPECT_EQ(Drain(*buffer), (Payloads{"one", "", "three"}));
  EXPECT_TRUE(buffer->empty());
  EXPECT_EQ(buffer->bytes(), 0U);
  EXPECT_TRUE(Segments().empty());
}

TEST_F(DiskBufferTest, ARestartGoesOnWhereReadingStopped) {
  {
    auto buffer = Open();
    for (const char* payload : {"one", "two", "three"}) ASSERT_TRUE(buffer->Append(payload, 1).has_value());
    buffer->Pop(buffer->Front()->number);
  }
  auto buffer = Open();
  EXPECT_EQ(buffer->records(), 2U);
  ASSERT_TRUE(buffer->Append("four", 1).has_value());
  EXPECT_EQ(Drain(*buffer), (Payloads{"two", "three", "four"}));
  EXPECT_EQ(buffer->losses().damaged_records, 0U);
}

TEST_F(DiskBufferTest, AnEmptiedBufferIsEmptyAfterARestart) {
  {
    auto buffer = Open();
    ASSERT_TRUE(buffer->Append("one", 1).has_value());
    Drain(*buffer);
  }
  auto buffer = Open();
  EXPECT_TRUE(buffer->empty());
  ASSERT_TRUE(buffer->Append("two", 1).has_value());
  buffer.reset();
  EXPECT_EQ(Drain(*Open()), Payloads{"two"});
}

TEST_F(DiskBufferTest, ARecordCutOffAnywhereIsDroppedAndThoseBeforeItStay) {
  const std::size_t whole = 16 + 3;
  for (std::size_t kept = whole + 1; kept < 2 * whole; ++kept) {
    {
      auto buffer = Open();
      ASSERT_TRUE(buffer->Append("one", 1).has_value());
      ASSERT_TRUE(buffer->Append("two", 1).has_value());
    }
    fs::resize_file(Segments().front(), kept);
    auto buffer = Open();
    EXPECT_EQ(buffer->losses().damaged_records, 1U) << kept;
    ASSERT_TRUE(buffer->Append("new", 1).has_value());
    EXPECT_EQ(Drain(*buffer), (Payloads{"one", "new"})) << kept;
  }
}

TEST_F(DiskBufferTest, ADamagedPayloadIsSkippedAndCounted) {
  {
    auto buffer = Open();
    for (const char* payload : {"one", "two", "three"}) ASSERT_TRUE(buffer->Append(payload, 1).has_value());
  }
  Overwrite(Segments().front(), 19 + 16, "X");  // the second record's first byte of payload
  auto buffer = Open();
  EXPECT_EQ(Drain(*buffer), (Payloads{"one", "three"}));
  EXPECT_EQ(buffer->losses().damaged_records, 1U);
  EXPECT_TRUE(buffer->empty());
}

TEST_F(DiskBufferTest, AWrongHeaderEndsItsSegmentAndNoOther) {
  {
    auto buffer = Open();
    ASSERT_TRUE(buffer->Append("one", 1).has_value());
    ASSERT_TRUE(buffer->Append("two", 1).has_value());
  }
  {
    auto buffer = Open();  // writes to a segment of its own
    ASSERT_TRUE(buffer->Append("three", 1).has_value());
  }
  ASSERT_EQ(Segments().size(), 2U);
  Overwrite(Segments().front(), 19, "ZZZZ");
  auto buffer = Open();
  EXPECT_EQ(Drain(*buffer), (Payloads{"one", "three"}));
  EXPECT_EQ(buffer->losses().damaged_records, 1U);
}

TEST_F(DiskBufferTest, ASegmentDamagedWhileOpenIsGivenUp) {
  auto buffer = Open();
  ASSERT_TRUE(buffer->Append("one", 7).has_value());
  fs::remove(Segments().front());
  EXPECT_FALSE(buffer->Front().has_value());
  EXPECT_EQ(buffer->losses().damaged_records, 1U);
  EXPECT_EQ(buffer->losses().dropped_weight, 7U);
  ASSERT_TRUE(buffer->Append("two", 1).has_value());
  EXPECT_EQ(Drain(*buffer), Payloads{"two"});
}

TEST_F(DiskBufferTest, ADamagedPositionMeansReadingFromTheStart) {
  {
    auto buffer = Open();
    for (const char* payload : {"one", "two"}) ASSERT_TRUE(buffer->Append(payload, 1).has_value());
    buffer->Pop(buffer->Front()->number);
  }
  Overwrite(directory / "position", 8, "\x01");
  EXPECT_EQ(Drain(*Open()), (Payloads{"one", "two"}));
}

TEST_F(DiskBufferTest, StaysWithinItsBoundByDroppingTheOldestAndCountsWhatItDrops) {
  auto buffer = Open();  // 1 MiB in segments of 128 KiB: one record of 100,000 bytes each
  const std::string filler(100'000 - 2, 'x');
  for (int i = 10; i < 40; ++i) {
    ASSERT_TRUE(buffer->Append(std::to_string(i) + filler, 5).has_value());
    EXPECT_LE(buffer->bytes(), DiskBuffer::kSmallestBound);
  }
  // Ten records of 100,016 bytes fit into 1,048,576: the last ten are there, twenty of weight 5 are not.
  EXPECT_EQ(buffer->losses().dropped_weight, 100U);
  const auto left = Drain(*buffer);
  ASSERT_EQ(left.size(), 10U);
  EXPECT_EQ(left.front().substr(0, 2), "30");
  EXPECT_EQ(left.back().substr(0, 2), "39");
}

TEST_F(DiskBufferTest, ALoweredBoundHoldsFromTheNextStartOn) {
  {
    auto buffer = Open(8U << 20U);
    const std::string megabyte(1'000'000, 'x');
    for (int i = 0; i < 7; ++i) ASSERT_TRUE(buffer->Append(megabyte, 1).has_value());
  }
  auto buffer = Open(DiskBuffer::kSmallestBound);
  EXPECT_LE(buffer->bytes(), DiskBuffer::kSmallestBound);
  EXPECT_EQ(buffer->losses().dropped_weight, 6U);
}

TEST_F(DiskBufferTest, PopOfARecordThatWasDroppedMeanwhileDoesNothing) {
  auto buffer = Open();
  const std::string filler(500'000, 'x');
  ASSERT_TRUE(buffer->Append(filler, 1).has_value());
  const std::uint64_t number = buffer->Front()->number;
  ASSERT_TRUE(buffer->Append(filler, 1).has_value());
  ASSERT_TRUE(buffer->Append(filler, 1).has_value());  // drops the first
  buffer->Pop(number);
  EXPECT_EQ(buffer->records(), 2U);
}

TEST_F(DiskBufferTest, ADirectoryHasOneOwner) {
  auto buffer = Open();
  const auto second = DiskBuffer::Open(directory, DiskBuffer::kSmallestBound);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "agent.buffer_in_use");
  buffer.reset();
  EXPECT_TRUE(DiskBuffer::Open(directory, DiskBuffer::kSmallestBound).has_value());
}

TEST_F(DiskBufferTest, ADirectoryThatCannotBeMadeIsAnError) {
  {
    std::ofstream(directory.parent_path() / "file") << "x";
  }
  const auto buffer = DiskBuffer::Open(directory.parent_path() / "file" / "below", DiskBuffer::kSmallestBound);
  ASSERT_FALSE(buffer.has_value());
  EXPECT_EQ(buffer.error().reason, "agent.buffer_unusable");
}

TEST_F(DiskBufferTest, OthersCannotReadWhatIsBuffered) {
  auto buffer = Open();
  ASSERT_TRUE(buffer->Append("one", 1).has_value());
  struct stat status{};
  ASSERT_EQ(::stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat(Segments().front().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(DiskBufferTest, AVanishedDirectoryFailsTheWriteAndNothingElse) {
  auto buffer = Open();
  fs::remove_all(directory);
  const auto outcome = buffer->Append("one", 1);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().reason, "agent.buffer_write_failed");
  EXPECT_TRUE(buffer->empty());
  fs::create_directories(directory);
  EXPECT_TRUE(buffer->Append("two", 1).has_value());
  EXPECT_EQ(Drain(*buffer), Payloads{"two"});
}

}  // namespace
}  // namespace helios::agent
