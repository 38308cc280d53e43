// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/journal_file_system.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <string>

#include "tsdb/internal/segment_pool.h"
#include "tsdb/internal/segment_reader.h"
#include "tsdb/internal/segment_writer.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using Mode = JournalFileSystem::Mode;

TEST(PosixJournalFileSystem, BlocksComeBackAsWritten) {
  const ScratchDirectory directory;
  PosixJournalFileSystem fs;
  const auto path = directory.path() / "file";
  BlockBuffer blocks(2);
  std::memset(blocks.data(), 'a', blocks.size());
  {
    const auto file = fs.Open(path, Mode::kCreate).value();
    ASSERT_TRUE(file->Write(0, {blocks.data(), blocks.size()}));
    std::memset(blocks.data(), 'b', 4096);
    ASSERT_TRUE(file->Write(4096, {blocks.data(), 4096}));
    ASSERT_TRUE(file->Sync());
    EXPECT_EQ(file->Size().value(), 8192U);
  }
  const auto file = fs.Open(path, Mode::kRead).value();
  std::string read(10'000, '\0');
  EXPECT_EQ(file->Read(0, read).value(), 8192U) << "fewer bytes where the file ends";
  EXPECT_EQ(read.substr(0, 8192), std::string(4096, 'a') + std::string(4096, 'b'));
  EXPECT_EQ(file->Read(8000, {read.data(), 100}).value(), 100U);
  EXPECT_EQ(file->Read(9000, {read.data(), 100}).value(), 0U);
}

TEST(PosixJournalFileSystem, CreatingWhatExistsAndOpeningWhatDoesNotFail) {
  const ScratchDirectory directory;
  PosixJournalFileSystem fs;
  const auto path = directory.path() / "file";
  EXPECT_EQ(fs.Open(path, Mode::kRead).error().reason, "tsdb.io_failed");
  EXPECT_FALSE(fs.Open(path, Mode::kWrite));
  ASSERT_TRUE(fs.Open(path, Mode::kCreate));
  EXPECT_FALSE(fs.Open(path, Mode::kCreate));
  EXPECT_TRUE(fs.Open(path, Mode::kWrite));
  EXPECT_FALSE(fs.Remove(directory.path() / "another"));
  EXPECT_FALSE(fs.Rename(directory.path() / "another", path));
  EXPECT_FALSE(fs.List(directory.path() / "none"));
  EXPECT_FALSE(fs.SyncDirectory(directory.path() / "none"));
  EXPECT_FALSE(fs.FreeBytes(directory.path() / "none"));
}

TEST(PosixJournalFileSystem, NamesAreListedRenamedAndRemoved) {
  const ScratchDirectory directory;
  PosixJournalFileSystem fs;
  ASSERT_TRUE(fs.Open(directory.path() / "one", Mode::kCreate));
  ASSERT_TRUE(fs.Rename(directory.path() / "one", directory.path() / "two"));
  ASSERT_TRUE(fs.SyncDirectory(directory.path()));
  EXPECT_EQ(fs.List(directory.path()).value(), std::vector<std::string>{"two"});
  ASSERT_TRUE(fs.Remove(directory.path() / "two"));
  EXPECT_TRUE(fs.List(directory.path()).value().empty());
  EXPECT_GT(fs.FreeBytes(directory.path()).value(), 0U);
}

/// Limits how large this process may make a file, for one scope.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(PosixJournalFileSystem, AWriteThatTheKernelCutsShortFails) {
  const ScratchDirectory directory;
  PosixJournalFileSystem fs;
  const auto file = fs.Open(directory.path() / "file", Mode::kCreate).value();
  BlockBuffer blocks(4);
  const FileSizeLimit limit(8192);
  const auto outcome = file->Write(0, {blocks.data(), blocks.size()});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().reason, "tsdb.io_failed");
}

TEST(PosixJournalFileSystem, ASegmentThatCannotBeMadeWholeLeavesNothingBehind) {
  const ScratchDirectory directory;
  PosixJournalFileSystem fs;
  SystemRandom random;
  const auto pool =
      SegmentPool::Open(fs, {.directory = directory.path(), .segment_bytes = 4U << 20U, .min_free_bytes = 0}, random,
                        nullptr)
          .value();
  {
    const FileSizeLimit limit(3U << 20U);
    EXPECT_FALSE(pool->Prepare());
  }
  EXPECT_TRUE(fs.List(directory.path()).value().empty());
  EXPECT_TRUE(pool->Prepare());
}

void ExpectAJournalWorksIn(const std::filesystem::path& directory) {
  PosixJournalFileSystem fs;
  SystemRandom random;
  const Aes256GcmAead aead(AeadKey{3}, random);
  const auto pool =
      SegmentPool::Open(fs, {.directory = directory, .segment_bytes = 1U << 20U, .min_free_bytes = 0}, random, &aead)
          .value();
  // Twice around: the second time in recycled files.
  for (std::uint64_t number = 1; number <= 4; ++number) {
    SegmentWriter writer(pool->Next().value(), &aead);
    std::vector<std::string> written;
    for (std::size_t size = 1; writer.HasRoom(size); size = size * 3 + number) {
      written.emplace_back(size, static_cast<char>('a' + number));
      ASSERT_TRUE(writer.WriteGroup(written.back()));
    }
    ASSERT_TRUE(writer.Close());
    auto reader = SegmentReader::Open(fs, writer.path(), number, Uuid{}, &aead).value();
    std::vector<std::string> read;
    while (const auto group = reader.Next()) read.emplace_back(*group);
    EXPECT_EQ(read, written);
    EXPECT_TRUE(reader.damage().empty());
    EXPECT_EQ(reader.end(), SegmentEnd::kClosed);
    ASSERT_TRUE(pool->Release(number));
  }
  EXPECT_EQ(ListSegments(fs, directory).value(), std::vector<std::uint64_t>{});
}

TEST(PosixJournalFileSystem, AJournalWorksOnTheDisk) {
  const ScratchDirectory directory;
  ExpectAJournalWorksIn(directory.path());
}

TEST(PosixJournalFileSystem, AJournalWorksOnATmpfs) {
  const std::filesystem::path shared_memory = "/dev/shm";
  std::string pattern = (shared_memory / "helios-tsdb-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) GTEST_SKIP() << "no tmpfs that can be written at " << shared_memory;
  ExpectAJournalWorksIn(pattern);
  std::filesystem::remove_all(pattern);
}

}  // namespace
}  // namespace helios::tsdb
