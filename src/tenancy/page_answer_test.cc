// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/page_answer.h"

#include <gtest/gtest.h>

#include "http/json.h"

namespace helios::tenancy {
namespace {

struct Item {
  int number = 0;
};
boost::json::value Render(const Item& item) {
  return item.number;
}

boost::json::value Answer(const std::vector<Item>& items, const Page& page, const CursorCodec& cursors) {
  http::Request request;
  request.path = "/items";
  const http::Response answer = PageAnswer(items, page, request, TenantId{}, cursors, Render);
  return http::ParseJson(std::get<std::string>(answer.body)).value();
}

TEST(PageAnswer, ShowsThePageAndLeadsToTheNextOne) {
  const CursorCodec cursors({});
  const auto first = Answer({{1}, {2}, {3}}, {.limit = 2, .offset = 4}, cursors);
  EXPECT_EQ(first.at("data"), (boost::json::array{1, 2}));
  const std::string cursor(first.at("next_cursor").as_string());
  EXPECT_EQ(cursors.Decode(TenantId{}, "/items", cursor), "6");
}

TEST(PageAnswer, EndsWhereNoMoreWasRead) {
  const CursorCodec cursors({});
  const auto last = Answer({{1}, {2}}, {.limit = 2, .offset = 0}, cursors);
  EXPECT_EQ(last.at("data").as_array().size(), 2U);
  EXPECT_TRUE(last.at("next_cursor").is_null());
  EXPECT_TRUE(Answer({}, {.limit = 2, .offset = 0}, cursors).at("data").as_array().empty());
}

}  // namespace
}  // namespace helios::tenancy
