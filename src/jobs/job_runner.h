// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "jobs/job_handler.h"
#include "jobs/job_leases.h"
#include "jobs/schedule_book.h"
#include "obs/metrics.h"
#include "pg/database.h"
#include "pg/listener.h"

namespace helios::jobs {

namespace internal {
class RunningJob;
class RunnerMetrics;
}  // namespace internal

/// Runs jobs in this process, on threads of its own: leases those that are due and of a kind it knows, keeps the
/// leases, and writes down what became of them. Any number of processes may do so on one database.
///
/// A job whose process dies is run again by another one when its lease ends; after its last attempt it is dead. While
/// the database is away jobs in progress go on until their leases end, new ones wait, and the runner comes back by
/// itself, with backoff up to 10 s. Also fires schedules. Thread-safe.
class JobRunner {
 public:
  struct Config {
    unsigned threads = 2;                       ///< jobs at a time; 0: fires schedules alone
    std::string owner;                          ///< no other process'; as MakeOwner() gives
    std::string listen_url = {};                ///< of the database, for NOTIFY; empty: looks for jobs by itself alone
    std::chrono::milliseconds lease{30'000};    ///< extended each third of it
    std::chrono::milliseconds poll{1'000};      ///< longest time between two looks for jobs and schedules
    std::chrono::milliseconds measure{15'000};  ///< between two counts of the queue, for the metrics
    std::chrono::milliseconds stop_grace{20'000};  ///< for handlers to end at a stop
  };

  /// All must outlive the runner. `schedules` may be null. Starts at once.
  JobRunner(pg::Database& database, JobKinds kinds, const ScheduleBook* schedules, const Clock& clock, Random& random,
            obs::Metrics& metrics, const Config& config);
  ~JobRunner();  ///< as Stop()
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;

  /// Leases nothing more, asks the handlers to stop, and gives back what they did not finish, so that it is queued at
  /// once and with the attempts it had. A handler that does not stop within the grace loses its lease, and is waited
  /// for. Idempotent.
  void Stop();

 private:
  using Running = std::shared_ptr<internal::RunningJob>;

  void Wake();
  [[nodiscard]] std::vector<JobLeases::Wanted> WantedNow(std::size_t& most);
  /// Whether it found something, so that there may be more.
  [[nodiscard]] Result<bool> LeaseSome();
  [[nodiscard]] Result<bool> LookOnce(std::chrono::steady_clock::time_point& fired_at);
  void Dispatch(const std::stop_token& stop);
  [[nodiscard]] bool stopping();
  void Work(const std::stop_token& stop);
  [[nodiscard]] std::string_view RunLeased(const LeasedJob& job, std::chrono::steady_clock::time_point until);
  [[nodiscard]] std::string_view RunHandler(const LeasedJob& job, JobLeases::Started started,
                                            std::chrono::steady_clock::time_point until);
  [[nodiscard]] std::string_view Record(internal::RunningJob& running, const Result<std::string>& outcome);
  /// Does `write` until it is done, refused, or the lease has ended.
  template <class Write>
  [[nodiscard]] auto WhileHeld(std::chrono::steady_clock::time_point until, const Write& write) -> decltype(write());
  void Keep(const std::stop_token& stop);
  void ExtendLeases();
  void WriteReports();
  [[nodiscard]] std::vector<Running> RunningNow();

  JobLeases leases_;
  const JobKinds kinds_;
  const ScheduleBook* schedules_;
  const Clock& clock_;
  Random& random_;
  const Config config_;
  std::unique_ptr<internal::RunnerMetrics> metrics_;

  struct Handed {
    LeasedJob job;
    std::chrono::steady_clock::time_point until;
  };

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Handed> handed_;                   ///< leased, and not begun
  std::map<std::string, unsigned> busy_kinds_;  ///< leased, by kind
  unsigned busy_ = 0;                           ///< leased
  std::set<Running> running_;
  bool woken_ = false;
  bool beat_ = false;  ///< heartbeats are wanted now
  bool stopping_ = false;
  bool stopped_ = false;

  std::vector<std::jthread> workers_;
  std::jthread keeper_;
  std::jthread dispatcher_;
  std::unique_ptr<pg::Listener> listener_;
};

/// "host:pid:8 hex digits".
[[nodiscard]] std::string MakeOwner(Random& random);

}  // namespace helios::jobs
