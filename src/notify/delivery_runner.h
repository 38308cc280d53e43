// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "base/time.h"
#include "notify/courier.h"
#include "pg/database.h"

namespace helios::notify {

/// Drives a Courier on threads of its own. A tenant is looked at when Wake() names it, when its next attempt is due,
/// and with everybody each `sweep`, which finds what other processes or an earlier run left. Thread-safe.
class DeliveryRunner {
 public:
  struct Config {
    unsigned threads = 4;  ///< attempts at a time; a slow receiver holds one for 15 s
    std::chrono::milliseconds sweep{10'000};
    std::chrono::milliseconds tick{250};  ///< between two looks at what is due
  };

  /// All must outlive the runner. Starts at once.
  DeliveryRunner(Courier& courier, pg::Database& database, const Clock& clock, const Config& config);
  ~DeliveryRunner();  ///< as Stop()
  DeliveryRunner(const DeliveryRunner&) = delete;
  DeliveryRunner& operator=(const DeliveryRunner&) = delete;

  /// Something is due for the tenant now.
  void Wake(TenantId tenant);

  /// Lets attempts in progress end. Idempotent.
  void Stop();

 private:
  void Schedule();
  void Sweep();
  void Work();
  void Serve(TenantId tenant);

  Courier& courier_;
  pg::Database& database_;
  const Clock& clock_;
  const Config config_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<TenantId, TimestampMs> due_;  ///< tenants to look at, and when
  std::set<TenantId> ready_;             ///< to be looked at now
  std::map<TenantId, unsigned> busy_;    ///< threads at work for the tenant
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace helios::notify
