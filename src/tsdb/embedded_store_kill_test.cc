// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <random>
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
                                         std::uint64_t fresh, std::chrono::milliseconds patience) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "tsdb_append_until_killed";
  int pipe[2];
  EXPECT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::string program_text = program.string();
  std::string directory_text = directory.string();
  std::string first_text = std::to_string(first);
  std::string fresh_text = std::to_string(fresh);
  char* arguments[] = {program_text.data(), directory_text.data(), first_text.data(), fresh_text.data(), nullptr};
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

/// What must be found after a kill.
class Ledger {
 public:
  void Acknowledge(std::uint64_t number) {
    if (number >= acknowledged_.size()) acknowledged_.resize(2 * number + 1);
    if (acknowledged_[number]) return;
    acknowledged_[number] = true;
    newest_ = std::max(newest_, number);
    samples_ += KillSamples(number);
    ++batches_;
    if (HasLateSample(number)) ++late_[LateSeries(number)];
    if (CreatesSeries(number)) ++created_;
  }

  [[nodiscard]] std::uint64_t newest() const { return newest_; }
  [[nodiscard]] std::size_t samples() const { return samples_; }
  [[nodiscard]] std::uint64_t FirstMissing() const {
    return static_cast<std::uint64_t>(std::ranges::find(acknowledged_, false) - acknowledged_.begin());
  }

  /// Compares all that the store holds with what was acknowledged; how many samples it holds.
  std::size_t Check(const EmbeddedStore& store) const {
    std::size_t held = 0;
    for (const SeriesInfo& info : store.FindSeries(KillTenant(), {"killed", {}}, 1000).value()) {
      held += CheckSeries(store, info);
    }
    std::size_t created = 0;
    for (const SeriesInfo& info : store.FindSeries(KillTenant(), {"created", {}}, 1'000'000).value()) {
      const std::uint64_t number = NumberOf(info);
      const auto samples = ReadAll(store, info);
      EXPECT_TRUE(CreatesSeries(number));
      EXPECT_EQ(samples, std::vector<ReadSample>({{ToUnixMs(kKillStart) + static_cast<std::int64_t>(number),
                                                   KillBits(2 * kKillSeries, number)}}));
      created += IsAcknowledged(number) ? 1 : 0;
      held += samples.size();
    }
    EXPECT_EQ(created, created_);
    return held;
  }

 private:
  static std::uint64_t NumberOf(const SeriesInfo& info) {
    return std::strtoull(std::string(info.key.Find("n")).c_str(), nullptr, 10);
  }

  static std::vector<ReadSample> ReadAll(const EmbeddedStore& store, const SeriesInfo& info) {
    auto samples = Drain(store.Read(KillTenant(), info.id, {TimestampMs::min(), TimestampMs::max()}));
    EXPECT_TRUE(samples.has_value()) << samples.error().message;
    return samples.value_or(std::vector<ReadSample>());
  }

  [[nodiscard]] bool IsAcknowledged(std::uint64_t number) const {
    return number < acknowledged_.size() && acknowledged_[number];
  }

  std::size_t CheckSeries(const EmbeddedStore& store, const SeriesInfo& info) const {
    const std::uint64_t series = NumberOf(info);
    std::size_t in_order = 0;
    std::size_t late = 0;
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    const std::vector<ReadSample> samples = ReadAll(store, info);
    for (const ReadSample& sample : samples) {
      EXPECT_GT(sample.time_ms, last);  // rising, so none is there twice
      last = sample.time_ms;
      std::int64_t number = sample.time_ms - ToUnixMs(kKillStart);
      const bool is_late = number < 0;
      if (is_late) number += kKillLate.count();
      const auto of = static_cast<std::uint64_t>(number);
      EXPECT_EQ(sample.bits, KillBits(is_late ? kKillSeries + series : series, of));
      if (testing::Test::HasFailure()) return samples.size();
      (is_late ? late : in_order) += IsAcknowledged(of) ? 1 : 0;
    }
    EXPECT_EQ(in_order, batches_) << "of series " << series;
    EXPECT_EQ(late, late_[series]) << "of series " << series;
    return samples.size();
  }

  std::vector<bool> acknowledged_;  ///< by number
  std::uint64_t newest_ = 0;
  std::size_t samples_ = 0;
  std::size_t batches_ = 0;
  std::size_t created_ = 0;
  std::array<std::size_t, kKillSeries> late_{};
};

std::size_t CountUsage(const EmbeddedStore& store) {
  std::size_t count = 0;
  for (const UsageRow& row : store.PendingUsage().value()) count += row.kind == UsageKind::kSamples ? row.count : 0;
  return count;
}

// The long form has 200 kills and a million samples. What it holds to: every acknowledged sample is there once and
// bit for bit; nothing is there that was not sent; and the usage counted after a flush is exactly what the store holds,
// which is what was acknowledged and what the journal had of the batches that a kill cut off.
TEST(EmbeddedStoreKill, NoAcknowledgedSampleIsLostDoubledAlteredOrMiscounted) {
  const char* takes_long = std::getenv("HELIOS_LONG");
  const bool is_long = takes_long != nullptr && *takes_long != '\0';
  const int kills = is_long ? 200 : 20;
  const ScratchDirectory directory;
  const ManualClock clock(kKillNow);
  std::minstd_rand random(std::random_device{}());
  Ledger ledger;
  std::size_t held = 0;
  std::chrono::duration<double> slowest{};
  // A slow machine acknowledges less between two kills, and has more of them. The last round is one that is checked.
  const auto done = [&](int kill) {
    return kill > kills && kill % 4 == 1 && (!is_long || ledger.samples() >= 1'000'000U);
  };
  int kill = 1;
  for (; !done(kill); ++kill) {
    const auto patience = std::chrono::milliseconds(random() % (is_long ? 600 : 150));
    // From the first one that was not acknowledged; answers need not come in the order of the batches.
    const std::uint64_t fresh = ledger.newest() + 1 + kKillMostInFlight;
    for (const std::uint64_t number : AppendAndKill(directory.path(), ledger.FirstMissing(), fresh, patience)) {
      ledger.Acknowledge(number);
    }
    ASSERT_GT(ledger.samples(), 0U);
    // Opening the store here flushes what it replays, so most kills follow another one without that.
    if (kill % 4 != 0) continue;

    obs::Metrics metrics;
    const auto begin = std::chrono::steady_clock::now();
    const auto store = OpenEmbeddedStore({.directory = directory.path(), .segment_bytes = 1U << 20U}, clock, metrics);
    slowest = std::max<std::chrono::duration<double>>(slowest, std::chrono::steady_clock::now() - begin);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    held = ledger.Check(**store);
    const auto flushed = (*store)->Flush();
    ASSERT_TRUE(flushed.has_value()) << flushed.error().message;
    EXPECT_EQ(CountUsage(**store), held);
    EXPECT_EQ(ledger.Check(**store), held);
    ASSERT_FALSE(testing::Test::HasFailure()) << "after kill " << kill;
  }
  EXPECT_GE(held, ledger.samples());
  // What every kill but the last had cut off was sent again.
  EXPECT_LE(held, ledger.samples() + kKillMostInFlight * (kKillSeries + 2));
  fmt::print("{} kills: {} acknowledged samples, {} held and counted; ready again after {:.3f} s at most\n", kill - 1,
             ledger.samples(), held, slowest.count());
  RecordProperty("acknowledged_samples", std::to_string(ledger.samples()));
}

}  // namespace
}  // namespace helios::tsdb
