// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/measured_process.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <thread>

namespace helios::bench {
namespace {

TEST(ParseProcStat, ReadsTheTimesBehindANameWithSpaces) {
  const auto cpu = ParseProcStat("4711 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 150 50 300 100 20 0 4 0 99", 100);
  EXPECT_DOUBLE_EQ(cpu.own, 2.0);
  EXPECT_DOUBLE_EQ(cpu.children, 4.0);
}

TEST(ParseProcStat, GivesNothingForALineThatIsCutOff) {
  EXPECT_EQ(ParseProcStat("4711 (a) S 1 2 3", 100).own, 0);
  EXPECT_EQ(ParseProcStat("", 100).own, 0);
}

class MeasuredProcessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "helios-bench-test-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  Result<MeasuredProcess> RunScript(const std::string& script) {
    auto process = MeasuredProcess::Start({"/bin/sh", "-c", script}, directory_ / "log");
    for (int i = 0; i < 1'000 && process && process->running() && process->Log().find("ready") == std::string::npos;
         ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return process;
  }

  std::filesystem::path directory_;
};

TEST_F(MeasuredProcessTest, TellsAProgramsOwnTimeFromItsChildrens) {
  // The child counts for some hundred milliseconds, the shell itself does nothing but wait.
  auto process = RunScript(
      "trap 'exit 0' TERM; sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; echo ready; while :; do sleep "
      "0.05; done");
  ASSERT_TRUE(process.has_value());
  EXPECT_GT(process->MemoryNow().peak, 0U);
  const auto end = process->Stop(std::chrono::seconds{60});
  ASSERT_TRUE(end.has_value()) << end.error().message;
  EXPECT_GT(end->cpu.children, end->cpu.own);
}

TEST_F(MeasuredProcessTest, SaysWhenTheServerEndsBadly) {
  auto process = RunScript("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done");
  ASSERT_TRUE(process.has_value());
  const auto end = process->Stop(std::chrono::seconds{60});
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().reason, "bench.bad_exit");
}

}  // namespace
}  // namespace helios::bench
