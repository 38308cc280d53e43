// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A program that is killed soon after each of its starts: what it leaves must not grow with their number.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
/// The last of them finds more segments than are left for later.
constexpr int kStarts = 5;
const TenantId kTenant = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();

std::size_t CountSegments(const fs::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(directory / "journal")) {
    count += entry.path().filename().string().starts_with("journal-") ? 1 : 0;
  }
  return count;
}

TEST(EmbeddedStoreCrashLoop, IsFlushedOnceItLeftMoreThanThreeSegments) {
  const ScratchDirectory scratch;
  const ManualClock clock(kNow);
  obs::Metrics metrics;
  // Nothing happens by itself before, so that a copy of the running store is what a kill at this moment would leave.
  for (int start = 0; start < kStarts; ++start) {
    const fs::path directory = scratch.path() / std::to_string(start);
    const auto store =
        OpenEmbeddedStore({.directory = directory, .segment_bytes = 1U << 20U, .min_free_bytes = 0}, clock, metrics);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    KeyedBatch batch(SeriesKey{"cpu", {}});
    batch.AddSample(0, kNow - 1h + start * 1s, start);
    ASSERT_TRUE(AppendAndWait(**store, kTenant, {}, batch).has_value());
    if (start < kStarts - 1) {
      ASSERT_EQ(CountSegments(directory), static_cast<std::size_t>(start + 1));
      fs::copy(directory, scratch.path() / std::to_string(start + 1), fs::copy_options::recursive);
      continue;
    }
    // The one in use, and the newest that was flushed.
    for (int patience = 0; CountSegments(directory) > 2; ++patience) {
      ASSERT_LT(patience, 6'000) << CountSegments(directory) << " segments";
      std::this_thread::sleep_for(10ms);
    }
    const auto found = (*store)->FindSeries(kTenant, {"cpu", {}}, 10).value();
    ASSERT_EQ(found.size(), 1U);
    const auto cursor = (*store)->Read(kTenant, found[0].id, {kNow - 2h, kNow}).value();
    std::vector<double> values;
    for (;;) {
      const auto run = cursor->Next().value();
      if (run.times.empty()) break;
      values.insert(values.end(), run.values.begin(), run.values.end());
    }
    EXPECT_EQ(values, (std::vector<double>{0, 1, 2, 3, 4}));
  }
}

}  // namespace
}  // namespace helios::tsdb
