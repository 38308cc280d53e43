// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jobs/job.h"
#include "jobs/retry.h"
#include "pg/database.h"

namespace helios::jobs {

/// One attempt at a job, as its handler sees it. Valid during JobHandler::Run(). Thread-safe.
class JobContext {
 public:
  virtual ~JobContext() = default;

  [[nodiscard]] const LeasedJob& job() const { return job_; }
  [[nodiscard]] TenantId tenant() const { return job_.tenant; }
  [[nodiscard]] const std::string& payload() const { return payload_; }  ///< the JSON of NewJob

  /// Requested when the work is not wanted any more: the job was cancelled, the process stops, or the lease is lost.
  /// Look at it at least every second and return, with any error: what becomes of the job does not depend on it.
  [[nodiscard]] virtual std::stop_token stop() const = 0;

  /// Whether this attempt still is the job's, as far as this process knows; never asks the database. Ask before an
  /// effect outside the database (an object, a request); effects in the database go through Begin().
  [[nodiscard]] virtual bool LeaseHeld() const = 0;

  /// Tells how far the job is: `progress` in [0, 1], and what is done, such as "4,000 of 10,000 series". Cheap, may be
  /// called for each piece of work: written at most once a second. How long is left is estimated from it.
  virtual void Report(double progress, std::string_view note) = 0;

  /// A transaction of the job's tenant that is this attempt's alone: while it is open no other attempt can start, and
  /// if one has started, nothing of it is written. Keep it short: seconds, not minutes.
  /// Errors: kConflict jobs.lease_lost; those of pg::Database::Begin() and Execute().
  [[nodiscard]] virtual Result<pg::TenantTransaction> Begin() = 0;

  /// Makes the job succeed in the handler's own transaction, so that the effect and the success are one: after its
  /// commit the job never runs again. `result` is JSON. Commit it, and return.
  /// Errors: kConflict jobs.lease_lost; those of pg::Transaction.
  [[nodiscard]] virtual Result<void> SucceedIn(pg::TenantTransaction& tx, std::string_view result) = 0;

 protected:
  JobContext(LeasedJob job, std::string payload) : job_(std::move(job)), payload_(std::move(payload)) {}

 private:
  LeasedJob job_;
  std::string payload_;
};

/// Does the jobs of one kind. Runs on a worker's thread, several jobs at a time.
///
/// Idempotent: any attempt may be the second one, and the first may have ended at any instruction, with any of its
/// effects done. jobs/testing/handler_trial.h tries that on a handler.
class JobHandler {
 public:
  virtual ~JobHandler() = default;

  /// The job's result, as JSON; an error fails the attempt, and WorthARetry() decides whether there is another one.
  [[nodiscard]] virtual Result<std::string> Run(JobContext& context) = 0;
};

/// How a process treats the jobs of a kind.
struct KindOptions {
  unsigned max_running = 1;  ///< at a time, in this process
  RetryPolicy retry = {};
};

/// What a process can do. It leases jobs of these kinds, and leaves others to other processes.
class JobKinds {
 public:
  struct Entry {
    std::unique_ptr<JobHandler> handler;
    KindOptions options;
  };

  void Add(std::string kind, std::unique_ptr<JobHandler> handler, const KindOptions& options = {}) {
    entries_.insert_or_assign(std::move(kind), Entry{std::move(handler), options});
  }
  [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace helios::jobs
