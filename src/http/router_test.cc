// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::http {
namespace {

using IntRouter = Router<int>;

IntRouter::Match MatchOf(const IntRouter& router, Method method, std::string_view path) {
  const auto outcome = router.Find(method, path);
  const auto* match = std::get_if<IntRouter::Match>(&outcome);
  EXPECT_NE(match, nullptr) << path;
  return match == nullptr ? IntRouter::Match{} : *match;
}

TEST(Router, PrefersALiteralAndFallsBackToTheParameter) {
  IntRouter router;
  router.Add(Method::kGet, "/models/{id}", 1);
  router.Add(Method::kGet, "/models/latest", 2);
  router.Add(Method::kGet, "/models/{id}/metrics", 3);
  EXPECT_EQ(*MatchOf(router, Method::kGet, "/models/latest").target, 2);
  const auto match = MatchOf(router, Method::kGet, "/models/7");
  EXPECT_EQ(*match.target, 1);
  EXPECT_THAT(match.parameters, testing::ElementsAre(testing::Pair("id", "7")));
  EXPECT_EQ(*MatchOf(router, Method::kGet, "/models/latest/metrics").target, 3);
}

TEST(Router, GivesTheRestOfThePath) {
  IntRouter router;
  router.Add(Method::kGet, "/static/{file...}", 1);
  EXPECT_THAT(MatchOf(router, Method::kGet, "/static/a/b.js").parameters,
              testing::ElementsAre(testing::Pair("file", "a/b.js")));
}

TEST(Router, TellsAnUnknownPathFromAnotherMethod) {
  IntRouter router;
  router.Add(Method::kGet, "/a", 1);
  router.Add(Method::kPost, "/a", 2);
  EXPECT_TRUE(std::holds_alternative<IntRouter::NotFound>(router.Find(Method::kGet, "/b")));
  EXPECT_TRUE(std::holds_alternative<IntRouter::NotFound>(router.Find(Method::kGet, "/a/")));
  const auto refused = router.Find(Method::kDelete, "/a");
  ASSERT_TRUE(std::holds_alternative<IntRouter::MethodNotAllowed>(refused));
  EXPECT_THAT(std::get<IntRouter::MethodNotAllowed>(refused).allowed,
              testing::ElementsAre(Method::kGet, Method::kPost));
  EXPECT_EQ(*MatchOf(router, Method::kHead, "/a").target, 1);
}

}  // namespace
}  // namespace helios::http
