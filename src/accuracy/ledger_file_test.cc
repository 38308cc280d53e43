// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/ledger_file.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::accuracy {
namespace {

using namespace std::chrono_literals;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const Uuid kStore = *Uuid::Parse("01900000-0000-7000-8000-00000000000a");
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

class LedgerFileTest : public ::testing::Test {
 protected:
  LedgerFileTest() : path_(directory_.path() / "accuracy/ledger") {
    for (std::uint64_t id = 1; id <= 3'000; ++id) {
      SeriesLedger& series = *ledger_.Find(kAcme, {id});
      series.origin = kNow;
      series.step = 5min;
      series.unseen_rounds = 3;
      for (std::uint32_t i = 0; i < 20; ++i) {
        series.Keep(0, {.value = 1e12 + static_cast<double>(id),
                        .time_s = 1'767'441'600 + 300 * i,
                        .below = 1,
                        .above = 2,
                        .naive = 3});
      }
      (void)series.Meet(0, kNow + 30min, kNow, [](TimestampMs) { return std::optional(1e12); });
    }
    ledger_.Find(kAcme, {7})->horizons()[0].withdrawn_since = kNow;
  }

  tsdb::ScratchDirectory directory_;
  std::filesystem::path path_;
  Ledger ledger_;
};

TEST_F(LedgerFileTest, ComesBackAsItWas) {
  ASSERT_TRUE(SaveLedger(path_, kStore, ledger_));
  Ledger back;
  ASSERT_TRUE(LoadLedger(path_, kStore, back));
  ASSERT_EQ(back.size(), 3'000U);
  const SeriesLedger& series = *back.Find(kAcme, {7});
  EXPECT_EQ(series.origin, kNow);
  EXPECT_EQ(series.step, 5min);
  EXPECT_EQ(series.unseen_rounds, 3U);
  ASSERT_EQ(series.horizons()[0].waiting.size(), 13U);
  EXPECT_EQ(series.horizons()[0].waiting.front().value, 1e12 + 7);
  EXPECT_EQ(series.horizons()[0].withdrawn_since, kNow);
  EXPECT_EQ(series.horizons()[0].scores.Week().met, 7U);
  EXPECT_FALSE(back.Find(kAcme, {8})->horizons()[0].withdrawn_since);
  EXPECT_TRUE(back.Withdrawn(kAcme, {7}, 10min));
}

TEST_F(LedgerFileTest, NoFileIsAnEmptyLedger) {
  Ledger back;
  EXPECT_TRUE(LoadLedger(path_, kStore, back));
  EXPECT_EQ(back.size(), 0U);
}

TEST_F(LedgerFileTest, AnyDamageIsFoundAndAShorterFileToo) {
  ASSERT_TRUE(SaveLedger(path_, kStore, ledger_));
  const std::string whole = *ReadFile(path_);
  for (std::size_t at = 0; at < whole.size(); at += at < 64 ? 1 : 97'003) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    ASSERT_TRUE(WriteFileAtomically(path_, damaged));
    Ledger back;
    const auto loaded = LoadLedger(path_, kStore, back);
    ASSERT_FALSE(loaded) << at;
    EXPECT_EQ(loaded.error().reason, "accuracy.bad_ledger") << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, whole.size() / 2, whole.size() - 1}) {
    ASSERT_TRUE(WriteFileAtomically(path_, std::string_view(whole).substr(0, size)));
    Ledger back;
    EXPECT_FALSE(LoadLedger(path_, kStore, back)) << size;
  }
}

TEST_F(LedgerFileTest, ThatOfAnotherStoreIsRefused) {
  ASSERT_TRUE(SaveLedger(path_, kStore, ledger_));
  Ledger back;
  const auto loaded = LoadLedger(path_, Uuid{}, back);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().reason, "accuracy.foreign_ledger");
}

TEST_F(LedgerFileTest, AFolderThatCannotBeWrittenIsAnError) {
  const auto saved = SaveLedger("/proc/accuracy/ledger", kStore, ledger_);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().reason, "file.unwritable");
}

}  // namespace
}  // namespace helios::accuracy
