// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/privileges.h"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace helios::pg {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct stat StatusOf(const fs::path& path) {
  struct stat status{};
  EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
  return status;
}

class DropPrivilegesTest : public ::testing::Test {
 protected:
  DropPrivilegesTest() {
    std::string made = "/tmp/helios-privileges-test-XXXXXX";
    root = mkdtemp(made.data());
    chmod(root.c_str(), 0755);
  }
  ~DropPrivilegesTest() override { fs::remove_all(root); }

  // "<effective user> <outcome>" of DropPrivileges() in a process of its own: it cannot be undone.
  static std::string InAnotherProcess(const fs::path& directory) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
      const auto done = DropPrivileges(directory);
      const std::string outcome = fmt::format(
          "{} {}", geteuid(), done ? "done" : fmt::format("{}: {}", done.error().reason, done.error().message));
      if (write(ends[1], outcome.data(), outcome.size()) < 0) _exit(1);
      _exit(0);
    }
    close(ends[1]);
    std::string outcome;
    char c = 0;
    while (read(ends[0], &c, 1) == 1) outcome += c;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return outcome;
  }

  static passwd* ServiceUser() {
    passwd* user = getpwnam("helios");
    return user != nullptr ? user : getpwnam("postgres");
  }

  fs::path root;
};

TEST_F(DropPrivilegesTest, MakesAPrivateDirectory) {
  const fs::path data = root / "parent" / "data";
  EXPECT_THAT(InAnotherProcess(data), HasSubstr("done"));
  EXPECT_EQ(StatusOf(data).st_mode & 0777, 0700);
}

TEST_F(DropPrivilegesTest, RefusesAFileInThePlaceOfTheDirectory) {
  std::ofstream(root / "data") << "a file";
  EXPECT_THAT(InAnotherProcess(root / "data"), HasSubstr("pg.foreign_data_directory"));
}

class DropPrivilegesAsRootTest : public DropPrivilegesTest {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root has privileges to drop";
    ASSERT_NE(ServiceUser(), nullptr);
    user = ServiceUser()->pw_uid;
  }
  uid_t user = 0;
};

TEST_F(DropPrivilegesAsRootTest, BecomesTheServiceUserWhoOwnsTheDirectory) {
  EXPECT_EQ(InAnotherProcess(root / "data"), fmt::format("{} done", user));
  EXPECT_EQ(StatusOf(root / "data").st_uid, user);
  EXPECT_EQ(StatusOf(root).st_uid, 0U) << "nothing outside changes hands";
}

TEST_F(DropPrivilegesAsRootTest, GivesTheUserWhatRootLeftInItsDirectory) {
  ASSERT_EQ(InAnotherProcess(root / "data"), fmt::format("{} done", user));
  fs::create_directories(root / "data" / "chunks");
  std::ofstream(root / "data" / "chunks" / "one") << "1";
  fs::create_symlink("/etc/hostname", root / "data" / "link");
  EXPECT_EQ(InAnotherProcess(root / "data"), fmt::format("{} done", user));
  EXPECT_EQ(StatusOf(root / "data" / "chunks" / "one").st_uid, user);
  EXPECT_EQ(StatusOf("/etc/hostname").st_uid, 0U) << "links are not followed";
}

TEST_F(DropPrivilegesAsRootTest, NamesTheParentThatIsClosed) {
  fs::create_directories(root / "closed" / "inner");
  fs::permissions(root / "closed", fs::perms(0700));
  const std::string outcome = InAnotherProcess(root / "closed" / "inner" / "data");
  EXPECT_THAT(outcome, StartsWith("0 pg.data_directory_closed"));
  EXPECT_THAT(outcome, HasSubstr((root / "closed").string() + " is closed to the user"));
  EXPECT_FALSE(fs::exists(root / "closed" / "inner" / "data"));
}

TEST_F(DropPrivilegesAsRootTest, TakesOverNoDirectoryThatHoldsForeignFiles) {
  fs::create_directory(root / "data");
  std::ofstream(root / "data" / "passwd") << "root's";
  EXPECT_THAT(InAnotherProcess(root / "data"), StartsWith("0 pg.foreign_data_directory"));
  EXPECT_EQ(StatusOf(root / "data" / "passwd").st_uid, 0U);
  EXPECT_EQ(StatusOf(root / "data").st_uid, 0U);
}

TEST_F(DropPrivilegesAsRootTest, TakesOverARestoredDirectoryOfHelios) {
  fs::create_directories(root / "data" / "postgres");
  std::ofstream(root / "data" / "postgres" / "HELIOS_CLUSTER") << "{\"format\":1}";
  EXPECT_EQ(InAnotherProcess(root / "data"), fmt::format("{} done", user));
  EXPECT_EQ(StatusOf(root / "data" / "postgres" / "HELIOS_CLUSTER").st_uid, user);
}

TEST_F(DropPrivilegesAsRootTest, RefusesAnotherUsersDirectory) {
  fs::create_directory(root / "data");
  ASSERT_EQ(chown((root / "data").c_str(), 65534, 65534), 0);
  EXPECT_THAT(InAnotherProcess(root / "data"), StartsWith("0 pg.foreign_data_directory"));
}

TEST_F(DropPrivilegesAsRootTest, RefusesASymbolicLinkToADirectory) {
  fs::create_directory(root / "elsewhere");
  fs::create_directory_symlink(root / "elsewhere", root / "data");
  EXPECT_THAT(InAnotherProcess(root / "data"), StartsWith("0 pg.foreign_data_directory"));
  EXPECT_EQ(StatusOf(root / "elsewhere").st_uid, 0U);
}

TEST_F(DropPrivilegesAsRootTest, RefusesARootFileWithASecondName) {
  ASSERT_EQ(InAnotherProcess(root / "data"), fmt::format("{} done", user));
  std::ofstream(root / "shadow") << "root's";
  fs::create_hard_link(root / "shadow", root / "data" / "harmless");
  EXPECT_THAT(InAnotherProcess(root / "data"), StartsWith("0 pg.foreign_data_directory"));
  EXPECT_EQ(StatusOf(root / "shadow").st_uid, 0U);
}

}  // namespace
}  // namespace helios::pg
