// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <numbers>
#include <string>
#include <vector>

#include "http/json.h"
#include "tests/support/caller.h"
#include "tests/support/server_test.h"

namespace helios::testing {

/// A daily sine around 100, of amplitude 40, with noise of at most 2 that belongs to the time alone.
inline double Truth(TimestampMs time) {
  const std::int64_t ms = ToUnixMs(time);
  const double turn = 2 * std::numbers::pi * static_cast<double>(ms % 86'400'000) / 86'400'000;
  auto mixed = static_cast<std::uint64_t>(ms / 300'000) * 0x9e3779b97f4a7c15ULL;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  return 100 + 40 * std::sin(turn) + 4 * (static_cast<double>((mixed >> 40U) % 1000) / 1000 - 0.5);
}

/// Trainings through the front door: a history in, and what came of it out.
class TrainingTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    const std::int64_t now = ToUnixMs(SystemClock().Now());
    newest = FromUnixMs(now - now % 300'000);
  }

  /// `days` of history of one host that end at `end`.
  static void Import(Tenant& tenant, const std::string& metric, const std::string& host, int days, TimestampMs end) {
    std::vector<Sample> samples;
    for (int i = days * 288 - 1; i >= 0; --i) {
      const TimestampMs time = end - i * std::chrono::minutes{5};
      samples.push_back({.metric = metric, .time = time, .value = Truth(time), .labels = {{"host", host}}});
    }
    const Answer stored = tenant.Ingest(samples);
    ASSERT_EQ(stored.status, 200) << stored;
  }

  /// Waits for the job of an answer; what it is at its end.
  static boost::json::value Finished(Tenant& tenant, const Answer& accepted) {
    EXPECT_EQ(accepted.status, 202) << accepted;
    if (accepted.status != 202) return {};
    const std::string path = "/api/v1/jobs/" + TextOf(accepted.Json().at("job"), "id");
    boost::json::value job;
    EXPECT_TRUE(Eventually([&] {
      job = tenant.api.Get(path).Json();
      const std::string status = TextOf(job, "status");
      return status != "queued" && status != "running";
    }));
    return job;
  }

  static boost::json::value Train(Tenant& tenant, const boost::json::value& body) {
    const boost::json::value job = Finished(tenant, tenant.api.Post("/api/v1/models/train", body));
    EXPECT_EQ(TextOf(job, "status"), "succeeded") << http::JsonBytes(job);
    return job.at("result");
  }

  static boost::json::value Predicted(Tenant& tenant, const std::string& metric) {
    const Answer answer = tenant.Predict(metric);
    EXPECT_EQ(answer.status, 200) << answer;
    if (answer.status != 200) return {};
    return answer.Json().at("predictions").at(0);
  }

  [[nodiscard]] std::filesystem::path Artifact(const Tenant& tenant, const std::string& name) const {
    return server.data_dir() / "objects" / ("tenant_" + tenant.id()) / (name + "~sealed");
  }

  TimestampMs newest;
};

inline std::int64_t Whole(const boost::json::value& object, std::string_view field) {
  return object.at(field).to_number<std::int64_t>();
}

}  // namespace helios::testing
