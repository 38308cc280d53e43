// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/manual_clock.h"
#include "base/random.h"
#include "jobs/job_leases.h"
#include "jobs/job_queue.h"
#include "jobs/job_runner.h"
#include "tests/support/scratch_postgres.h"

namespace helios::jobs {

inline const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
inline const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");
inline constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z

/// A handler that is a function.
class FunctionHandler final : public JobHandler {
 public:
  using Function = std::function<Result<std::string>(JobContext&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  [[nodiscard]] Result<std::string> Run(JobContext& context) override { return function_(context); }

 private:
  Function function_;
};

/// A database of the test's own with two organizations, and a table `effects` in which handlers leave their marks.
class QueueTest : public ::testing::Test {
 protected:
  QueueTest() {
    root.Must(
        fmt::format("INSERT INTO directory.organizations (id, name, slug) VALUES ('{}', 'Acme', 'acme'), "
                    "('{}', 'Globex', 'globex'); "
                    "CREATE TABLE directory.effects (mark text); GRANT ALL ON directory.effects TO helios_app",
                    kAcme.ToString(), kGlobex.ToString()));
  }

  JobQueue::Enqueued Enqueue(TenantId tenant, const NewJob& job, TimestampMs now) {
    auto tx = database.Begin(tenant);
    EXPECT_TRUE(tx) << tx.error().message;
    auto enqueued = queue.Enqueue(*tx, job, now);
    EXPECT_TRUE(enqueued) << enqueued.error().message;
    EXPECT_TRUE(tx->Commit());
    return *enqueued;
  }

  Job Find(TenantId tenant, const Uuid& id) {
    auto tx = database.Begin(tenant);
    EXPECT_TRUE(tx) << tx.error().message;
    auto job = queue.Find(*tx, id);
    EXPECT_TRUE(job) << job.error().message;
    return *job;
  }

  /// Polls until the job has the status; 60 s, which a test that passes never waits.
  Job AwaitStatus(TenantId tenant, const Uuid& id, JobStatus status) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (true) {
      Job job = Find(tenant, id);
      if (job.status == status) return job;
      if (std::chrono::steady_clock::now() > give_up) {
        ADD_FAILURE() << "the job stays " << JobStatusName(job.status) << " " << job.error.value_or("");
        return job;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  }

  template <class Condition>
  static bool Eventually(Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
  }

  /// Writes a mark in a fenced transaction.
  static Result<void> Mark(JobContext& context, std::string_view mark) {
    static constexpr pg::Statement kMark{"test.mark", "INSERT INTO effects (mark) VALUES ($1)"};
    HELIOS_TRY(auto tx, context.Begin());
    HELIOS_CHECK(tx.Execute(kMark, {mark}));
    return tx.Commit();
  }

  std::vector<std::string> Marks() {
    std::vector<std::string> marks;
    for (const auto& row : root.Must("SELECT mark FROM directory.effects ORDER BY mark").rows) {
      marks.push_back(row[0].value());
    }
    return marks;
  }

  std::string QueueLength() { return root.Must("SELECT count(*) FROM directory.job_queue").value(); }

  /// Short times, so that a test does not wait for what it is about.
  [[nodiscard]] JobRunner::Config QuickConfig(unsigned threads = 2) {
    return {.threads = threads,
            .owner = MakeOwner(random),
            .listen_url = scratch.app_url,
            .lease = std::chrono::milliseconds{2'000},
            .poll = std::chrono::milliseconds{20},
            .measure = std::chrono::milliseconds{20},
            .stop_grace = std::chrono::milliseconds{10'000}};
  }

  /// One kind named "work".
  static JobKinds Kinds(FunctionHandler::Function function, unsigned max_running = 4) {
    JobKinds kinds;
    kinds.Add("work", std::make_unique<FunctionHandler>(std::move(function)),
              {.max_running = max_running,
               .retry = {.first = std::chrono::milliseconds{5}, .longest = std::chrono::milliseconds{20}}});
    return kinds;
  }

  testing::ScratchDatabase scratch = testing::ScratchPostgres::Shared().NewDatabase();
  testing::SqlClient root{scratch.superuser_url};
  obs::Metrics metrics;
  pg::Database database{{.url = scratch.app_url}, metrics};
  SystemRandom random;
  SystemClock clock;
  JobQueue queue{random};
};

}  // namespace helios::jobs
