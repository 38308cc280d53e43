// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/sessions.h"

#include <gtest/gtest.h>

namespace helios::identity {
namespace {

std::optional<std::string> TokenOf(std::string cookie) {
  http::Request request;
  request.headers.Add("cookie", std::move(cookie));
  const auto token = SessionToken(request);
  if (!token) return std::nullopt;
  return std::string(*token);
}

TEST(SessionToken, IsFoundAmongOtherCookies) {
  EXPECT_EQ(TokenOf("__Host-helios_session=abc"), "abc");
  EXPECT_EQ(TokenOf("theme=dark; __Host-helios_session=abc; x=y"), "abc");
  EXPECT_EQ(TokenOf("__Host-helios_sessionx=abc"), std::nullopt);
  EXPECT_EQ(TokenOf("x__Host-helios_session=abc"), std::nullopt);
  EXPECT_EQ(TokenOf(""), std::nullopt);
}

}  // namespace
}  // namespace helios::identity
