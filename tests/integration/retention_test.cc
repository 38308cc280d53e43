// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Retention of an organization's own: what it may ask for, and that the store heeds it.
#include "tests/support/caller.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::HasSubstr;

class RetentionTest : public ServerTest {
 protected:
  static Answer Set(const Caller& owner, const Tenant& tenant, json::object settings) {
    return owner.Patch("/api/v1/organizations/" + tenant.id(), json::object{{"settings", std::move(settings)}});
  }
  Caller OwnerOf(const Tenant& tenant) { return SignIn(server.Origin(), OwnerEmail(tenant.slug())); }

  /// The reason for which a sample of that age is refused, as none is that its rollups are kept of; "" where it is
  /// taken.
  static std::string Refusal(Tenant& tenant, std::chrono::hours age) {
    const Sample sample{.metric = "of " + std::to_string(age.count()), .time = SystemClock().Now() - age, .value = 1};
    const Answer answer = tenant.Ingest(std::span(&sample, 1));
    if (answer.body.contains("ingest.too_old")) return "ingest.too_old";
    return answer.body.contains("\"accepted\":1") ? "" : answer.body;
  }
};

TEST_F(RetentionTest, EnterpriseChoosesItsOwnAndTheStoreHeedsIt) {
  Tenant acme = server.NewTenant("acme");
  const Caller owner = OwnerOf(acme);
  EXPECT_EQ(Refusal(acme, 24h * 801), "ingest.too_old");
  ASSERT_EQ(Set(owner, acme, {{"raw_retention_days", 400}, {"rollup_retention_days", 1000}}).status, 200);
  EXPECT_EQ(Refusal(acme, 24h * 999), "");
  EXPECT_EQ(Refusal(acme, 24h * 1001), "ingest.too_old");
  ASSERT_EQ(Set(owner, acme, {{"raw_retention_days", 2}, {"rollup_retention_days", 10}}).status, 200);
  EXPECT_EQ(Refusal(acme, 24h * 11), "ingest.too_old");
  ASSERT_EQ(Set(owner, acme, json::object{}).status, 200);  // the plan's again
  EXPECT_EQ(Refusal(acme, 24h * 799), "");
}

TEST_F(RetentionTest, NobodyChoosesMoreThanThePlanAllowsOrWhatMakesNoSense) {
  Tenant starter = server.NewTenant("small", "starter");
  const Caller owner = OwnerOf(starter);
  const auto refused = [&](json::object settings, const char* field) {
    const Answer answer = Set(owner, starter, std::move(settings));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.Code(), "http.bad_field");
    EXPECT_THAT(answer.body, HasSubstr(field));
  };
  refused({{"raw_retention_days", 8}}, "settings.raw_retention_days");
  refused({{"raw_retention_days", 0}}, "settings.raw_retention_days");
  refused({{"raw_retention_days", 1.5}}, "settings.raw_retention_days");
  refused({{"raw_retention_days", "7"}}, "settings.raw_retention_days");
  refused({{"rollup_retention_days", 91}}, "settings.rollup_retention_days");
  refused({{"rollup_retention_days", 6}}, "settings.rollup_retention_days");  // samples stay for 7
  EXPECT_EQ(Set(owner, starter, {{"raw_retention_days", 3}, {"rollup_retention_days", 8}}).status, 200);
  EXPECT_EQ(Refusal(starter, 24h * 9), "ingest.too_old");
  EXPECT_EQ(Refusal(starter, 24h * 7), "");
}

}  // namespace
}  // namespace helios::testing
