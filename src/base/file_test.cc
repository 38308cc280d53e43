// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace helios {
namespace {

TEST(WriteFileAtomically, ReplacesTheFileWithTheModeAsked) {
  const auto directory = std::filesystem::temp_directory_path() / fmt::format("helios-file-test-{}", ::getpid());
  std::filesystem::create_directories(directory);
  const auto path = directory / "value";
  ASSERT_TRUE(WriteFileAtomically(path, "one"));
  ASSERT_TRUE(WriteFileAtomically(path, "two"));
  EXPECT_EQ(ReadFile(path).value(), "two");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(ReadFile(path, 2).error().reason, "file.too_large");
  EXPECT_EQ(ReadFile(directory / "absent").error().code, ErrorCode::kNotFound);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace helios
