// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/topic.h"

#include <prometheus/counter.h>

#include <algorithm>
#include <functional>
#include <set>

#include "live/event_text.h"

namespace helios::live {

namespace json = boost::json;

struct Topic::Collected {
  json::array series;
  std::size_t points = 0;
  TimestampMs first = TimestampMs::max();
  TimestampMs last = TimestampMs::min();
};

std::uint64_t SubscriptionHash(const Subscription& subscription) {
  // FNV-1a, for an id outlives the process: std::hash may not be the same in the next one.
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : subscription.tenant.ToString() + "\n" + subscription.name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

Topic::Topic(Subscription subscription, const tsdb::SampleStore& store, const LiveMetrics& metrics)
    : subscription_(std::move(subscription)),
      hash_(SubscriptionHash(subscription_)),
      store_(store),
      metrics_(metrics),
      samples_(metrics.Events("samples")) {}

Result<void> Topic::Join(const std::shared_ptr<EventStream>& stream, const std::optional<EventId>& resume,
                         TimestampMs now, int retry_ms) {
  const std::scoped_lock lock(mutex_);
  if (!begun_) HELIOS_CHECK(Begin(now));
  const bool resumed = resume && resume->subscription == hash_;
  // An event that resumes carries the new id itself: a reader that leaves before it comes back with the old one.
  const StreamEvent missed = resumed ? CatchUp(*resume) : StreamEvent{};
  const std::string ready = Ready(resumed, retry_ms, missed.text ? std::string() : IdText());
  stream->Push({.text = std::make_shared<const std::string>(ready), .first = now, .last = now});
  if (missed.text) stream->Push(missed);
  streams_.push_back(stream);
  return {};
}

Result<void> Topic::Begin(TimestampMs now) {
  HELIOS_TRY(const Found found, Find());
  for (const tsdb::SeriesInfo& info : found.series) known_[info.id] = {.key = info.key, .sent = info.last_seen};
  truncated_ = found.truncated;
  began_ = now;
  begun_ = true;
  return {};
}

Result<Topic::Found> Topic::Find() const {
  Found found;
  std::set<tsdb::SeriesId> seen;
  for (const tsdb::SeriesSelector& selector : subscription_.selectors) {
    HELIOS_TRY(auto series, store_.FindSeries(subscription_.tenant, selector, kMaxSeriesOfSelector + 1));
    if (series.size() > kMaxSeriesOfSelector) {
      found.truncated = true;
      series.pop_back();
    }
    for (tsdb::SeriesInfo& info : series) {
      if (seen.insert(info.id).second) found.series.push_back(std::move(info));
    }
  }
  return found;
}

void Topic::Look(TimestampMs now) {
  const std::scoped_lock lock(mutex_);
  if (!begun_ || subscription_.selectors.empty()) return;
  const auto found = Find();
  if (!found) return;  // the next look finds it
  truncated_ = found->truncated;
  Collected collected;
  std::map<tsdb::SeriesId, TimestampMs> before;
  bool whole = true;
  for (const tsdb::SeriesInfo& info : found->series) {
    const auto [known, appeared] = known_.try_emplace(info.id, Known{info.key, began_ - kNewSeriesGrace});
    const TimestampMs sent = known->second.sent;
    if (info.last_seen <= sent) continue;
    if (whole) whole = Collect(info.id, info.key, appeared, sent, info.last_seen, collected);
    before[info.id] = sent;
    known->second.sent = info.last_seen;
  }
  ForgetGone(*found);
  if (before.empty()) return;
  if (!whole) {
    TimestampMs from = now;
    for (const auto& [series, sent] : before) from = std::min(from, sent);
    metrics_.gaps.Increment();
    const auto text = std::make_shared<const std::string>(GapText(from, now, IdText()));
    PushToAll({.text = text, .first = from, .last = now});
    return;
  }
  if (collected.points == 0) return;  // a series of which nothing is new since the topic began
  const auto text = std::make_shared<const std::string>(
      EventText("samples", json::object{{"series", std::move(collected.series)}}, IdText()));
  samples_.Increment();
  PushToAll({.text = text, .first = collected.first, .last = collected.last});
}

bool Topic::Collect(tsdb::SeriesId series, const tsdb::SeriesKey& key, bool introduce, TimestampMs sent,
                    TimestampMs last, Collected& into) const {
  const auto cursor =
      store_.Read(subscription_.tenant, series, {.first = sent + std::chrono::milliseconds{1}, .last = last});
  if (!cursor) return cursor.error().code == ErrorCode::kNotFound;  // deleted meanwhile
  json::array points;
  for (;;) {
    const auto columns = (*cursor)->Next();
    if (!columns) return false;
    if (columns->times.empty()) break;
    if (into.points + columns->times.size() > kMaxPointsOfEvent) return false;
    into.points += columns->times.size();
    for (std::size_t i = 0; i < columns->times.size(); ++i) {
      points.push_back(PointJson(columns->times[i], columns->values[i]));
    }
    into.first = std::min(into.first, columns->times.front());
    into.last = std::max(into.last, columns->times.back());
  }
  if (points.empty() && !introduce) return true;
  json::object shown = introduce ? SeriesIntroduction(series, key) : json::object{};
  shown["series"] = fmt::to_string(series.value);
  shown["points"] = std::move(points);
  into.series.push_back(std::move(shown));
  return true;
}

/// What came between `resume` and what was sent to the others; no text where nothing did.
StreamEvent Topic::CatchUp(const EventId& resume) const {
  Collected collected;
  TimestampMs from = TimestampMs::max();
  TimestampMs to = TimestampMs::min();
  bool whole = true;
  for (const auto& [series, known] : known_) {
    const auto found = resume.sent.find(series);
    const TimestampMs sent = found != resume.sent.end() ? found->second : resume.began - kNewSeriesGrace;
    if (known.sent <= sent) continue;
    from = std::min(from, sent);
    to = std::max(to, known.sent);
    whole = whole && Collect(series, known.key, false, sent, known.sent, collected);
  }
  if (!whole) {
    metrics_.gaps.Increment();
    return {.text = std::make_shared<const std::string>(GapText(from, to, IdText())), .first = from, .last = to};
  }
  if (collected.points == 0) return {};
  samples_.Increment();
  return {.text = std::make_shared<const std::string>(
              EventText("samples", json::object{{"series", std::move(collected.series)}}, IdText())),
          .first = collected.first,
          .last = collected.last};
}

std::string Topic::Ready(bool resumed, int retry_ms, std::string_view id) const {
  json::array series;
  for (const auto& [number, known] : known_) series.push_back(SeriesIntroduction(number, known.key));
  return fmt::format("retry: {}\n", retry_ms) +
         EventText("ready",
                   json::object{{"resumed", resumed}, {"truncated", truncated_}, {"series", std::move(series)}}, id);
}

std::string Topic::IdText() const {
  EventId id{.subscription = hash_, .began = began_, .sent = {}};
  for (const auto& [series, known] : known_) id.sent.emplace_hint(id.sent.end(), series, known.sent);
  return EncodeId(id);
}

/// Series that are not found any more keep their place, for one that new names displaced may come back, until they are
/// too many for an id.
void Topic::ForgetGone(const Found& found) {
  if (known_.size() <= kMaxIdSeries / 2) return;
  std::set<tsdb::SeriesId> there;
  for (const tsdb::SeriesInfo& info : found.series) there.insert(info.id);
  std::erase_if(known_, [&there](const auto& entry) { return !there.contains(entry.first); });
}

void Topic::Push(const StreamEvent& event) {
  const std::scoped_lock lock(mutex_);
  PushToAll(event);
}

void Topic::PushToAll(const StreamEvent& event) {
  std::erase_if(streams_, [&event](const std::weak_ptr<EventStream>& each) {
    const auto stream = each.lock();
    if (stream) stream->Push(event);
    return !stream;
  });
}

void Topic::Beat(EventStream::Time now, std::chrono::milliseconds quiet) {
  for (const auto& stream : Streams()) stream->Beat(now, quiet);
}

std::vector<std::shared_ptr<EventStream>> Topic::Streams() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<EventStream>> open;
  std::erase_if(streams_, [&open](const std::weak_ptr<EventStream>& each) {
    auto stream = each.lock();
    if (stream) open.push_back(stream);
    return !stream;
  });
  return open;
}

}  // namespace helios::live
