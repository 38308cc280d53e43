// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A metric's models named by its tenant: set, trained, served and told why; replaced, deleted, and refused.
#include "tests/support/training_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using ::testing::AnyOf;
using ::testing::HasSubstr;

class CustomModelsTest : public TrainingTest {
 protected:
  static constexpr const char* kPath = "/api/v1/custom-models";

  /// The job that a change queued, at its end.
  static json::value Trained(Tenant& tenant, const Answer& changed) {
    const std::string path = "/api/v1/jobs/" + TextOf(changed.Json(), "training_job_id");
    json::value job;
    EXPECT_TRUE(Eventually([&] {
      job = tenant.api.Get(path).Json();
      return TextOf(job, "status") == "succeeded";
    })) << http::JsonBytes(job);
    return job;
  }
};

TEST_F(CustomModelsTest, AreTrainedServedAndSayWhy) {
  Tenant acme = server.NewTenant("acme", "professional");
  Import(acme, "requests", "web-1", 5, newest);
  const Answer made = acme.api.Post(kPath, {{"metric", "requests"},
                                            {"models", json::array{"mstl", "prophet"}},
                                            {"seasonalities", json::array{{{"period_minutes", 1440}}}},
                                            {"holiday_country", "DE"},
                                            {"horizons", json::array{15, 60}}});
  ASSERT_EQ(made.status, 201) << made;
  const json::value job = Trained(acme, made);
  EXPECT_EQ(TextOf(job.at("payload").at("cause"), "kind"), "custom_model");
  EXPECT_EQ(Whole(job.at("result"), "promoted"), 1);

  const json::value prediction = Predicted(acme, "requests");
  const json::value& model = prediction.at("model");
  EXPECT_EQ(Whole(model, "version"), 1);
  EXPECT_TRUE(model.at("fallback").is_null());
  EXPECT_THAT(TextOf(model, "model_type"), AnyOf("mstl", "prophet", "ensemble", "seasonal_naive", "weighted_median"));
  EXPECT_FALSE(TextOf(model, "reason").empty());
  EXPECT_EQ(TextOf(prediction, "origin"), FormatRfc3339(newest));
  for (const auto& point : prediction.at("points").as_array()) {
    const TimestampMs time = *ParseRfc3339(TextOf(point, "time"));
    EXPECT_EQ(time, newest + std::chrono::minutes{Whole(point, "horizon_minutes")});
    EXPECT_NEAR(point.at("predicted_value").to_number<double>(), Truth(time), 6);
  }
  const json::value row = acme.api.Get("/api/v1/models/" + TextOf(model, "id")).Json();
  EXPECT_EQ(TextOf(row, "model_type"), "custom");
  EXPECT_EQ(TextOf(row.at("metrics"), "reason"), TextOf(model, "reason"));
  EXPECT_EQ(Whole(row.at("metrics").at("served_by"), TextOf(model, "model_type")), 1);

  // The same definition again: the metric's, at its own id; what serves it is too young to be judged.
  const Answer replaced = acme.api.Post(kPath, {{"metric", "requests"}, {"models", json::array{"theta"}}});
  EXPECT_EQ(replaced.status, 200) << replaced;
  EXPECT_EQ(TextOf(replaced.Json(), "id"), TextOf(made.Json(), "id"));
  Trained(acme, replaced);
  EXPECT_EQ(Whole(Predicted(acme, "requests").at("model"), "version"), 2) << "other settings make another model";
  const json::value listed = acme.api.Get(kPath).Json().at("data");
  ASSERT_EQ(listed.as_array().size(), 1U);
  EXPECT_EQ(listed.at(0).at("models"), json::value(json::array{"theta"}));

  // A horizon that a chosen model may not look to is fitted when asked for.
  const Answer far = acme.api.Post("/api/v1/predict", {{"metric", "requests"}, {"horizons", json::array{2880}}});
  EXPECT_EQ(far.status, 200) << far;

  const std::string path = std::string(kPath) + "/" + TextOf(made.Json(), "id");
  EXPECT_EQ(Caller(server.Origin()).WithKey(acme.key()).Delete(path).status, 204);
  EXPECT_EQ(acme.api.Get(path).Code(), "training.no_such_custom_model");
  EXPECT_TRUE(Eventually([&] { return Whole(Predicted(acme, "requests").at("model"), "version") == 3; }))
      << "chosen by itself again";
  EXPECT_EQ(acme.api.Get("/api/v1/models").Json().at("data").at(0).at("model_type"), "automatic");
}

TEST_F(CustomModelsTest, AreRefusedByNameWhereTheyMakeNoSense) {
  Tenant acme = server.NewTenant("acme", "professional");
  Tenant small = server.NewTenant("small", "starter");
  const json::object fine = {{"metric", "requests"}, {"models", json::array{"theta"}}};
  const Answer refused = small.api.Post(kPath, fine);
  EXPECT_EQ(refused.status, 403) << refused;
  EXPECT_EQ(refused.Code(), "training.plan_without_custom_models");
  EXPECT_THAT(refused.body, HasSubstr("professional plan"));
  EXPECT_EQ(small.api.Get(kPath).status, 200);

  const Answer early = acme.api.Post(kPath, fine);
  EXPECT_EQ(early.status, 201) << early;
  EXPECT_TRUE(early.Json().at("training_job_id").is_null()) << "there is nothing to train yet";
  const auto with = [&](const char* field, const json::value& value) {
    json::object body = fine;
    body[field] = value;
    return acme.api.Post(kPath, body);
  };
  for (const auto& [field, value] :
       std::vector<std::pair<const char*, json::value>>{{"models", json::array{"arima"}},
                                                        {"horizons", json::array{0}},
                                                        {"horizons", json::array{1441}},
                                                        {"holiday_country", "XX"},
                                                        {"seasonalities", json::array{{{"period_minutes", 7}}}},
                                                        {"metric", "helios:forecast"}}) {
    const Answer answer = with(field, value);
    EXPECT_EQ(answer.status, 400) << field << ": " << answer;
    EXPECT_EQ(answer.Code(), "http.bad_field") << field;
    EXPECT_THAT(answer.body, HasSubstr(field));
  }
  EXPECT_EQ(with("regressors", json::array{}).Code(), "http.unknown_field");
}

}  // namespace
}  // namespace helios::testing
