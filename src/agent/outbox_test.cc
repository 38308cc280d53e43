// SPDX-License-Identifier: Apache-2.0
#include "agent/outbox.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

namespace helios::agent {
namespace {

namespace fs = std::filesystem;

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    std::string name = (fs::temp_directory_path() / "helios-outbox-XXXXXX").string();
    directory = ::mkdtemp(name.data());
    auto disk = DiskBuffer::Open(directory, DiskBuffer::kSmallestBound);
    disk_ = disk.value().get();
    outbox = std::make_unique<Outbox>(*std::move(disk));
  }
  ~OutboxTest() override { fs::remove_all(directory); }

  static Batch BatchAt(std::int64_t ms) {
    return MakeBatch(std::vector<Sample>{{.name = "cpu", .value = 1, .labels = {}}}, FromUnixMs(ms), {});
  }
  void Add(std::int64_t ms) { outbox->Add(BatchAt(ms)); }
  std::int64_t Front() {
    const auto batch = outbox->Front();
    return batch ? ToUnixMs(batch->time) : -1;
  }

  fs::path directory;
  DiskBuffer* disk_ = nullptr;
  std::unique_ptr<Outbox> outbox;
};

TEST_F(OutboxTest, ABatchDeliveredAtOnceNeverTouchesTheDisk) {
  for (int i = 1; i < 4; ++i) {
    Add(i);
    EXPECT_EQ(Front(), i);
    outbox->Pop();
    EXPECT_EQ(disk_->records(), 0U);
  }
  EXPECT_EQ(Front(), -1);
}

TEST_F(OutboxTest, BatchesThatWaitGoToTheDiskAndComeBackInOrder) {
  Add(1);
  Add(2);
  Add(3);
  EXPECT_EQ(disk_->records(), 3U);
  for (int i = 1; i < 4; ++i) {
    EXPECT_EQ(Front(), i);
    outbox->Pop();
  }
  EXPECT_EQ(outbox->status().waiting_batches, 0U);
}

TEST_F(OutboxTest, ABatchMovedToDiskWhileItWasBeingDeliveredIsRemovedOnce) {
  Add(1);
  EXPECT_EQ(Front(), 1);
  Add(2);  // moves both
  EXPECT_EQ(disk_->records(), 2U);
  outbox->Pop();
  EXPECT_EQ(Front(), 2);
}

TEST_F(OutboxTest, SavedBatchesOutliveTheProcess) {
  Add(1);
  outbox->Save();
  outbox.reset();
  outbox = std::make_unique<Outbox>(DiskBuffer::Open(directory, DiskBuffer::kSmallestBound).value());
  EXPECT_EQ(Front(), 1);
}

TEST_F(OutboxTest, ADiskThatRefusesKeepsTheNewestInMemoryAndSaysSo) {
  fs::remove_all(directory);
  for (int i = 1; i <= 70; ++i) Add(i);
  EXPECT_EQ(outbox->status().waiting_batches, Outbox::kMaxInMemory);
  EXPECT_EQ(outbox->status().dropped_samples, 10U);
  ASSERT_TRUE(outbox->status().disk_error.has_value());
  EXPECT_EQ(outbox->status().disk_error->reason, "agent.buffer_write_failed");
  EXPECT_EQ(Front(), 11);

  fs::create_directories(directory);
  Add(71);  // 61 of them go to the disk that is back
  EXPECT_FALSE(outbox->status().disk_error.has_value());
  EXPECT_EQ(disk_->records(), 61U);
  outbox->Pop();
  EXPECT_EQ(Front(), 12);
}

TEST_F(OutboxTest, ARecordThatIsNoBatchIsSkippedAndCounted) {
  ASSERT_TRUE(disk_->Append("no batch", 1).has_value());
  Add(1);
  EXPECT_EQ(Front(), 1);
  EXPECT_EQ(outbox->status().damaged_records, 1U);
}

}  // namespace
}  // namespace helios::agent
