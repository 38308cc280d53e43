// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "secrets/key_provider.h"

namespace helios::secrets {
namespace {

class LocalKeysTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / fmt::format("helios-keys-test-{}", ::getpid());
  std::filesystem::path file_ = directory_ / "master.key";
  SystemRandom random_;
};

TEST_F(LocalKeysTest, MakesAKeyOnceAndKeepsIt) {
  const Key first = OpenLocalKeys(file_, random_).value()->Derive("purpose");
  EXPECT_EQ(OpenLocalKeys(file_, random_).value()->Derive("purpose"), first);
  EXPECT_NE(OpenLocalKeys(file_, random_).value()->Derive("other"), first);
}

TEST_F(LocalKeysTest, RefusesAFileThatOthersMayRead) {
  ASSERT_TRUE(OpenLocalKeys(file_, random_));
  std::filesystem::permissions(file_, std::filesystem::perms{0644});
  EXPECT_EQ(OpenLocalKeys(file_, random_).error().reason, "secrets.key_file_open_to_others");
}

TEST_F(LocalKeysTest, RefusesADamagedKey) {
  ASSERT_TRUE(WriteFileAtomically(file_, "0123"));
  EXPECT_EQ(OpenLocalKeys(file_, random_).error().reason, "secrets.bad_master_key");
}

}  // namespace
}  // namespace helios::secrets
