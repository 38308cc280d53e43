// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/target.h"

#include <gtest/gtest.h>

#include "scaling/autoscaler_json.h"
#include "scaling/target_json.h"

namespace helios::scaling {
namespace {

using std::chrono::minutes;

constexpr TimestampMs kNow{std::chrono::milliseconds{1'767'441'600'000}};

Target Advised(TimestampMs time) {
  Target target;
  target.settings.name = "shop";
  target.advice = TargetAdvice{.time = time, .replicas = 4, .needed = 3, .load = 30};
  return target;
}

std::string_view Reason(const Target& target) {
  const auto advice = ServableAdvice(target, kNow);
  return advice ? std::string_view() : advice.error().reason;
}

TEST(ServableAdvice, IsServedForThreeMinutesAndThenAnError) {
  EXPECT_EQ(ServableAdvice(Advised(kNow - minutes{2}), kNow)->replicas, 4);
  EXPECT_EQ(Reason(Advised(kNow - minutes{3})), "scaling.no_advice");
}

TEST(ServableAdvice, OfAClockThatWasAheadIsNotServed) {
  EXPECT_EQ(Reason(Advised(kNow + minutes{3})), "scaling.no_advice");
  EXPECT_EQ(ServableAdvice(Advised(kNow + minutes{2}), kNow)->replicas, 4) << "another process' clock";
}

TEST(ServableAdvice, IsAnErrorAtOnceWhereTheNewestEvaluationFailed) {
  Target target = Advised(kNow);
  target.failure = R"({"code":"scaling.stale_series","detail":"silent"})";
  const auto advice = ServableAdvice(target, kNow);
  ASSERT_FALSE(advice.has_value());
  EXPECT_EQ(advice.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(advice.error().message.find("silent"), std::string::npos);
}

TEST(ServableAdvice, IsNoneInShadowModeAndOfWhatIsOff) {
  Target target = Advised(kNow);
  target.settings.enabled = false;
  EXPECT_EQ(Reason(target), "scaling.disabled");
  target.settings.shadow = true;
  EXPECT_EQ(Reason(target), "scaling.shadow_mode");
  EXPECT_EQ(Reason(Target{}), "scaling.no_advice");
}

TEST(Policy, ComesBackAsItWasKept) {
  const ml::PolicySettings settings{.source = ml::LoadSource::kForecast, .margin = 2.25, .headroom = 0.15};
  const auto back = PolicyFromJson(PolicyToJson(settings));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, settings);
  for (const auto* damaged : {"", "[]", "{}", R"({"hpa":true,"utilisation":0,"source":1,"margin":0,"headroom":0})",
                              R"({"hpa":false,"utilisation":1,"source":9,"margin":0,"headroom":0})"}) {
    EXPECT_FALSE(PolicyFromJson(damaged).has_value()) << damaged;
  }
}

TEST(ParseLabelSelector, ReadsEqualitiesAndRefusesTheRest) {
  const auto conditions = ParseLabelSelector("target==shop, target_id!=7");
  ASSERT_TRUE(conditions.has_value());
  ASSERT_EQ(conditions->size(), 2U);
  EXPECT_EQ(conditions->at(0).value, "shop");
  EXPECT_FALSE(conditions->at(1).equal);
  EXPECT_TRUE(Meets(Advised(kNow), *conditions));
  EXPECT_TRUE(ParseLabelSelector("")->empty());
  for (const auto* bad : {"target", "=", "app=x", "target in (a)", "!target"}) {
    EXPECT_FALSE(ParseLabelSelector(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace helios::scaling
