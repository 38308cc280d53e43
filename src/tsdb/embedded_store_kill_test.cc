// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/kill_pattern.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

/// Runs append_until_killed, kills it `patience` after its first acknowledgement, and returns what it acknowledged.
std::vector<std::uint64_t> AppendAndKill(const std::filesystem::path& directory, std::uint64_t first,
                                         std::chrono::milliseconds patience) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "tsdb_append_until_killed";
  int pipe[2];
  EXPECT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::string program_text = program.string();
  std::string directory_text = directory.string();
  std::string first_text = std::to_string(first);
  char* arguments[] = {program_text.data(), directory_text.data(), first_text.data(), nullptr};
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);

  std::string text;
  std::thread killer;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
    if (!killer.joinable()) {
      killer = std::thread([child, patience] {
        std::this_thread::sleep_for(patience);
        ::kill(child, SIGKILL);
      });
    }
  }
  ::close(pipe[0]);
  if (killer.joinable()) killer.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the program ended by itself with status " << WEXITSTATUS(status);

  std::vector<std::uint64_t> acknowledged;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    acknowledged.push_back(std::strtoull(text.c_str() + begin, nullptr, 10));
  }
  return acknowledged;
}

TEST(EmbeddedStoreKill, NoAcknowledgedSampleIsLostDoubledOrAlteredByTwentyKills) {
  const ScratchDirectory directory;
  const ManualClock clock(kKillNow);
  std::minstd_rand random(std::random_device{}());
  std::set<std::uint64_t> acknowledged;
  std::uint64_t next = 0;
  for (int round = 0; round < 20; ++round) {
    const auto patience = std::chrono::milliseconds(random() % 150);
    for (const std::uint64_t number : AppendAndKill(directory.path(), next, patience)) acknowledged.insert(number);
    ASSERT_FALSE(acknowledged.empty());
    next = *acknowledged.rbegin() + 1 + kKillMostInFlight;  // beyond anything the killed program may have written

    obs::Metrics metrics;
    const auto store = OpenEmbeddedStore({.directory = directory.path(), .segment_bytes = 1U << 20U}, clock, metrics);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    const auto found = (*store)->FindSeries(KillTenant(), {"killed", {}}, 1000).value();
    ASSERT_EQ(found.size(), kKillSeries);
    for (const SeriesInfo& info : found) {
      const std::uint64_t series = std::strtoull(std::string(info.key.Find("n")).c_str(), nullptr, 10);
      const auto samples = Drain((*store)->Read(KillTenant(), info.id, {TimestampMs::min(), TimestampMs::max()}));
      ASSERT_TRUE(samples.has_value()) << samples.error().message;
      std::size_t found_acknowledged = 0;
      std::int64_t last = -1;
      for (const ReadSample& sample : *samples) {
        const std::int64_t number = sample.time_ms - ToUnixMs(kKillStart);
        ASSERT_GT(number, last);  // rising, so none is there twice
        last = number;
        ASSERT_EQ(sample.bits, KillBits(series, static_cast<std::uint64_t>(number)));
        found_acknowledged += acknowledged.contains(static_cast<std::uint64_t>(number)) ? 1 : 0;
      }
      ASSERT_EQ(found_acknowledged, acknowledged.size()) << "after kill " << round + 1;
    }
  }
  RecordProperty("acknowledged_samples", std::to_string(acknowledged.size() * kKillSeries));
}

}  // namespace
}  // namespace helios::tsdb
