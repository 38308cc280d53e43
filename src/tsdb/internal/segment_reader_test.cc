// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

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

}  // namespace
}  // namespace helios::tsdb
