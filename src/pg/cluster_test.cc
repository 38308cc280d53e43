// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "obs/log.h"
#include "pg/internal/child_process.h"
#include "pg/internal/cluster_directory.h"
#include "pg/migrate.h"
#include "pg/private_cluster.h"
#include "pg/privileges.h"
#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using helios::testing::SqlClient;
using ::testing::HasSubstr;

class PrivateClusterTest : public ::testing::Test {
 protected:
  PrivateClusterTest() {
    std::string made = "/tmp/helios-cluster-test-XXXXXX";
    root = mkdtemp(made.data());
    config = {.data_directory = root / "postgres", .durable = false};
  }
  ~PrivateClusterTest() override {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }

  std::unique_ptr<PrivateCluster> MustStart() {
    auto cluster = PrivateCluster::Start(config);
    if (!cluster) ADD_FAILURE() << cluster.error().message;
    return cluster ? *std::move(cluster) : nullptr;
  }

  // A cluster that was started and stopped before; a copy, for initdb takes most of a test's time.
  void PlaceUsedCluster() {
    static const Used used;
    ASSERT_TRUE(used.outcome) << used.outcome.error().message;
    fs::copy(used.root / "postgres", config.data_directory, fs::copy_options::recursive);
    fs::permissions(config.data_directory, fs::perms(0700));
  }

  [[nodiscard]] pid_t ServerPid() const { return internal::FindServerOf(config.data_directory).value_or(-1); }

  static bool Eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 3000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  fs::path root;
  PrivateClusterConfig config;

 private:
  struct Used {
    Used() {
      std::string made = "/tmp/helios-cluster-test-used-XXXXXX";
      root = mkdtemp(made.data());
      auto cluster = PrivateCluster::Start({.data_directory = root / "postgres", .durable = false});
      outcome = cluster ? Result<void>() : std::unexpected(cluster.error());
    }
    ~Used() {
      std::error_code ignored;
      fs::remove_all(root, ignored);
    }
    fs::path root;
    Result<void> outcome;
  };
};

TEST_F(PrivateClusterTest, KeepsItsDataFromOneStartToTheNext) {
  {
    auto cluster = MustStart();
    ASSERT_NE(cluster, nullptr);
    const auto outcome = Migrate(cluster->owner_url());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(SqlClient(cluster->app_url()).Must("SELECT current_user").value(), "helios_app");
    EXPECT_EQ(SqlClient(cluster->app_url()).Must("SHOW data_checksums").value(), "on");
    cluster->Stop();
    cluster->Stop();
    EXPECT_EQ(ServerPid(), -1);
  }
  auto cluster = MustStart();
  ASSERT_NE(cluster, nullptr);
  EXPECT_EQ(SqlClient(cluster->app_url()).Must("SELECT min(version) FROM shared.schema_migrations").value(), "1");
}

TEST_F(PrivateClusterTest, LetsNobodyElseReachItsSocket) {
  PlaceUsedCluster();
  auto cluster = MustStart();
  ASSERT_NE(cluster, nullptr);
  const std::string url = cluster->app_url();
  const std::string directory = url.substr(6, url.find('\'', 6) - 6);
  struct stat status{};
  ASSERT_EQ(stat(directory.c_str(), &status), 0) << directory;
  EXPECT_EQ(status.st_mode & 0777, 0700);
  EXPECT_LE(directory.size() + std::string_view("/.s.PGSQL.5432").size(), 107);
  EXPECT_EQ(SqlClient(url).Must("SHOW listen_addresses").rows.at(0).at(0), "");
}

TEST_F(PrivateClusterTest, StartsAgainAfterItsServerDied) {
  PlaceUsedCluster();
  auto cluster = MustStart();
  ASSERT_NE(cluster, nullptr);
  const pid_t first = ServerPid();
  kill(first, SIGKILL);
  EXPECT_TRUE(Eventually([&] { return ServerPid() != first && ServerPid() > 0; }));
  EXPECT_TRUE(Eventually([&] { return Migrate(cluster->owner_url()).has_value(); })) << "at the same url";
}

TEST_F(PrivateClusterTest, StopsALeftoverBeforeItStarts) {
  PlaceUsedCluster();
  // A server whose supervisor is gone, as after kill -9 without a parent-death signal.
  const auto sockets = internal::MakeSocketDirectory(config.data_directory);
  const auto programs = internal::FindPrograms({}, 15, config.data_directory);
  ASSERT_TRUE(sockets && programs);
  const auto leftover =
      internal::SpawnProgram({(*programs / "postgres").string(), "-D", config.data_directory.string(), "-c",
                              "listen_addresses=", "-c", "unix_socket_directories=" + sockets->string()},
                             root / "leftover.log", SIGKILL);
  ASSERT_TRUE(leftover);
  ASSERT_TRUE(Eventually([&] { return ServerPid() == *leftover; }));

  auto cluster = MustStart();
  ASSERT_NE(cluster, nullptr);
  EXPECT_NE(ServerPid(), *leftover);
  EXPECT_TRUE(internal::TryWait(*leftover).has_value());
}

TEST_F(PrivateClusterTest, IgnoresAPidFileWhoseNumberBelongsToAnotherProcess) {
  PlaceUsedCluster();
  std::ofstream(config.data_directory / "postmaster.pid") << getpid() << "\n" << config.data_directory.string() << "\n";
  EXPECT_NE(MustStart(), nullptr) << "and this process still runs";
}

TEST_F(PrivateClusterTest, IgnoresASocketLockWhoseNumberBelongsToAnotherProcess) {
  PlaceUsedCluster();
  const auto sockets = internal::MakeSocketDirectory(config.data_directory);
  ASSERT_TRUE(sockets);
  std::ofstream(*sockets / ".s.PGSQL.5432.lock") << getpid() << "\n" << config.data_directory.string() << "\n";
  EXPECT_NE(MustStart(), nullptr) << "and this process still runs";
}

TEST_F(PrivateClusterTest, LeavesTheSocketLockOfAnotherDataDirectory) {
  const fs::path lock = root / ".s.PGSQL.5432.lock";
  std::ofstream(lock) << getpid() << "\n/elsewhere\n";
  internal::RemoveStaleSocket(root, config.data_directory);
  EXPECT_TRUE(fs::exists(lock));
}

TEST_F(PrivateClusterTest, EndsABackendThatOutlivedItsServer) {
  PlaceUsedCluster();
  auto cluster = MustStart();
  ASSERT_NE(cluster, nullptr);
  const pid_t first = ServerPid();
  // Frozen, so that it cannot notice that its server is gone.
  SqlClient client(cluster->app_url());
  const pid_t backend = std::stoi(client.Must("SELECT pg_backend_pid()").value());
  kill(backend, SIGSTOP);
  kill(first, SIGKILL);
  EXPECT_TRUE(Eventually([&] { return ServerPid() != first && ServerPid() > 0; }));
  EXPECT_TRUE(Eventually([&] { return Migrate(cluster->owner_url()).has_value(); })) << "at the same url";
}

TEST_F(PrivateClusterTest, RefusesADirectoryThatItDidNotMake) {
  fs::create_directories(config.data_directory);
  std::ofstream(config.data_directory / "precious.txt") << "mine";
  const auto cluster = PrivateCluster::Start(config);
  ASSERT_FALSE(cluster);
  EXPECT_EQ(cluster.error().reason, "pg.foreign_data_directory");
  EXPECT_THAT(cluster.error().message, HasSubstr(config.data_directory.string()));
  EXPECT_TRUE(fs::exists(config.data_directory / "precious.txt"));
}

TEST_F(PrivateClusterTest, RefusesAnotherVersionsDirectory) {
  PlaceUsedCluster();
  std::ofstream(config.data_directory / "PG_VERSION") << "9\n";
  const auto older = PrivateCluster::Start(config);
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().reason, "pg.wrong_version");
  EXPECT_THAT(older.error().message, HasSubstr("made by version 9"));
  std::ofstream(config.data_directory / "HELIOS_CLUSTER") << "{\"format\":99}\n";
  const auto later = PrivateCluster::Start(config);
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().reason, "pg.wrong_version");
}

TEST_F(PrivateClusterTest, BeginsAnewWhereAnInitdbWasCutShort) {
  fs::create_directories(root / "postgres.new" / "base");
  std::ofstream(root / "postgres.new" / "PG_VERSION") << "15\n";
  EXPECT_NE(MustStart(), nullptr);
  EXPECT_FALSE(fs::exists(root / "postgres.new"));
}

TEST_F(PrivateClusterTest, RefusesADirectoryInUse) {
  PlaceUsedCluster();
  auto cluster = MustStart();
  const auto second = PrivateCluster::Start(config);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "pg.data_directory_in_use");
  EXPECT_GT(ServerPid(), 0) << "the first goes on";
}

TEST_F(PrivateClusterTest, QuotesTheServerWhenItCannotStart) {
  PlaceUsedCluster();
  fs::remove(config.data_directory / "global" / "pg_control");
  const auto cluster = PrivateCluster::Start(config);
  ASSERT_FALSE(cluster);
  EXPECT_EQ(cluster.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(cluster.error().reason, "pg.cannot_start");
  EXPECT_THAT(cluster.error().message, HasSubstr("pg_control"));
}

TEST_F(PrivateClusterTest, SaysWhereItLooksForTheServersPrograms) {
  config.bin_directory = "/usr/lib/postgresql-nowhere";
  const auto cluster = PrivateCluster::Start(config);
  ASSERT_FALSE(cluster);
  EXPECT_EQ(cluster.error().reason, "pg.no_server_programs");
}

TEST_F(PrivateClusterTest, TakesAnotherSocketDirectoryWhereTheUsualOneIsNotItsOwn) {
  const auto usual = internal::MakeSocketDirectory(config.data_directory);
  ASSERT_TRUE(usual);
  fs::permissions(*usual, fs::perms(0755));
  const auto other = internal::MakeSocketDirectory(config.data_directory);
  ASSERT_TRUE(other);
  EXPECT_NE(*other, *usual);
  fs::remove_all(*usual);
  fs::remove_all(*other);
}

TEST_F(PrivateClusterTest, BoundsItsLog) {
  PlaceUsedCluster();
  auto cluster = MustStart();
  ASSERT_NE(cluster, nullptr);
  std::ofstream(config.data_directory / "server.log", std::ios::app) << std::string(9'000'000, 'x') << "\n";
  EXPECT_TRUE(Eventually([&] { return fs::file_size(config.data_directory / "server.log") < 100'000; }));
}

}  // namespace
}  // namespace helios::pg

// As root, every test runs as the user that the product would become: PostgreSQL refuses root.
int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  std::string directory = "/tmp/helios-cluster-test-user-XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) return 2;
  if (auto dropped = helios::pg::DropPrivileges(directory); !dropped) {
    helios::obs::LogFailure("test.failed", dropped.error());
    return 2;
  }
  const int outcome = RUN_ALL_TESTS();
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
  return outcome;
}
