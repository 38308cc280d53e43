// SPDX-License-Identifier: Apache-2.0
#include "http/request.h"

#include <gtest/gtest.h>

#include "http/internal/gzip.h"

namespace helios::http {
namespace {

Request Parsed(std::string_view target) {
  Request request;
  const auto outcome = ParseTarget(target, request);
  EXPECT_TRUE(outcome.has_value()) << target << ": " << outcome.error().message;
  return request;
}

Request Encoded(std::string body, std::string coding) {
  Request request;
  request.body = std::move(body);
  request.headers.Add("Content-Encoding", std::move(coding));
  return request;
}

TEST(ParseTarget, SplitsAndDecodes) {
  const Request request = Parsed("/api/v1/a%20b+c?metric=cpu%2Fload&x=1+2&flag&x=3");
  EXPECT_EQ(request.path, "/api/v1/a b+c");
  EXPECT_EQ(request.Query("metric"), "cpu/load");
  EXPECT_EQ(request.Query("x"), "1 2");
  EXPECT_EQ(request.Query("flag"), "");
  EXPECT_EQ(request.Query("absent"), std::nullopt);
}

TEST(ParseTarget, TakesTheFormsThatHttpAllows) {
  EXPECT_EQ(Parsed("http://example.org/a?b=c").path, "/a");
  EXPECT_EQ(Parsed("http://example.org").path, "/");
  EXPECT_EQ(Parsed("http://example.org?x=1").Query("x"), "1");
  EXPECT_EQ(Parsed("*").path, "*");
  EXPECT_EQ(Parsed("/%C3%BC").path, "/ü");
}

TEST(ParseTarget, RefusesBrokenEscapesNulAndInvalidUtf8) {
  for (const std::string_view target :
       {"/%", "/%4", "/%zz", "/%00", "/%ff", "/%c0%af", "/%ed%a0%80", "/a?b=%", "a/b", "/a?b=%00"}) {
    Request request;
    const auto outcome = ParseTarget(target, request);
    ASSERT_FALSE(outcome.has_value()) << target;
    EXPECT_EQ(outcome.error().reason, "http.bad_target");
  }
}

TEST(ParseTarget, RefusesASlashThatIsEscapedInThePath) {
  Request request;
  EXPECT_FALSE(ParseTarget("/api/v1%2Fme", request).has_value());
  EXPECT_FALSE(ParseTarget("/a/..%2f..%2fb", request).has_value());
  EXPECT_TRUE(ParseTarget("/a/b?path=%2Fc", request).has_value());
}

TEST(Headers, CompareNamesWithoutCase) {
  Headers headers;
  headers.Add("X-One", "1");
  headers.Add("x-two", "2");
  headers.Add("x-ONE", "3");
  EXPECT_EQ(headers.Find("x-one"), "1");
  headers.Set("X-oNe", "4");
  EXPECT_EQ(headers.fields().size(), 2U);
  EXPECT_EQ(headers.Find("X-One"), "4");
  headers.Set("X-Three", "5");
  EXPECT_EQ(headers.Find("x-three"), "5");
}

TEST(Request, GivesTheMediaTypeWithoutParameters) {
  Request request;
  EXPECT_EQ(request.ContentType(), "");
  request.headers.Add("Content-Type", "Text/CSV ; charset=utf-8");
  EXPECT_EQ(request.ContentType(), "text/csv");
}

TEST(DecodedBody, UndoesGzipAlsoOfSeveralMembers) {
  EXPECT_EQ(Encoded(internal::Gzip("hello"), "gzip").DecodedBody(100), "hello");
  EXPECT_EQ(Encoded(internal::Gzip("hello") + internal::Gzip(" world"), "X-GZip").DecodedBody(100), "hello world");
  EXPECT_EQ(Encoded("plain", "identity").DecodedBody(100), "plain");
  EXPECT_EQ(Encoded(internal::Gzip(""), "gzip").DecodedBody(0), "");
}

TEST(DecodedBody, UndoesDeflateInBothForms) {
  // zlib.compress(b"aaa") and the same without its header and checksum.
  const std::string zlib("\x78\x9c\x4b\x4c\x4c\x04\x00\x02\x49\x01\x24", 11);
  EXPECT_EQ(Encoded(zlib, "deflate").DecodedBody(3), "aaa");
  EXPECT_EQ(Encoded(zlib.substr(2, 5), "deflate").DecodedBody(3), "aaa");
}

TEST(DecodedBody, StopsABombAtItsLimit) {
  const std::string bomb = internal::Gzip(std::string(64U << 20U, '\0'));
  ASSERT_LT(bomb.size(), 400'000U);
  const auto body = Encoded(bomb, "gzip").DecodedBody(1U << 20U);
  ASSERT_FALSE(body.has_value());
  EXPECT_EQ(body.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(body.error().reason, "http.body_too_large");
}

TEST(DecodedBody, AllowsExactlyItsLimit) {
  EXPECT_TRUE(Encoded(internal::Gzip(std::string(100'000, 'x')), "gzip").DecodedBody(100'000).has_value());
  EXPECT_EQ(Encoded(internal::Gzip(std::string(100'001, 'x')), "gzip").DecodedBody(100'000).error().code,
            ErrorCode::kTooLarge);
  EXPECT_EQ(Encoded("xxxx", "identity").DecodedBody(3).error().code, ErrorCode::kTooLarge);
}

TEST(DecodedBody, RefusesDamageAndUnknownCodings) {
  const std::string good = internal::Gzip("hello");
  EXPECT_EQ(Encoded(good.substr(0, good.size() - 3), "gzip").DecodedBody(100).error().reason, "http.bad_encoding");
  EXPECT_EQ(Encoded("hello", "gzip").DecodedBody(100).error().reason, "http.bad_encoding");
  EXPECT_EQ(Encoded(good + "tail", "gzip").DecodedBody(100).error().reason, "http.bad_encoding");
  EXPECT_EQ(Encoded("", "gzip").DecodedBody(100).error().reason, "http.bad_encoding");
  EXPECT_EQ(Encoded("", "br").DecodedBody(100).error().reason, "http.unsupported_encoding");
  EXPECT_EQ(Encoded(good, "gzip, gzip").DecodedBody(100).error().code, ErrorCode::kUnsupportedType);
}

}  // namespace
}  // namespace helios::http
