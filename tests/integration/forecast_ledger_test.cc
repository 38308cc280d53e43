// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Scheduled forecasts through the front door: they meet their values, also after a restart, and the answer is the
// tenant's alone.
#include <boost/json/array.hpp>
#include <filesystem>

#include "tests/support/caller.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class ForecastLedgerTest : public ::testing::Test {
 protected:
  ForecastLedgerTest() {
    server.options().environment.emplace_back("HELIOS_FORECASTS_EVERY_SECONDS", "1");
    EXPECT_TRUE(server.Start());
    acme = std::make_unique<Tenant>(server.NewTenant("acme"));
    const std::int64_t ms = ToUnixMs(SystemClock().Now());
    now = FromUnixMs(ms - ms % 60'000);
  }

  /// A sample a minute, from `first` to `last` minutes from now.
  void Send(int first, int last) {
    std::vector<Sample> samples;
    for (int minute = first; minute <= last; ++minute) {
      samples.push_back(
          {.metric = "load", .time = now + minute * 1min, .value = 100.0 + minute % 7, .labels = {{"host", "web-1"}}});
    }
    const Answer answer = acme->Ingest(samples);
    ASSERT_EQ(answer.status, 200) << answer;
  }
  [[nodiscard]] Caller Acme() const { return Caller(server.Origin()).WithKey(acme->key()); }
  [[nodiscard]] json::value Accuracy(const std::string& query = "") const {
    return BodyOf(Acme().Get("/api/v1/models/" + model + "/accuracy" + query));
  }
  [[nodiscard]] std::string Operator() { return server.NewOperatorClient().Get("/metrics").body; }

  Server server;
  std::unique_ptr<Tenant> acme;
  std::string model;
  TimestampMs now;
};

TEST_F(ForecastLedgerTest, ForecastsMeetTheirValuesAlsoAfterARestart) {
  Send(-120, -20);
  const json::value predicted = BodyOf(acme->Predict("load"));
  model = TextOf(predicted.at("predictions").at(0).at("model"), "id");
  EXPECT_TRUE(predicted.at("predictions").at(0).at("model").at("withdrawn").as_array().empty());
  ASSERT_TRUE(Eventually([&] { return Operator().find("\nhelios_forecasts_scheduled_total 1") != std::string::npos; }));
  EXPECT_TRUE(Accuracy().at("data").as_array().empty()) << "no moment has come";

  // A clean stop keeps what waits. The samples of the moment come while no round has run for it.
  EXPECT_EQ(server.Stop(), 0);
  ASSERT_TRUE(server.Start());
  *acme = server.Again(*acme);
  Send(-19, 9);
  ASSERT_TRUE(Eventually([&] { return Accuracy().at("data").as_array().size() == 1; }));
  const json::value row = Accuracy().at("data").at(0);
  EXPECT_EQ(TextOf(row.at("labels"), "host"), "web-1");
  EXPECT_EQ(row.at("horizon_minutes").to_number<int>(), 15);
  EXPECT_EQ(row.at("forecasts_met").to_number<int>(), 1);
  EXPECT_LT(row.at("mae").to_number<double>(), 7) << "values lie between 94 and 106";
  EXPECT_TRUE(row.at("withdrawn").is_null());

  EXPECT_TRUE(Accuracy("?horizon_minutes=30").at("data").as_array().empty());
  EXPECT_TRUE(Accuracy("?withdrawn=true").at("data").as_array().empty());
  EXPECT_EQ(Accuracy("?withdrawn=false&limit=1").at("data").as_array().size(), 1U);
  EXPECT_EQ(BodyOf(Acme().Get("/api/v1/accuracy")).at("horizons").at(0).at("series").to_number<int>(), 1);

  // Readable like any other series, ahead of the samples that they are about, and by nobody else.
  const std::map<std::string, std::string> quarter = {
      {"bound", "value"}, {"horizon", "15m"}, {"host", "web-1"}, {"metric", "load"}};
  // Query() looks a quarter of an hour ahead: at the first forecast, not at the one from the newest sample.
  ASSERT_TRUE(Eventually([&] { return !acme->Query("helios:forecast", quarter).empty(); }));
  EXPECT_EQ(acme->Query("helios:forecast", quarter).front().ms, ToUnixMs(now - 5min));
  Tenant globex = server.NewTenant("globex");
  EXPECT_TRUE(globex.Query("helios:forecast", quarter).empty());
  const Caller other = Caller(server.Origin()).WithKey(globex.key());
  EXPECT_EQ(other.Get("/api/v1/models/" + model + "/accuracy").Code(), "training.no_such_model");
  EXPECT_EQ(BodyOf(other.Get("/api/v1/accuracy")).at("horizons").at(0).at("series").to_number<int>(), 0);
}

TEST_F(ForecastLedgerTest, ADamagedLedgerIsLeftAside) {
  Send(-120, 0);
  ASSERT_TRUE(Eventually([&] { return Operator().find("\nhelios_forecasts_scheduled_total 1") != std::string::npos; }));
  EXPECT_EQ(server.Stop(), 0);
  const auto path = server.data_dir() / "accuracy/ledger";
  ASSERT_GT(std::filesystem::file_size(path), 100U);
  std::filesystem::resize_file(path, 50);
  ASSERT_TRUE(server.Start());
  EXPECT_THAT(server.Words(), HasSubstr("accuracy.bad_ledger"));
  ASSERT_TRUE(Eventually([&] { return Operator().find("\nhelios_forecasts_scheduled_total 1") != std::string::npos; }));
}

TEST_F(ForecastLedgerTest, NothingIsForecastWhereItIsOff) {
  EXPECT_EQ(server.Stop(), 0);
  server.options().environment.emplace_back("HELIOS_FORECASTS_ENABLED", "false");
  ASSERT_TRUE(server.Start());
  *acme = server.Again(*acme);
  Send(-120, 0);
  EXPECT_EQ(acme->Predict("load").status, 200);
  EXPECT_THAT(Operator(), Not(HasSubstr("helios_forecasts_scheduled_total")));
}

}  // namespace
}  // namespace helios::testing
