// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/event_stream.h"

#include <gtest/gtest.h>
#include <prometheus/counter.h>

#include "live/event_text.h"
#include "obs/metrics.h"

namespace helios::live {
namespace {

using namespace std::chrono_literals;

StreamEvent Event(std::string text, std::int64_t first = 0, std::int64_t last = 0) {
  return {.text = std::make_shared<const std::string>(std::move(text)),
          .first = FromUnixMs(first),
          .last = FromUnixMs(last)};
}

class EventStreamTest : public ::testing::Test {
 protected:
  /// Asks for the next piece; `piece_` is what came, or "(waits)".
  void Ask() {
    piece_ = "(waits)";
    stream_.Next([this](Result<std::string> piece) { piece_ = piece ? *piece : "(error)"; });
  }
  obs::Metrics metrics_;
  prometheus::Counter& gaps_ = metrics_.Counter("gaps", "");
  std::shared_ptr<int> held_ = std::make_shared<int>(0);
  EventStream stream_{{.tenant = {}, .credential = "k"}, 10, held_, gaps_};
  std::string piece_;
};

TEST_F(EventStreamTest, GivesWhatCameAtOnceAndThenAsItComes) {
  stream_.Push(Event("a"));
  stream_.Push(Event("b"));
  Ask();
  EXPECT_EQ(piece_, "ab");
  Ask();
  EXPECT_EQ(piece_, "(waits)");
  stream_.Push(Event("c"));
  EXPECT_EQ(piece_, "c");
}

TEST_F(EventStreamTest, DropsWhatASlowReaderLeavesAndTellsOverWhichTime) {
  stream_.Push(Event("12345", 5, 7));
  stream_.Push(Event("123456", 6, 9));  // eleven bytes: one too many
  stream_.Push(Event("after", 10, 10));
  Ask();
  EXPECT_EQ(piece_, "event: gap\ndata: {\"from\":5,\"to\":9}\n\nafter");
  EXPECT_EQ(gaps_.Value(), 1);
  Ask();
  EXPECT_EQ(piece_, "(waits)");
}

TEST_F(EventStreamTest, MakesOneGapOfSeveral) {
  for (int i = 0; i < 3; ++i) stream_.Push(Event("more than ten", 10 - i, 20 + i));
  Ask();
  EXPECT_EQ(piece_, "event: gap\ndata: {\"from\":8,\"to\":22}\n\n");
  EXPECT_EQ(gaps_.Value(), 1);
}

TEST_F(EventStreamTest, GivesALargeEventToAReaderThatWaits) {
  Ask();
  stream_.Push(Event("more than ten"));
  EXPECT_EQ(piece_, "more than ten");
  EXPECT_EQ(gaps_.Value(), 0);
}

TEST_F(EventStreamTest, BeatsWhereNothingCameForLong) {
  const auto now = EventStream::Time::clock::now();
  Ask();
  stream_.Beat(now + 10s, 15s);
  EXPECT_EQ(piece_, "(waits)");
  stream_.Beat(now + 16s, 15s);
  EXPECT_TRUE(piece_.starts_with(":")) << piece_;
  EXPECT_TRUE(piece_.ends_with("\n\n"));
}

TEST_F(EventStreamTest, EndsWithItsLastWords) {
  Ask();
  stream_.End("bye");
  EXPECT_EQ(piece_, "bye");
  EXPECT_TRUE(stream_.ended());
  stream_.End("again");
  stream_.Push(Event("more"));
  Ask();
  EXPECT_EQ(piece_, "");  // the end of the body
}

TEST(EventText, IsAsTheStandardHasIt) {
  EXPECT_EQ(EventText("x", boost::json::object{{"a", "line\nbreak"}}, "id1"),
            "id: id1\nevent: x\ndata: {\"a\":\"line\\u000abreak\"}\n\n");
  EXPECT_EQ(EndText("live.stopping", "why"), "event: end\ndata: {\"reason\":\"live.stopping\",\"detail\":\"why\"}\n\n");
}

}  // namespace
}  // namespace helios::live
