// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "objects/directory_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <thread>

#include "base/file.h"

namespace helios::objects {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");

class DirectoryStoreTest : public ::testing::Test {
 protected:
  DirectoryStoreTest() {
    std::string name = "/tmp/helios-objects-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    root = name;
    key.fill(7);
    store = Open(key);
  }
  ~DirectoryStoreTest() override { fs::remove_all(root); }
  DirectoryStoreTest(const DirectoryStoreTest&) = delete;
  DirectoryStoreTest& operator=(const DirectoryStoreTest&) = delete;

  std::unique_ptr<ObjectStore> Open(const crypto::SealKey& with) {
    return std::move(OpenDirectoryStore(root / "objects", with, random).value());
  }
  static ObjectKey Key(std::string_view text) { return ObjectKey::Parse(text).value(); }
  fs::path FileOf(TenantId tenant, std::string_view object) {
    return root / "objects" / ("tenant_" + tenant.ToString()) / (std::string(object) + "~sealed");
  }
  std::vector<std::string> Listed(TenantId tenant, std::string_view prefix = "", std::string_view after = "",
                                  std::size_t limit = 100) {
    std::vector<std::string> keys;
    const auto found = store->List(tenant, prefix, after, limit);
    EXPECT_TRUE(found) << found.error().message;
    for (const ObjectInfo& info : *found) keys.push_back(fmt::format("{} {}", info.key.text(), info.bytes));
    return keys;
  }
  static std::string Bytes(std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>((i * 131 + (i >> 8U)) & 0xFFU);
    return bytes;
  }

  fs::path root;
  crypto::SealKey key{};
  SystemRandom random;
  std::unique_ptr<ObjectStore> store;
};

constexpr std::size_t kPiece = 64U << 10U;

TEST_F(DirectoryStoreTest, GivesBackWhatWasPutAlsoAfterARestart) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kPiece - 1, kPiece, kPiece + 1, 3 * kPiece}) {
    ASSERT_TRUE(store->Put(kAcme, Key("cpu/v1"), Bytes(size)));
    EXPECT_EQ(store->Get(kAcme, Key("cpu/v1")).value(), Bytes(size));
    EXPECT_EQ(Open(key)->Get(kAcme, Key("cpu/v1")).value(), Bytes(size));
    EXPECT_THAT(Listed(kAcme), ElementsAre(fmt::format("cpu/v1 {}", size)));
  }
}

TEST_F(DirectoryStoreTest, ReadsAnyRange) {
  const std::string bytes = Bytes(3 * kPiece + 100);
  ASSERT_TRUE(store->Put(kAcme, Key("a"), bytes));
  for (const std::size_t offset : {std::size_t{0}, std::size_t{5}, kPiece - 1, kPiece, 3 * kPiece + 99}) {
    for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{7}, kPiece, 4 * kPiece}) {
      EXPECT_EQ(store->GetRange(kAcme, Key("a"), offset, length).value(), bytes.substr(offset, length))
          << offset << ' ' << length;
    }
  }
  EXPECT_EQ(store->GetRange(kAcme, Key("a"), bytes.size(), 10).value(), "");
  EXPECT_EQ(store->GetRange(kAcme, Key("a"), bytes.size() + 1, 10).error().reason, "objects.bad_range");
}

TEST_F(DirectoryStoreTest, OneTenantsObjectsAreAbsentForAnother) {
  ASSERT_TRUE(store->Put(kAcme, Key("cpu/v1"), "acme's"));
  EXPECT_EQ(store->Get(kGlobex, Key("cpu/v1")).error().reason, "objects.no_such_object");
  EXPECT_THAT(Listed(kGlobex), IsEmpty());
  ASSERT_TRUE(store->Delete(kGlobex, Key("cpu/v1")));
  EXPECT_EQ(store->Get(kAcme, Key("cpu/v1")).value(), "acme's");
  // Nor does a file carried from one to the other open.
  fs::create_directories(FileOf(kGlobex, "cpu/v1").parent_path());
  fs::copy_file(FileOf(kAcme, "cpu/v1"), FileOf(kGlobex, "cpu/v1"));
  EXPECT_EQ(store->Get(kGlobex, Key("cpu/v1")).error().reason, "objects.damaged");
}

TEST_F(DirectoryStoreTest, ListsByPrefixInPages) {
  for (const char* object : {"cpu/v1", "cpu/v10", "cpu/v2", "cpu", "cpu_total/v1", "mem/v1"}) {
    ASSERT_TRUE(store->Put(kAcme, Key(object), "x"));
  }
  EXPECT_THAT(Listed(kAcme, "cpu/"), ElementsAre("cpu/v1 1", "cpu/v10 1", "cpu/v2 1"));
  EXPECT_THAT(Listed(kAcme, "", "", 2), ElementsAre("cpu 1", "cpu/v1 1"));
  EXPECT_THAT(Listed(kAcme, "", "cpu/v1", 2), ElementsAre("cpu/v10 1", "cpu/v2 1"));
  EXPECT_THAT(Listed(kAcme, "nothing"), IsEmpty());
}

TEST_F(DirectoryStoreTest, DeletesAndDoesNotMindWhatIsNotThere) {
  ASSERT_TRUE(store->Put(kAcme, Key("a/b"), "x"));
  EXPECT_TRUE(store->Delete(kAcme, Key("a/b")));
  EXPECT_EQ(store->Get(kAcme, Key("a/b")).error().reason, "objects.no_such_object");
  EXPECT_TRUE(store->Delete(kAcme, Key("a/b")));
  EXPECT_TRUE(store->Delete(kAcme, Key("never/there")));
}

TEST_F(DirectoryStoreTest, IsSealedAtRestAndNoticesEveryChange) {
  const std::string secret = "these words are nobody else's business";
  ASSERT_TRUE(store->Put(kAcme, Key("a"), secret));
  const std::string sealed = ReadFile(FileOf(kAcme, "a")).value();
  EXPECT_THAT(sealed, Not(HasSubstr("nobody")));
  const auto write = [&](const std::string& bytes) { ASSERT_TRUE(WriteFileAtomically(FileOf(kAcme, "a"), bytes)); };
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write(changed);
    EXPECT_EQ(store->Get(kAcme, Key("a")).error().reason, "objects.damaged") << "byte " << i;
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    write(sealed.substr(0, length));
    EXPECT_EQ(store->Get(kAcme, Key("a")).error().reason, "objects.damaged") << length << " bytes";
  }
  write(sealed + "x");
  EXPECT_EQ(store->Get(kAcme, Key("a")).error().reason, "objects.damaged");
  write(sealed);
  EXPECT_EQ(store->Get(kAcme, Key("a")).value(), secret);
  crypto::SealKey other = key;
  other[0] ^= 1;
  EXPECT_EQ(Open(other)->Get(kAcme, Key("a")).error().reason, "objects.damaged");
}

TEST_F(DirectoryStoreTest, NoticesPiecesCutOffOrSwapped) {
  ASSERT_TRUE(store->Put(kAcme, Key("a"), Bytes(3 * kPiece)));
  const std::string sealed = ReadFile(FileOf(kAcme, "a")).value();
  constexpr std::size_t kHeader = 40;
  constexpr std::size_t kSealed = kPiece + 16;
  ASSERT_TRUE(WriteFileAtomically(FileOf(kAcme, "a"), sealed.substr(0, kHeader + 2 * kSealed)));
  EXPECT_EQ(store->Get(kAcme, Key("a")).error().reason, "objects.damaged");
  // Within the tag of a piece, so that what is left looks like one piece less.
  for (std::size_t left = 1; left <= 17; ++left) {
    ASSERT_TRUE(WriteFileAtomically(FileOf(kAcme, "a"), sealed.substr(0, kHeader + kSealed + left)));
    const auto read = store->Get(kAcme, Key("a"));
    ASSERT_FALSE(read) << left;
    EXPECT_EQ(read.error().reason, "objects.damaged") << left;
  }
  const std::string swapped = sealed.substr(0, kHeader) + sealed.substr(kHeader + kSealed, kSealed) +
                              sealed.substr(kHeader, kSealed) + sealed.substr(kHeader + 2 * kSealed);
  ASSERT_TRUE(WriteFileAtomically(FileOf(kAcme, "a"), swapped));
  EXPECT_EQ(store->GetRange(kAcme, Key("a"), 0, 10).error().reason, "objects.damaged");
}

TEST_F(DirectoryStoreTest, ReadersSeeTheOldOrTheNewWhileWritersReplace) {
  const std::string old(100'000, 'o');
  const std::string fresh(200'000, 'n');
  ASSERT_TRUE(store->Put(kAcme, Key("a"), old));
  {
    std::vector<std::jthread> writers;
    for (const std::string* bytes : {&old, &fresh}) {
      writers.emplace_back([&, bytes] {
        for (int i = 0; i < 20; ++i) EXPECT_TRUE(store->Put(kAcme, Key("a"), *bytes));
      });
    }
    for (int i = 0; i < 100; ++i) {
      const auto read = store->Get(kAcme, Key("a"));
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_TRUE(*read == old || *read == fresh);
    }
  }
  EXPECT_THAT(Listed(kAcme), ::testing::SizeIs(1));
}

TEST_F(DirectoryStoreTest, TellsTheCallerNoPathWhenTheDiskRefuses) {
  std::ofstream(root / "objects" / ("tenant_" + kAcme.ToString())) << "in the way";
  const auto put = store->Put(kAcme, Key("a"), "x");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().reason, "objects.unavailable");
  EXPECT_THAT(put.error().message, Not(HasSubstr(root.string())));
  EXPECT_EQ(store->Get(kAcme, Key("a")).error().reason, "objects.no_such_object");
}

TEST_F(DirectoryStoreTest, DoesNotListWhatACrashLeftOfAWrite) {
  ASSERT_TRUE(store->Put(kAcme, Key("a"), "x"));
  std::ofstream(FileOf(kAcme, "b").string() + ".77.tmp") << "half";
  EXPECT_THAT(Listed(kAcme), ElementsAre("a 1"));
  fs::last_write_time(FileOf(kAcme, "b").string() + ".77.tmp",
                      fs::file_time_type::clock::now() - std::chrono::hours{48});
  Open(key);
  EXPECT_FALSE(fs::exists(FileOf(kAcme, "b").string() + ".77.tmp"));
}

}  // namespace
}  // namespace helios::objects
