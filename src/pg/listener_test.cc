// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/listener.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

using helios::testing::ScratchPostgres;
using helios::testing::SqlClient;

/// Counts wake-ups.
class Bell {
 public:
  void Ring() {
    {
      const std::scoped_lock lock(mutex_);
      ++rung_;
    }
    changed_.notify_all();
  }
  [[nodiscard]] int rung() {
    const std::scoped_lock lock(mutex_);
    return rung_;
  }
  bool AwaitMoreThan(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{60}, [&] { return rung_ > count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int rung_ = 0;
};

TEST(Listener, WakesForWhatIsSaidAtTheCommitOfWhoSaysIt) {
  const auto scratch = ScratchPostgres::Shared().NewDatabase();
  Bell bell;
  const Listener listener(scratch.app_url, "helios_jobs", [&] { bell.Ring(); });
  ASSERT_TRUE(bell.AwaitMoreThan(0)) << "once for the connection itself";
  SqlClient other(scratch.app_url);
  other.Must("BEGIN");
  other.Must("SELECT pg_notify('helios_jobs', '')");
  const int before = bell.rung();
  EXPECT_EQ(before, 1) << "nothing is said before the commit";
  other.Must("COMMIT");
  EXPECT_TRUE(bell.AwaitMoreThan(before));
}

TEST(Listener, ComesBackByItselfAndWakesForWhatItMayHaveMissed) {
  const auto scratch = ScratchPostgres::Shared().NewDatabase();
  Bell bell;
  const Listener listener(scratch.app_url, "helios_jobs", [&] { bell.Ring(); });
  ASSERT_TRUE(bell.AwaitMoreThan(0));
  SqlClient root(scratch.superuser_url);
  root.Must("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'helios_app'");
  EXPECT_TRUE(bell.AwaitMoreThan(1));
  const int before = bell.rung();
  SqlClient(scratch.app_url).Must("NOTIFY helios_jobs");
  EXPECT_TRUE(bell.AwaitMoreThan(before));
}

TEST(Listener, EndsAtOnceAlsoWithoutAServer) {
  const Listener listener("host=/tmp/helios-no-such-directory dbname=helios", "helios_jobs", [] { ADD_FAILURE(); });
  EXPECT_FALSE(listener.connected());
}

}  // namespace
}  // namespace helios::pg
