// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/advice_event.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace helios::scaling {
namespace {

constexpr TimestampMs kNow{std::chrono::milliseconds{1'767'441'600'000}};

Target Shop() {
  Target target;
  target.id.bytes[15] = 1;
  target.settings.name = "shop";
  target.settings.metric = "rps";
  target.settings.labels = R"({"host":"a"})";
  return target;
}

TargetAdvice Advice(std::int64_t replicas) {
  return {.time = kNow, .replicas = replicas, .needed = replicas - 1, .load = 42.5};
}

TEST(IsNews, IsAnotherNumberThanTheOneKnown) {
  EXPECT_TRUE(IsNews({.replicas = std::nullopt, .sequence = 0}, Advice(4), /*shadow=*/false));
  EXPECT_TRUE(IsNews({.replicas = 3, .sequence = 1}, Advice(4), /*shadow=*/false));
  EXPECT_FALSE(IsNews({.replicas = 4, .sequence = 1}, Advice(4), /*shadow=*/false));
}

TEST(IsNews, IsNothingInShadowMode) {
  EXPECT_FALSE(IsNews({.replicas = 3, .sequence = 1}, Advice(4), /*shadow=*/true));
}

TEST(MakeAdviceEvent, SaysWhatChangedOfWhichTarget) {
  const AdviceEvent event = MakeAdviceEvent(Shop(), Advice(4), {.replicas = 3, .sequence = 6});
  EXPECT_EQ(event.type, "scaling.advice_changed");
  const auto body = boost::json::parse(event.body);
  EXPECT_EQ(body.at("type"), "scaling.advice_changed");
  EXPECT_EQ(body.at("timestamp"), "2026-01-03T12:00:00Z");
  const auto& data = body.at("data");
  EXPECT_EQ(data.at("scaling_target").at("name"), "shop");
  EXPECT_EQ(data.at("scaling_target").at("labels").at("host"), "a");
  EXPECT_EQ(data.at("replicas").as_int64(), 4);
  EXPECT_EQ(data.at("previous_replicas").as_int64(), 3);
  EXPECT_EQ(data.at("needed_replicas").as_int64(), 3);
  EXPECT_EQ(data.at("sequence").as_int64(), 7);
  EXPECT_TRUE(
      boost::json::parse(MakeAdviceEvent(Shop(), Advice(4), {}).body).at("data").at("previous_replicas").is_null());
}

TEST(MakeAdviceEvent, HasTheSameIdForTheSameChangeAndAnotherForAnother) {
  const std::string id = MakeAdviceEvent(Shop(), Advice(4), {.replicas = 3, .sequence = 1}).id;
  EXPECT_EQ(MakeAdviceEvent(Shop(), Advice(4), {.replicas = 3, .sequence = 1}).id, id);
  EXPECT_NE(MakeAdviceEvent(Shop(), Advice(4), {.replicas = 3, .sequence = 3}).id, id) << "from 3 to 4 once more";
  Target other = Shop();
  other.id.bytes[15] = 2;
  EXPECT_NE(MakeAdviceEvent(other, Advice(4), {.replicas = 3, .sequence = 1}).id, id);
}

}  // namespace
}  // namespace helios::scaling
