// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/backup_manifest.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"

namespace helios::wiring {
namespace {

class FixedKeys final : public secrets::KeyProvider {
 public:
  explicit FixedKeys(std::uint8_t first) { key_[0] = first; }
  [[nodiscard]] secrets::Key Derive(std::string_view) const override { return key_; }

 private:
  secrets::Key key_{};
};

class BackupManifestTest : public ::testing::Test {
 protected:
  BackupManifestTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "helios-backup-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
    std::filesystem::create_directories(directory / "samples");
    EXPECT_TRUE(WriteFileAtomically(directory / "samples/b.sst", "bbb"));
    EXPECT_TRUE(WriteFileAtomically(directory / "a", "aa"));
    manifest = {.created_at = FromUnixMs(1'767'441'600'000),
                .store = "store-1",
                .series = 7,
                .database = true,
                .files = ListBackupFiles(directory).value()};
    EXPECT_TRUE(WriteManifest(directory, manifest, keys));
  }
  ~BackupManifestTest() override { std::filesystem::remove_all(directory); }

  std::filesystem::path directory;
  FixedKeys keys{1};
  BackupManifest manifest;
};

TEST_F(BackupManifestTest, ReadsBackWhatWasWritten) {
  const auto read = ReadManifest(directory, keys);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->created_at, manifest.created_at);
  EXPECT_EQ(read->store, "store-1");
  EXPECT_EQ(read->series, 7U);
  EXPECT_TRUE(read->database);
  ASSERT_EQ(read->files.size(), 2U);
  EXPECT_EQ(read->files[0].path, "a");
  EXPECT_EQ(read->files[1].path, "samples/b.sst");
  EXPECT_EQ(read->files[1].bytes, 3U);
  EXPECT_EQ(read->files[1].sha256, crypto::Sha256("bbb"));
  EXPECT_TRUE(CheckBackupFiles(directory, *read));
}

TEST_F(BackupManifestTest, NamesTheFileThatDiffers) {
  ASSERT_TRUE(WriteFileAtomically(directory / "samples/b.sst", "bbc"));
  const auto checked = CheckBackupFiles(directory, manifest);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().reason, "backup.damaged_file");
  EXPECT_NE(checked.error().message.find("samples/b.sst is damaged"), std::string::npos) << checked.error().message;
}

TEST_F(BackupManifestTest, NamesTheFileThatIsMissing) {
  std::filesystem::remove(directory / "a");
  const auto checked = CheckBackupFiles(directory, manifest);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("a is missing"), std::string::npos) << checked.error().message;
}

TEST_F(BackupManifestTest, RefusesEveryChangedByteOfItself) {
  for (const char* name : {kBackupManifest, kBackupSignature}) {
    const std::string whole = ReadFile(directory / name).value();
    for (std::size_t i = 0; i < whole.size(); i += 7) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      ASSERT_TRUE(WriteFileAtomically(directory / name, changed));
      const auto read = ReadManifest(directory, keys);
      ASSERT_FALSE(read) << name << " " << i;
      EXPECT_EQ(read.error().reason, "backup.bad_manifest");
    }
    ASSERT_TRUE(WriteFileAtomically(directory / name, whole));
  }
}

TEST_F(BackupManifestTest, RefusesAnotherMasterKey) {
  EXPECT_EQ(ReadManifest(directory, FixedKeys(2)).error().reason, "backup.bad_manifest");
}

TEST_F(BackupManifestTest, RefusesABackupThatWasCutShort) {
  std::filesystem::remove(directory / kBackupManifest);
  EXPECT_EQ(ReadManifest(directory, keys).error().reason, "backup.no_manifest");
}

}  // namespace
}  // namespace helios::wiring
