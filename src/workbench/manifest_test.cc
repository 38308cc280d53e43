// SPDX-License-Identifier: Apache-2.0
#include "workbench/manifest.h"

#include <gmock/gmock.h>

namespace helios::workbench {
namespace {

using ::testing::HasSubstr;

TEST(ParseManifest, ReadsPathStepAggregationAndTasks) {
  const auto entries = ParseManifest(
      R"([{"path": "vm/a.csv", "step_s": 60, "agg": "sum", "tasks": ["forecast", "autoscale"], "unit": "x"},
          {"path": "b.csv", "step_s": 3600}])",
      "manifest.json");
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 2U);
  const auto& first = entries->front();
  EXPECT_EQ(first.path, "vm/a.csv");
  EXPECT_EQ(first.family(), "vm");
  EXPECT_EQ(first.step, std::chrono::minutes{1});
  EXPECT_EQ(first.aggregation, Aggregation::kSum);
  EXPECT_TRUE(first.Has("forecast"));
  EXPECT_FALSE(first.Has("anomaly"));
  EXPECT_EQ(entries->back().aggregation, Aggregation::kMean);
  EXPECT_EQ(entries->back().family(), "b.csv");
}

TEST(ParseManifest, SaysWhichEntryIsWrong) {
  for (const char* entry :
       {"1", "{}", R"({"path": "a"})", R"({"path": 1, "step_s": 1})", R"({"path": "a", "step_s": 0})",
        R"({"path": "a", "step_s": 86401})", R"({"path": "a", "step_s": 1, "agg": "max"})",
        R"({"path": "a", "step_s": 1, "tasks": "x"})", R"({"path": "a", "step_s": 1, "tasks": [1]})"}) {
    const auto entries = ParseManifest(std::string(R"([{"path": "a", "step_s": 1}, )") + entry + "]", "m.json");
    ASSERT_FALSE(entries) << entry;
    EXPECT_EQ(entries.error().reason, "workbench.bad_manifest");
    EXPECT_THAT(entries.error().message, HasSubstr("entry 2")) << entry;
  }
}

TEST(ParseManifest, RefusesWhatIsNoJsonArray) {
  for (const char* text : {"", "{}", "[", "null"}) EXPECT_FALSE(ParseManifest(text, "m.json")) << text;
}

}  // namespace
}  // namespace helios::workbench
