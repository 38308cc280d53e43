// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pg/database.h"
#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

class RowsTest : public ::testing::Test {
 protected:
  Rows Run(const Statement& statement, std::initializer_list<Param> params = {}) {
    auto tx = db.BeginWithoutTenant();
    auto rows = tx->Execute(statement, params);
    if (!rows) ADD_FAILURE() << rows.error().message;
    return *rows;
  }

  helios::testing::ScratchDatabase scratch = helios::testing::ScratchPostgres::Shared().NewDatabase();
  obs::Metrics metrics;
  Database db{{.url = scratch.app_url}, metrics};
};

TEST_F(RowsTest, BringsEveryTypeBackAsItWasSent) {
  const Uuid id = *Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad91");
  const std::string text = "quote ' \\ \" newline \n €";
  const auto rows = Run({"test.echo",
                         "SELECT $1::text AS text, $2::bool AS yes, $3::bool AS no, $4::bigint AS number, "
                         "$5::double precision AS real, $6::uuid AS id, $7::timestamptz AS time, $8::text AS nothing"},
                        {text, true, false, std::numeric_limits<std::int64_t>::min(), 0.1, id,
                         FromUnixMs(253'402'300'799'999), std::nullopt});
  const auto row = rows.front();
  EXPECT_EQ(row.Get<std::string>("text"), text);
  EXPECT_TRUE(row.Get<bool>("yes"));
  EXPECT_FALSE(row.Get<bool>("no"));
  EXPECT_EQ(row.Get<std::int64_t>("number"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.Get<double>("real"), 0.1);
  EXPECT_EQ(row.Get<Uuid>("id"), id);
  EXPECT_EQ(row.Get<TimestampMs>("time"), FromUnixMs(253'402'300'799'999));  // 9999-12-31T23:59:59.999Z
  EXPECT_EQ(row.Get<std::optional<std::string>>("nothing"), std::nullopt);
  EXPECT_EQ(row.Get<std::optional<bool>>("yes"), true);
}

TEST_F(RowsTest, CarriesNumbersThatAreNone) {
  constexpr Statement kEcho{"test.reals", "SELECT $1::double precision AS a, $2::double precision AS b"};
  const auto rows = Run(kEcho, {std::nan(""), -std::numeric_limits<double>::infinity()});
  EXPECT_TRUE(std::isnan(rows.front().Get<double>("a")));
  EXPECT_EQ(rows.front().Get<double>("b"), -std::numeric_limits<double>::infinity());
}

TEST_F(RowsTest, PassesArraysOfAnyText) {
  const std::vector<std::string> texts = {"plain", "", "NULL", "comma, brace }", "quote \" backslash \\"};
  const auto rows =
      Run({"test.array", "SELECT item FROM unnest($1::text[]) WITH ORDINALITY AS t (item, n) ORDER BY n"}, {texts});
  ASSERT_EQ(rows.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(rows[i].Get<std::string>("item"), texts[i]);
}

TEST_F(RowsTest, CountsWhatAStatementTouched) {
  auto tx = db.BeginWithoutTenant();
  const auto deleted = tx->Execute({"test.delete_users", "DELETE FROM users"});
  ASSERT_TRUE(deleted);
  EXPECT_EQ(deleted->affected(), 0);
  EXPECT_EQ(Run({"test.three", "SELECT generate_series(1, 3)"}).affected(), 3);
}

using RowsDeathTest = RowsTest;

TEST_F(RowsDeathTest, AbortsWhereCodeAndSqlDisagree) {
  const auto rows = Run({"test.disagree", "SELECT 'x' AS word, NULL::text AS nothing"});
  EXPECT_DEATH((void)rows.front().Get<std::int64_t>("word"), "test.disagree");
  EXPECT_DEATH((void)rows.front().Get<std::string>("nothing"), "not NULL");
  EXPECT_DEATH((void)rows.front().Get<std::string>("absent"), "no such column");
  EXPECT_DEATH((void)rows[1], "row 1 of 1");
}

}  // namespace
}  // namespace helios::pg
