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
const TenantId kTenant = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();

std::size_t CountSegments(const fs::path& directory) {
  std::size_t count = 0;
  std::error_code none_yet;
  for (const auto& entry : fs::directory_iterator(directory / "journal", none_yet)) {
    count += entry.path().filename().string().starts_with("journal-") ? 1 : 0;
  }
  return count;
}

void AwaitSegments(const fs::path& directory, std::size_t least, std::size_t most) {
  for (int patience = 6'000; patience > 0; --patience) {
    const std::size_t count = CountSegments(directory);
    if (count >= least && count <= most) return;
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << directory << " has " << CountSegments(directory) << " segments";
}

std::vector<double> ReadValues(const SampleStore& store) {
  const auto found = store.FindSeries(kTenant, {"cpu", {}}, 10).value();
  const auto cursor = store.Read(kTenant, found.at(0).id, {kNow - 2h, kNow}).value();
  std::vector<double> values;
  for (;;) {
    const auto run = cursor->Next().value();
    if (run.times.empty()) return values;
    values.insert(values.end(), run.values.begin(), run.values.end());
  }
}

TEST(EmbeddedStoreCrashLoop, IsFlushedOnceItLeftMoreThanThreeSegments) {
  const ScratchDirectory scratch;
  const ManualClock clock(kNow);
  obs::Metrics metrics;
  std::vector<double> appended;
  for (int start = 0;; ++start) {
    const fs::path directory = scratch.path() / std::to_string(start);
    const std::size_t found = CountSegments(directory);
    const auto store =
        OpenEmbeddedStore({.directory = directory, .segment_bytes = 1U << 20U, .min_free_bytes = 0}, clock, metrics);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    KeyedBatch batch(SeriesKey{"cpu", {}});
    batch.AddSample(0, kNow - 1h + start * 1s, start);
    ASSERT_TRUE(AppendAndWait(**store, kTenant, {}, batch).has_value());
    appended.push_back(start);
    if (found <= 3) {
      AwaitSegments(directory, found + 2, found + 2);  // the one in use, and the one that is ready for what comes
      // Nothing happens by itself yet, so that a copy of the running store is what a kill at this moment would leave.
      fs::copy(directory, scratch.path() / std::to_string(start + 1), fs::copy_options::recursive);
      continue;
    }
    AwaitSegments(directory, 1, 2);
    EXPECT_EQ(ReadValues(**store), appended);
    return;
  }
}

}  // namespace
}  // namespace helios::tsdb
