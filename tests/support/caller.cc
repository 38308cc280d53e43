// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/caller.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <utility>

namespace helios::testing {

namespace json = boost::json;

Caller::Caller(std::string origin, http::Headers headers) : origin_(std::move(origin)), headers_(std::move(headers)) {}

Caller Caller::With(std::string_view name, std::string value) const {
  Caller more = *this;
  more.headers_.Set(name, std::move(value));
  return more;
}

Answer Caller::Ask(http::Method method, const std::string& target, const json::value& body) const {
  http::Headers headers = headers_;
  if (!body.is_null()) headers.Set("Content-Type", "application/json");
  return ApiClient(origin_).Send(method, target, body.is_null() ? std::string() : json::serialize(body),
                                 std::move(headers));
}

Caller SignIn(const std::string& origin, const std::string& email, const std::string& password) {
  const Caller browser = Caller(origin).With("Origin", origin);
  const Answer answer = browser.Post("/api/v1/sessions", {{"email", email}, {"password", password}});
  EXPECT_EQ(answer.status, 201) << email << ": " << answer;
  const std::string cookie = answer.Header("Set-Cookie");
  return browser.With("Cookie", cookie.substr(0, cookie.find(';')));
}

Caller MakeKey(const Caller& maker, const std::string& origin, const std::vector<std::string>& scopes) {
  const Answer answer =
      maker.Post("/api/v1/api-keys", {{"name", "made by a test"}, {"scopes", json::value_from(scopes)}});
  return Caller(origin).WithKey(TextOf(BodyOf(answer), "key"));
}

json::value BodyOf(const Answer& answer) {
  EXPECT_EQ(answer.status / 100, 2) << answer;
  return answer.status / 100 == 2 ? answer.Json() : json::object{};
}

std::string TextOf(const json::value& object, std::string_view field) {
  const json::value* value = object.is_object() ? object.as_object().if_contains(field) : nullptr;
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace helios::testing
