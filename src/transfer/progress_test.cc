// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/progress.h"

#include <gtest/gtest.h>

#include "transfer/platform.h"
#include "transfer/time_option.h"

namespace helios::transfer {
namespace {

using namespace std::chrono_literals;

TEST(Progress, SaysHowFarItIsHowFastAndHowLongIsLeft) {
  // 12,000 samples in 3 s are 4,000 a second; the other three quarters take three times as long.
  EXPECT_EQ(DescribeProgress({.series = 3, .samples = 12'000, .share = 0.25}, 3s),
            "3 series, 12,000 samples, 25.0 %, 4,000 samples/s, 9 s left");
  EXPECT_EQ(DescribeProgress({.series = 3, .samples = 12'000, .share = {}}, 3s),
            "3 series, 12,000 samples, 4,000 samples/s");
  EXPECT_EQ(DescribeProgress({.series = 0, .samples = 0, .share = 0.0}, 0s), "0 series, 0 samples, 0.0 %");
  EXPECT_EQ(DescribeTime(3'900s), "1 h 5 min");
  EXPECT_EQ(DescribeTime(123s), "2 min 3 s");
}

TEST(TimeOption, ReadsMomentsAndDurations) {
  const TimestampMs now = FromUnixMs(1'767'441'600'000);
  EXPECT_EQ(ParseTimeOption("now", now).value(), now);
  EXPECT_EQ(ParseTimeOption("now-14d", now).value(), now - 14 * 24h);
  EXPECT_EQ(ParseTimeOption("2026-01-03T12:00:00Z", {}).value(), now);
  EXPECT_EQ(ParseTimeOption("1767441600", {}).value(), now);
  EXPECT_EQ(ParseDurationOption("90").value(), 90s);
  EXPECT_EQ(ParseDurationOption("-2h", /*negative=*/true).value(), -2h);
  for (const char* bad : {"", "-2h", "5x", "1.5h", "99999w"}) EXPECT_FALSE(ParseDurationOption(bad)) << bad;
  for (const char* bad : {"", "later", "now+1h", "now-"}) EXPECT_FALSE(ParseTimeOption(bad, now)) << bad;
}

TEST(Platform, KeepsCredentialsOffPlainHttpToOtherMachines) {
  EXPECT_TRUE(IsLoopbackOrigin("http://localhost:8080"));
  EXPECT_TRUE(IsLoopbackOrigin("http://[::1]:9090/prometheus"));
  EXPECT_FALSE(IsLoopbackOrigin("http://127.0.0.1.example.com"));
  ServerOptions options{.url = "http://prometheus.example.com", .user = "ada", .password = "x:y"};
  EXPECT_EQ(CredentialHeaders(options).error().reason, "transfer.bad_option");
  options.insecure_http = true;
  EXPECT_EQ(CredentialHeaders(options)->Find("Authorization"), "Basic YWRhOng6eQ==");
  options = {.url = "https://prometheus.example.com", .bearer = "a\nb"};
  EXPECT_FALSE(CredentialHeaders(options)) << "a line break would begin a header of its own";
  options = {.url = "http://prometheus.example.com", .scope_org = "acme"};
  EXPECT_TRUE(CredentialHeaders(options)) << "no secret";
}

}  // namespace
}  // namespace helios::transfer
