// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// The bill agrees with the samples, whenever the program is killed on the way from one to the other.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <thread>

#include "base/manual_clock.h"
#include "billing/store_usage.h"
#include "billing/testing/kill_load.h"
#include "billing/usage_recorder.h"
#include "tests/support/scratch_postgres.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::billing {
namespace {

/// A run of record_until_killed.
class KilledProgram {
 public:
  /// `in_front` goes in front of the program: strace and its options.
  KilledProgram(const std::filesystem::path& directory, const std::string& url, std::uint64_t round,
                std::string crash_at, std::vector<std::string> in_front = {}) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "billing_record_until_killed";
    int pipe[2];
    EXPECT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
    words_ = pipe[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<std::string> texts = std::move(in_front);
    texts.insert(texts.end(), {program.string(), directory.string(), url, std::to_string(round), std::move(crash_at)});
    std::vector<char*> arguments;
    for (std::string& text : texts) arguments.push_back(text.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
  }
  ~KilledProgram() {
    Kill();
    AwaitKill();
    ::close(words_);
  }
  KilledProgram(const KilledProgram&) = delete;
  KilledProgram& operator=(const KilledProgram&) = delete;

  /// Until it recorded something, or ended.
  void AwaitWord() const {
    char byte = 0;
    EXPECT_GE(::read(words_, &byte, 1), 0);
  }
  void Kill() const {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
  }
  /// Its end, which must be the kill.
  void AwaitKill() {
    if (pid_ <= 0) return;
    // What it goes on writing must not fill the pipe.
    char buffer[4096];
    while (::read(words_, buffer, sizeof buffer) > 0) {
    }
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the program ended by itself with status " << WEXITSTATUS(status);
  }

 private:
  pid_t pid_ = -1;
  int words_ = -1;
};

constexpr const char* kStrace = "/usr/bin/strace";

std::uint64_t CountSamples(const tsdb::SampleStore& store, TenantId tenant, tsdb::SeriesId series) {
  const auto cursor = store.Read(tenant, series, {TimestampMs::min(), TimestampMs::max()}).value();
  std::uint64_t count = 0;
  for (;;) {
    const std::size_t run = cursor->Next().value().times.size();
    if (run == 0) return count;
    count += run;
  }
}

class UsageKill : public ::testing::Test {
 protected:
  UsageKill() {
    for (std::size_t i = 0; i < 2; ++i) {
      root.Must(fmt::format("INSERT INTO directory.organizations (id, name, slug) VALUES ('{}', 'Load', 'load-{}')",
                            LoadTenants()[i].ToString(), i));
    }
  }

  void RunAndCrashAt(const std::string& step) {
    KilledProgram program(directory.path(), database.app_url, round++, step);
    program.AwaitKill();
  }

  void RunAndKillAfter(std::chrono::milliseconds patience) {
    KilledProgram program(directory.path(), database.app_url, round++, "never");
    program.AwaitWord();
    std::this_thread::sleep_for(patience);
    program.Kill();
    program.AwaitKill();
  }

  /// Dies in front of the `n`th `call` of one of its threads, which is not made any more.
  void RunAndKillBefore(const std::string& call, int n) {
    KilledProgram program(directory.path(), database.app_url, round++, "never",
                          {kStrace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e",
                           fmt::format("inject={}:signal=SIGKILL:when={}", call, n)});
    program.AwaitKill();
  }

  /// PostgreSQL stands still after the insert; the program dies before it could commit.
  void RunAndKillBetweenInsertAndCommit() {
    root.Must(
        "CREATE FUNCTION directory.stand_still() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_sleep(4); RETURN NULL; END $$; "
        "CREATE TRIGGER stand_still AFTER INSERT ON directory.usage_records "
        "FOR EACH STATEMENT EXECUTE FUNCTION directory.stand_still()");
    {
      KilledProgram program(directory.path(), database.app_url, round++, "never");
      const std::string sleeper = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
      while (root.Must("SELECT count(*) " + sleeper).value() == "0") {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
      }
      program.Kill();
      program.AwaitKill();
      root.Must("SELECT pg_terminate_backend(pid) " + sleeper);
    }
    root.Must("DROP TRIGGER stand_still ON directory.usage_records; DROP FUNCTION directory.stand_still()");
  }

  /// Opens the store as a start does, and stops as a clean stop does: everything is recorded then.
  /// Samples of each tenant that are to be paid for, as reads find them.
  std::array<std::uint64_t, 3> RecordAll() {
    const ManualClock clock(LoadTime(round));
    obs::Metrics metrics;
    const auto store =
        tsdb::OpenEmbeddedStore({.directory = directory.path(), .segment_bytes = 1U << 20U}, clock, metrics);
    EXPECT_TRUE(store.has_value()) << store.error().message;
    pg::Database db({.url = database.app_url}, metrics);
    StoreUsage usage(**store);
    UsageRecorder(usage, db, metrics).Stop();
    EXPECT_TRUE(usage.Pending().value().empty());
    std::array<std::uint64_t, 3> samples{};
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const TenantId tenant = LoadTenants()[i];
      for (const tsdb::SeriesInfo& info : (*store)->FindSeries(tenant, {"load", {}}, 1000).value()) {
        samples[i] += CountSamples(**store, tenant, info.id);
      }
    }
    return samples;
  }

  std::uint64_t Billed(TenantId tenant) {
    return std::stoull(root.Must(fmt::format("SELECT coalesce(sum(quantity), 0) FROM directory.usage_records "
                                             "WHERE org_id = '{}' AND metric_type = 'samples'",
                                             tenant.ToString()))
                           .value());
  }

  void ExpectTheBillAgrees() {
    const auto samples = RecordAll();
    EXPECT_GT(samples[0], 0U);
    EXPECT_GT(samples[2], 0U);
    EXPECT_EQ(Billed(LoadTenants()[0]), samples[0]);
    EXPECT_EQ(Billed(LoadTenants()[1]), samples[1]);
    EXPECT_EQ(Billed(LoadTenants()[2]), 0U);  // there is nobody to send it to
  }

  testing::ScratchDatabase database = testing::ScratchPostgres::Shared().NewDatabase();
  testing::SqlClient root{database.superuser_url};
  const tsdb::ScratchDirectory directory;
  std::uint64_t round = 0;
};

TEST_F(UsageKill, BeforeTheInsert) {
  RunAndCrashAt("read");
  ExpectTheBillAgrees();
}

TEST_F(UsageKill, BetweenInsertAndCommit) {
  RunAndKillBetweenInsertAndCommit();
  ExpectTheBillAgrees();
}

TEST_F(UsageKill, BetweenCommitAndForgetting) {
  RunAndCrashAt("committed");
  ExpectTheBillAgrees();
}

TEST_F(UsageKill, AfterForgetting) {
  RunAndCrashAt("forgotten");
  ExpectTheBillAgrees();
}

TEST_F(UsageKill, AtAnyMomentOfAppendingFlushingAndRecordingAndAtEachStepInTurn) {
  std::minstd_rand random(std::random_device{}());
  for (int i = 0; i < 16; ++i) {
    switch (i % 8) {
      case 1: RunAndCrashAt("read"); break;
      case 3: RunAndCrashAt("committed"); break;
      case 5: RunAndCrashAt("forgotten"); break;
      case 7: RunAndKillBetweenInsertAndCommit(); break;
      default: RunAndKillAfter(std::chrono::milliseconds(random() % 200));
    }
    if (i % 4 == 3) ExpectTheBillAgrees();
    ASSERT_FALSE(HasFailure()) << "round " << i;
  }
  RecordProperty("billed_samples", std::to_string(Billed(LoadTenants()[0])));
}

/// Every step on the way from the journal (fdatasync) over the catalogue (files written, synced and given their place),
/// the control database (sendto) and the forgetting to the segment's end (unlink) is a system call that makes something
/// lasting. The program dies before each of the first ones, so that each step is cut off from the one before it.
TEST_F(UsageKill, BeforeEverySystemCallThatMakesAStepLasting) {
  if (!std::filesystem::exists(kStrace) || std::system("/usr/bin/strace -o /dev/null /bin/true 2>/dev/null") != 0) {
    GTEST_SKIP() << "strace cannot be used here";
  }
  RunAndCrashAt("forgotten");  // so that there is a store, and the calls are not those of making one
  const char* takes_long = std::getenv("HELIOS_LONG");
  const bool all = takes_long != nullptr && *takes_long != '\0';
  const std::vector<int> counts =
      all ? std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25, 30} : std::vector<int>{2, 5, 9};
  for (const char* call : {"fdatasync", "fsync", "link", "rename", "unlink", "sendto"}) {
    for (const int n : counts) RunAndKillBefore(call, n);
    ExpectTheBillAgrees();
    ASSERT_FALSE(HasFailure()) << call;
  }
}

}  // namespace
}  // namespace helios::billing
