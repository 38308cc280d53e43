// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/change_watch.h"

#include <gtest/gtest.h>

namespace helios::live {
namespace {

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const Uuid kOne = *Uuid::Parse("01900000-0000-7000-8000-00000000000a");
const Uuid kTwo = *Uuid::Parse("01900000-0000-7000-8000-00000000000b");

class Listed final : public ChangeSource {
 public:
  [[nodiscard]] std::string name() const override { return "things"; }
  [[nodiscard]] Result<std::vector<Changing>> Newest(
      TenantId /*tenant*/, std::chrono::steady_clock::time_point /*deadline*/) const override {
    return things;
  }
  Result<std::vector<Changing>> things;
};

class ChangeWatchTest : public ::testing::Test {
 protected:
  std::string Look() {
    const auto told = watch_.Look(kAcme, {}, seen_);
    if (!told) return std::string(told.error().reason);
    return told->value_or("nothing");
  }
  Listed source_;
  ChangeWatch watch_{source_};
  std::optional<ChangeWatch::Seen> seen_;
};

TEST_F(ChangeWatchTest, TellsNothingOfWhatWasThereAtFirst) {
  source_.things = std::vector<Changing>{{kOne, "{\"n\":1}"}};
  EXPECT_EQ(Look(), "nothing");
  EXPECT_EQ(Look(), "nothing");
}

TEST_F(ChangeWatchTest, TellsOfWhatIsNewAndOfWhatChangedAsItIsNow) {
  source_.things = std::vector<Changing>{{kOne, "{\"n\":1}"}};
  EXPECT_EQ(Look(), "nothing");
  source_.things = std::vector<Changing>{{kTwo, "{\"m\":1}"}, {kOne, "{\"n\":1}"}};
  EXPECT_EQ(Look(), "{\"things\":[{\"m\":1}]}");
  source_.things = std::vector<Changing>{{kTwo, "{\"m\":2}"}, {kOne, "{\"n\":2}"}};
  EXPECT_EQ(Look(), "{\"things\":[{\"m\":2},{\"n\":2}]}");
  source_.things = std::vector<Changing>{};
  EXPECT_EQ(Look(), "nothing");
}

TEST_F(ChangeWatchTest, RemembersOverAFailure) {
  source_.things = std::vector<Changing>{{kOne, "{\"n\":1}"}};
  EXPECT_EQ(Look(), "nothing");
  source_.things = Fail(ErrorCode::kUnavailable, "test.away", "away");
  EXPECT_EQ(Look(), "test.away");
  source_.things = std::vector<Changing>{{kOne, "{\"n\":2}"}};
  EXPECT_EQ(Look(), "{\"things\":[{\"n\":2}]}");
}

}  // namespace
}  // namespace helios::live
