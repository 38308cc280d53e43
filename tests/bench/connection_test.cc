// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/connection.h"

#include <gtest/gtest.h>

namespace helios::bench {
namespace {

TEST(ParseAnswerHead, ReadsStatusAndLength) {
  const auto head = ParseAnswerHead("HTTP/1.1 200 OK\r\nX: 1\r\ncontent-LENGTH:  17\r\n\r\n{\"acc");
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->bytes, 46U);
  EXPECT_EQ(head->body_bytes, 17U);
}

TEST(ParseAnswerHead, WaitsForTheEmptyLine) {
  EXPECT_EQ(ParseAnswerHead("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n")->status, 0);
  EXPECT_EQ(ParseAnswerHead("")->status, 0);
}

TEST(ParseAnswerHead, KnowsThatSomeAnswersHaveNoBody) {
  EXPECT_EQ(ParseAnswerHead("HTTP/1.1 204 No Content\r\n\r\n")->body_bytes, 0U);
  EXPECT_EQ(ParseAnswerHead("HTTP/1.0 200 OK\r\n\r\n")->body_bytes, std::nullopt);
}

TEST(ParseAnswerHead, RefusesWhatItCannotRead) {
  EXPECT_FALSE(ParseAnswerHead("SSH-2.0-x\r\n\r\n").has_value());
  EXPECT_FALSE(ParseAnswerHead("HTTP/1.1 \r\n\r\n").has_value());
  EXPECT_FALSE(ParseAnswerHead("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").has_value());
}

TEST(PostRequest, IsAWholeRequest) {
  EXPECT_EQ(PostRequest("/x", "A: b\r\n", "body"),
            "POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r\nContent-Length: 4\r\n\r\nbody");
}

}  // namespace
}  // namespace helios::bench
