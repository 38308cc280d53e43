// SPDX-License-Identifier: Apache-2.0
#include "http/problem.h"

#include <gtest/gtest.h>

#include "http/json.h"

namespace helios::http {
namespace {

boost::json::value BodyOf(const Response& response) {
  EXPECT_EQ(response.headers.Find("Content-Type"), "application/problem+json");
  const auto body = ParseJson(std::get<std::string>(response.body));
  EXPECT_TRUE(body.has_value()) << std::get<std::string>(response.body);
  return body ? *body : boost::json::value();
}

TEST(Problem, SaysWhatWentWrongWithCodeAndRequestId) {
  const Response response =
      Problem(Error{ErrorCode::kInvalidArgument, "http.bad_field", "cannot read it"}, "r-1", {{"ratio", 0.75}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(std::get<std::string>(response.body),
            R"({"type":"about:blank","title":"Bad Request","status":400,"code":"http.bad_field",)"
            R"("detail":"cannot read it","request_id":"r-1","ratio":0.75})");
}

TEST(Problem, KeepsTheWordsOfOurOwnFailures) {
  const Response response = Problem(Error{ErrorCode::kInternal, "pg.failed", "SELECT secret"}, "r");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(std::get<std::string>(response.body).find("secret"), std::string::npos);
}

TEST(Problem, AsksToRetryWhereTheServiceIsUnavailable) {
  EXPECT_EQ(Problem(Error{ErrorCode::kUnavailable, "a.b", "c"}, "r").headers.Find("Retry-After"), "1");
  EXPECT_EQ(Problem(Error{ErrorCode::kNotFound, "a.b", "c"}, "r").headers.Find("Retry-After"), std::nullopt);
}

TEST(Problem, StaysJsonWhateverItQuotes) {
  const auto body = BodyOf(Problem(400, "a.b", "got '\xff\"\n'", "r"));
  EXPECT_EQ(body.at("detail").as_string(), "got '\xef\xbf\xbd\"\n'");
}

}  // namespace
}  // namespace helios::http
