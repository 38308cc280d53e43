// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "live/change_watch.h"
#include "live/credential_watch.h"
#include "live/topic.h"

namespace helios::live {

struct LiveConfig {
  std::size_t max_streams = 2'000;
  std::size_t max_streams_of_tenant = 200;
  std::size_t max_queued_bytes = 256U << 10U;         ///< of one stream whose reader is slow
  std::chrono::milliseconds look_every{1'000};        ///< for samples
  std::chrono::milliseconds watch_every{2'000};       ///< credentials, and the control database
  std::chrono::milliseconds heartbeat{15'000};        ///< a comment after this long without an event
  std::chrono::milliseconds unverified_most{60'000};  ///< a credential that cannot be checked holds no longer
};

/// Every open stream of the process. Thread-safe.
class LiveHub {
 public:
  /// All of them outlive the hub.
  struct Environment {
    const tsdb::SampleStore& store;
    CredentialWatch& credentials;
    std::vector<const ChangeSource*> changes;
    const Clock& clock;
    Random& random;
    obs::Metrics& metrics;
  };

  LiveHub(const Environment& environment, const LiveConfig& config);
  ~LiveHub();  ///< as Stop()
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  /// A stream for one request. It goes on from `resume`, an EventId's text; one that cannot be read, or is of another
  /// subscription, is as good as none, and `ready` says so. Reads the store and the control database.
  /// Errors: kQuotaExceeded live.too_many_streams (of the tenant); kUnavailable live.overloaded (of all),
  /// live.stopping; those of Topic::Join().
  [[nodiscard]] Result<std::shared_ptr<EventStream>> Open(const Subscription& subscription, EventStream::Owner owner,
                                                          std::string_view resume);

  /// Ends every stream, and opens none any more. Idempotent.
  void Stop();

 private:
  struct Counts;
  /// What is remembered of a tenant that has streams.
  struct TenantChanges {
    std::mutex mutex;
    std::vector<std::optional<ChangeWatch::Seen>> seen;
  };
  using Deadline = std::chrono::steady_clock::time_point;

  [[nodiscard]] Result<std::shared_ptr<void>> TakePlace(TenantId tenant);
  [[nodiscard]] Result<std::shared_ptr<Topic>> TopicOf(const Subscription& subscription);
  [[nodiscard]] std::shared_ptr<TenantChanges> ChangesOf(TenantId tenant);
  [[nodiscard]] std::vector<std::shared_ptr<Topic>> Topics();
  [[nodiscard]] bool IsStopping();
  void LookForSamples();
  void WatchCredentials(const std::vector<std::shared_ptr<Topic>>& topics);
  void WatchChanges(const std::vector<std::shared_ptr<Topic>>& topics);
  void BeginChanges(TenantId tenant);
  /// Runs `work` again and again, until Stop().
  template <class Work>
  void Repeat(std::chrono::milliseconds every, const Work& work);

  Environment environment_;
  const LiveConfig config_;
  LiveMetrics metrics_;
  std::vector<ChangeWatch> watches_;
  const std::shared_ptr<Counts> counts_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::map<std::pair<TenantId, std::string>, std::shared_ptr<Topic>> topics_;
  std::map<TenantId, std::shared_ptr<TenantChanges>> changes_;
  /// Of credentials that could not be checked, since when; the watching thread's own.
  std::map<std::string, Deadline> unverified_;
  std::thread looking_;
  std::thread watching_;
};

}  // namespace helios::live
