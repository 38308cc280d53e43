// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/live_hub.h"

#include <algorithm>
#include <utility>

#include "live/event_text.h"
#include "obs/log.h"

namespace helios::live {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kAskDatabase{2};
/// A round that took long is followed by a rest this many times as long: a fifth of a core, whatever is open.
constexpr int kRest = 4;
/// Readers that lost the server together come back one by one.
constexpr int kLeastRetryMs = 1'000;
constexpr int kMostRetryMs = 5'000;

constexpr std::string_view kStopping = "live.stopping";

std::unexpected<Error> Stopping() {
  return Fail(ErrorCode::kUnavailable, kStopping, "cannot open a stream: the server is stopping; connect again");
}

bool IsUnknown(ErrorCode code) {
  return code != ErrorCode::kUnauthenticated && code != ErrorCode::kPermissionDenied && code != ErrorCode::kNotFound;
}

}  // namespace

/// Streams that are open. Outlives the hub: its last holder may be a connection.
struct LiveHub::Counts {
  std::mutex mutex;
  std::size_t all = 0;
  std::map<TenantId, std::size_t> of_tenant;
};

LiveHub::LiveHub(const Environment& environment, const LiveConfig& config)
    : environment_(environment), config_(config), metrics_(environment.metrics), counts_(std::make_shared<Counts>()) {
  for (const ChangeSource* source : environment_.changes) watches_.emplace_back(*source);
  looking_ = std::thread([this] { Repeat(config_.look_every, [this] { LookForSamples(); }); });
  watching_ = std::thread([this] {
    Repeat(config_.watch_every, [this] {
      const auto topics = Topics();
      WatchCredentials(topics);
      WatchChanges(topics);
    });
  });
}

LiveHub::~LiveHub() {
  Stop();
}

void LiveHub::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  for (const auto& topic : Topics()) {
    for (const auto& stream : topic->Streams()) {
      stream->End(EndText(kStopping, "the server is stopping; connect again"));
    }
  }
  looking_.join();
  watching_.join();
}

bool LiveHub::IsStopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

template <class Work>
void LiveHub::Repeat(std::chrono::milliseconds every, const Work& work) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto begin = steady_clock::now();
    work();
    const auto took = steady_clock::now() - begin;
    lock.lock();
    wake_.wait_for(lock, std::max<steady_clock::duration>(every, kRest * took), [this] { return stopping_; });
  }
}

// --- opening

Result<std::shared_ptr<EventStream>> LiveHub::Open(const Subscription& subscription, EventStream::Owner owner,
                                                   std::string_view resume) {
  HELIOS_TRY(auto place, TakePlace(owner.tenant));
  HELIOS_TRY(const auto topic, TopicOf(subscription));
  BeginChanges(owner.tenant);
  const auto stream =
      std::make_shared<EventStream>(std::move(owner), config_.max_queued_bytes, std::move(place), metrics_.gaps);
  const int retry = kLeastRetryMs + static_cast<int>(environment_.random.Uniform() * (kMostRetryMs - kLeastRetryMs));
  HELIOS_CHECK(topic->Join(stream, DecodeId(resume), environment_.clock.Now(), retry));
  metrics_.Events("ready").Increment();
  const std::scoped_lock lock(mutex_);
  if (stopping_) return Stopping();  // Stop() may have looked at the topic before
  return stream;
}

/// The place is given back when what came of it goes away.
Result<std::shared_ptr<void>> LiveHub::TakePlace(TenantId tenant) {
  const std::scoped_lock lock(counts_->mutex);
  if (counts_->all >= config_.max_streams) {
    metrics_.refused.Increment();
    return Fail(ErrorCode::kUnavailable, "live.overloaded",
                "cannot open a stream: {} are open, as many as this server holds; ask again in a while",
                config_.max_streams);
  }
  std::size_t& mine = counts_->of_tenant[tenant];
  if (mine >= config_.max_streams_of_tenant) {
    metrics_.refused.Increment();
    return Fail(ErrorCode::kQuotaExceeded, "live.too_many_streams",
                "cannot open a stream: the organization has {} open; want at most {}", mine,
                config_.max_streams_of_tenant);
  }
  ++mine;
  ++counts_->all;
  metrics_.streams.Increment();
  return std::shared_ptr<void>(nullptr, [counts = counts_, tenant, &streams = metrics_.streams](void*) {
    const std::scoped_lock held(counts->mutex);
    --counts->all;
    if (--counts->of_tenant[tenant] == 0) counts->of_tenant.erase(tenant);
    streams.Decrement();
  });
}

Result<std::shared_ptr<Topic>> LiveHub::TopicOf(const Subscription& subscription) {
  const std::scoped_lock lock(mutex_);
  if (stopping_) return Stopping();
  auto& topic = topics_[{subscription.tenant, subscription.name}];
  if (!topic) topic = std::make_shared<Topic>(subscription, environment_.store, metrics_);
  metrics_.topics.Set(static_cast<double>(topics_.size()));
  return topic;
}

std::shared_ptr<LiveHub::TenantChanges> LiveHub::ChangesOf(TenantId tenant) {
  const std::scoped_lock lock(mutex_);
  auto& changes = changes_[tenant];
  if (!changes) {
    changes = std::make_shared<TenantChanges>();
    changes->seen.resize(watches_.size());
  }
  return changes;
}

/// What is there now is what the stream's reader is about to read: changes after this moment are told.
void LiveHub::BeginChanges(TenantId tenant) {
  const auto changes = ChangesOf(tenant);
  const std::scoped_lock lock(changes->mutex);
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    if (changes->seen[i]) continue;
    // Where the database is away, the watching thread begins.
    static_cast<void>(watches_[i].Look(tenant, steady_clock::now() + kAskDatabase, changes->seen[i]));
  }
}

// --- the two threads

/// Those with streams; the others are forgotten, where nobody is about to join them.
std::vector<std::shared_ptr<Topic>> LiveHub::Topics() {
  const std::scoped_lock lock(mutex_);
  std::erase_if(topics_, [](const auto& entry) { return entry.second.use_count() == 1 && entry.second->empty(); });
  metrics_.topics.Set(static_cast<double>(topics_.size()));
  std::vector<std::shared_ptr<Topic>> topics;
  topics.reserve(topics_.size());
  for (const auto& [name, topic] : topics_) topics.push_back(topic);
  return topics;
}

void LiveHub::LookForSamples() {
  const auto topics = Topics();
  if (topics.empty()) return;
  const auto begin = steady_clock::now();
  for (const auto& topic : topics) {
    if (IsStopping()) return;
    topic->Look(environment_.clock.Now());
    topic->Beat(steady_clock::now(), config_.heartbeat);
  }
  metrics_.round.Observe(std::chrono::duration<double>(steady_clock::now() - begin).count());
}

void LiveHub::WatchCredentials(const std::vector<std::shared_ptr<Topic>>& topics) {
  std::map<std::string, std::vector<std::shared_ptr<EventStream>>> by_credential;
  for (const auto& topic : topics) {
    for (auto& stream : topic->Streams()) by_credential[stream->owner().credential].push_back(stream);
  }
  std::erase_if(unverified_, [&](const auto& entry) { return !by_credential.contains(entry.first); });
  std::optional<Error> away;  // what one could not ask, the others need not wait for
  for (const auto& [credential, streams] : by_credential) {
    if (IsStopping()) return;
    const auto now = steady_clock::now();
    const Result<void> allowed =
        away ? std::unexpected(*away)
             : environment_.credentials.Check(credential, streams.front()->owner().tenant, now + kAskDatabase);
    if (allowed) {
      unverified_.erase(credential);
      continue;
    }
    const bool unknown = IsUnknown(allowed.error().code);
    if (unknown) away = allowed.error();
    if (unknown && now - unverified_.try_emplace(credential, now).first->second < config_.unverified_most) continue;
    for (const auto& stream : streams) {
      stream->End(EndText(allowed.error().reason, unknown ? "the credential cannot be checked at the moment"
                                                          : std::string_view(allowed.error().message)));
      metrics_.ended.Increment();
    }
    obs::LogInfo("live.ended", {{"code", allowed.error().reason},
                                {"tenant", streams.front()->owner().tenant.ToString()},
                                {"streams", streams.size()}});
  }
}

void LiveHub::WatchChanges(const std::vector<std::shared_ptr<Topic>>& topics) {
  std::map<TenantId, std::vector<std::shared_ptr<Topic>>> by_tenant;
  for (const auto& topic : topics) by_tenant[topic->subscription().tenant].push_back(topic);
  {
    const std::scoped_lock lock(mutex_);
    std::erase_if(changes_,
                  [&](const auto& entry) { return entry.second.use_count() == 1 && !by_tenant.contains(entry.first); });
  }
  for (const auto& [tenant, of_tenant] : by_tenant) {
    const auto changes = ChangesOf(tenant);
    const std::scoped_lock lock(changes->mutex);
    for (std::size_t i = 0; i < watches_.size(); ++i) {
      if (IsStopping()) return;
      const auto data = watches_[i].Look(tenant, steady_clock::now() + kAskDatabase, changes->seen[i]);
      if (!data) return;  // the database is away; the next round tells what changed meanwhile
      if (!*data) continue;
      const std::string name = watches_[i].name();
      const auto text = std::make_shared<const std::string>(fmt::format("event: {}\ndata: {}\n\n", name, **data));
      const TimestampMs now = environment_.clock.Now();
      for (const auto& topic : of_tenant) topic->Push({.text = text, .first = now, .last = now});
      metrics_.Events(name).Increment();
    }
  }
}

}  // namespace helios::live
