// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/topic.h"

#include <gmock/gmock.h>

#include "live/testing/live_fixture.h"

namespace helios::live {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const tsdb::SeriesKey kCpu{"cpu", {{"host", "a"}}};
const tsdb::SeriesKey kOther{"cpu", {{"host", "b"}}};

class TopicTest : public LiveFixture {
 protected:
  std::shared_ptr<Reader> Join(Topic& topic, const std::optional<EventId>& resume = std::nullopt) {
    auto stream = std::make_shared<EventStream>(EventStream::Owner{.tenant = kAcme, .credential = "k"}, 1U << 20U,
                                                nullptr, gaps_);
    auto reader = std::make_shared<Reader>(stream);
    EXPECT_TRUE(topic.Join(stream, resume, clock_.Now(), 1'000));
    streams_.push_back(std::move(stream));
    return reader;
  }
  /// The id of the last event in a text.
  static EventId IdIn(const std::string& text) {
    const std::size_t at = text.rfind("id: ");
    return DecodeId(text.substr(at + 4, text.find('\n', at) - at - 4)).value();
  }
  /// [seconds after kStart, value] as an event has them.
  static std::string Points(std::initializer_list<int> seconds) {
    std::string text = "\"points\":[";
    for (const int second : seconds) {
      if (text.back() != '[') text += ',';
      text += fmt::format("[{},{}]", ToUnixMs(kStart) + second * 1'000, second);
    }
    return text + "]";
  }

  LiveMetrics live_metrics_{metrics_};
  prometheus::Counter& gaps_ = metrics_.Counter("stream_gaps", "");
  Subscription subscription_{.tenant = kAcme, .name = "cpu", .selectors = {{.metric = "cpu", .matchers = {}}}};
  std::vector<std::shared_ptr<EventStream>> streams_;
};

TEST_F(TopicTest, SendsWhatIsNewerThanTheLastLookAndNothingTwice) {
  Send(kCpu, 0, 0);
  Topic topic(subscription_, *store_, live_metrics_);
  const auto reader = Join(topic);
  const std::string ready = reader->Take();
  EXPECT_THAT(ready, HasSubstr("retry: 1000\n"));
  EXPECT_THAT(ready, HasSubstr("event: ready\n"));
  EXPECT_THAT(ready, HasSubstr("\"metric\":\"cpu\",\"labels\":{\"host\":\"a\"}"));
  EXPECT_THAT(ready, Not(HasSubstr("points")));
  topic.Look(clock_.Now());
  EXPECT_EQ(reader->Take(), "");
  Send(kCpu, 1, 1);
  Send(kCpu, 2, 2);
  topic.Look(clock_.Now());
  const std::string samples = reader->Take();
  EXPECT_THAT(samples, HasSubstr("event: samples\n"));
  EXPECT_THAT(samples, HasSubstr(Points({1, 2})));
  EXPECT_THAT(samples, Not(HasSubstr("labels")));
  topic.Look(clock_.Now());
  EXPECT_EQ(reader->Take(), "");
}

TEST_F(TopicTest, IntroducesASeriesThatAppears) {
  Topic topic(subscription_, *store_, live_metrics_);
  const auto reader = Join(topic);
  reader->Take();
  Send(kOther, 1, 1);
  topic.Look(clock_.Now());
  EXPECT_THAT(reader->Take(), HasSubstr("\"metric\":\"cpu\",\"labels\":{\"host\":\"b\"}," + Points({1})));
}

TEST_F(TopicTest, SaysNothingOfSamplesThatComeLateOrOfOthers) {
  Send(kCpu, 10, 10);
  Topic topic(subscription_, *store_, live_metrics_);
  const auto reader = Join(topic);
  reader->Take();
  Send(kCpu, 5, 5);
  Send({"memory", {}}, 11, 11);
  Send(kCpu, 11, 11, kGlobex);
  topic.Look(clock_.Now());
  EXPECT_EQ(reader->Take(), "");
}

TEST_F(TopicTest, GoesOnFromAnIdInAnotherTopicAsAfterARestart) {
  Send(kCpu, 0, 0);
  EventId id;
  {
    Topic topic(subscription_, *store_, live_metrics_);
    const auto reader = Join(topic);
    reader->Take();
    Send(kCpu, 1, 1);
    topic.Look(clock_.Now());
    id = IdIn(reader->Take());
  }
  Send(kCpu, 2, 2);
  Send(kOther, 3, 3);  // appeared while nobody was there
  Topic topic(subscription_, *store_, live_metrics_);
  const auto reader = Join(topic, id);
  const std::string text = reader->Take();
  EXPECT_THAT(text, HasSubstr("\"resumed\":true"));
  EXPECT_THAT(text, HasSubstr(Points({2})));
  EXPECT_THAT(text, HasSubstr(Points({3})));
  Send(kCpu, 4, 4);
  topic.Look(clock_.Now());
  EXPECT_THAT(reader->Take(), HasSubstr(Points({4})));
  EXPECT_EQ(IdIn(text).subscription, SubscriptionHash(subscription_));
}

TEST_F(TopicTest, GoesOnAmongOthersThatAreFurther) {
  Send(kCpu, 0, 0);
  Topic topic(subscription_, *store_, live_metrics_);
  const auto first = Join(topic);
  const EventId id = IdIn(first->Take());
  Send(kCpu, 1, 1);
  topic.Look(clock_.Now());
  Send(kCpu, 2, 2);
  const auto second = Join(topic, id);
  EXPECT_THAT(second->Take(), HasSubstr(Points({1})));
  topic.Look(clock_.Now());
  EXPECT_THAT(second->Take(), HasSubstr(Points({2})));
}

TEST_F(TopicTest, BeginsAnewWithAnIdOfAnotherSubscription) {
  Send(kCpu, 0, 0);
  Topic topic(subscription_, *store_, live_metrics_);
  Subscription other = subscription_;
  other.tenant = kGlobex;
  const auto reader = Join(topic, EventId{.subscription = SubscriptionHash(other), .began = {}, .sent = {}});
  const std::string text = reader->Take();
  EXPECT_THAT(text, HasSubstr("\"resumed\":false"));
  EXPECT_THAT(text, Not(HasSubstr("event: samples")));
}

TEST_F(TopicTest, TellsOfAGapWhereTooMuchWasMissed) {
  Topic topic(subscription_, *store_, live_metrics_);
  const auto reader = Join(topic);
  reader->Take();
  tsdb::KeyedBatch batch(kCpu);
  for (std::size_t i = 0; i <= kMaxPointsOfEvent; ++i) {
    batch.AddSample(0, kStart + std::chrono::milliseconds{i}, 1);
  }
  std::promise<Result<tsdb::AppendOutcome>> done;
  store_->Append(kAcme, {}, batch.batch(), [&done](auto outcome) { done.set_value(std::move(outcome)); });
  ASSERT_TRUE(done.get_future().get());
  clock_.Advance(std::chrono::minutes{1});
  topic.Look(clock_.Now());
  EXPECT_THAT(reader->Take(), HasSubstr(fmt::format("event: gap\ndata: {{\"from\":{},\"to\":{}}}",
                                                    ToUnixMs(kStart - kNewSeriesGrace), ToUnixMs(clock_.Now()))));
  Send(kCpu, 60, 60);
  topic.Look(clock_.Now());
  EXPECT_THAT(reader->Take(), HasSubstr(Points({60})));
}

TEST_F(TopicTest, TakesTheFirstSeriesByNameAndSaysSo) {
  for (int i = 0; i < 60; ++i) Send({"cpu", {{"host", fmt::format("{:02}", i)}}}, 0, 0);
  Topic topic(subscription_, *store_, live_metrics_);
  const std::string ready = Join(topic)->Take();
  EXPECT_THAT(ready, HasSubstr("\"truncated\":true"));
  EXPECT_THAT(ready, HasSubstr("\"host\":\"49\""));
  EXPECT_THAT(ready, Not(HasSubstr("\"host\":\"50\"")));
}

}  // namespace
}  // namespace helios::live
