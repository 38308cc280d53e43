// SPDX-License-Identifier: Apache-2.0
#include "http/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <string>

namespace helios::http {
namespace {

TenantId Tenant(std::uint8_t number) {
  TenantId tenant;
  tenant.value.bytes[15] = number;
  return tenant;
}

TEST(WorkerPool, FinishesWhatIsQueuedBeforeItStops) {
  std::atomic<int> done = 0;
  WorkerPool pool(2, 1000);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(pool.Submit(Tenant(1), [&done] { ++done; }));
  pool.Stop();
  EXPECT_EQ(done, 500);
  EXPECT_FALSE(pool.Submit(Tenant(1), [] {}));
  pool.Stop();
}

TEST(WorkerPool, RefusesWhatDoesNotFitIntoItsQueue) {
  std::latch started(1);
  std::latch release(1);
  WorkerPool pool(1, 2);
  ASSERT_TRUE(pool.Submit(Tenant(1), [&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  EXPECT_TRUE(pool.Submit(Tenant(1), [] {}));
  EXPECT_TRUE(pool.Submit(Tenant(2), [] {}));
  EXPECT_FALSE(pool.Submit(Tenant(3), [] {}));
  release.count_down();
}

TEST(WorkerPool, LetsATenantAloneHaveEveryThread) {
  std::latch all_running(4);
  WorkerPool pool(4, 100);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(pool.Submit(Tenant(1), [&] { all_running.arrive_and_wait(); }));
  pool.Stop();  // would not return if one tenant could not run four at a time
}

TEST(WorkerPool, TakesTenantsInTurn) {
  std::latch started(1);
  std::latch release(1);
  std::string order;
  WorkerPool pool(1, 100);
  ASSERT_TRUE(pool.Submit(Tenant(9), [&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pool.Submit(Tenant(1), [&] { order += 'a'; }));
  ASSERT_TRUE(pool.Submit(Tenant(2), [&] { order += 'b'; }));
  ASSERT_TRUE(pool.Submit(TenantId{}, [&] { order += '0'; }));
  release.count_down();
  pool.Stop();
  EXPECT_EQ(order, "ab0aa");
}

TEST(WorkerPool, HoldsATenantToAQuarterWhileOthersWait) {
  constexpr int kThreads = 8;
  std::latch occupied(kThreads);
  std::counting_semaphore<kThreads> free_one(0);
  std::latch release(1);
  std::mutex mutex;
  int running[3] = {};
  int most[3] = {};
  std::counting_semaphore<100> started(0);
  WorkerPool pool(kThreads, 1000);
  // Fill every thread, so that what follows is queued before any of it starts.
  for (int i = 0; i < kThreads; ++i) {
    ASSERT_TRUE(pool.Submit(Tenant(9), [&] {
      occupied.count_down();
      free_one.acquire();
    }));
  }
  occupied.wait();
  const auto submit = [&](std::uint8_t tenant) {
    return pool.Submit(Tenant(tenant), [&, tenant] {
      {
        const std::scoped_lock lock(mutex);
        most[tenant] = std::max(most[tenant], ++running[tenant]);
      }
      started.release();
      release.wait();
      const std::scoped_lock lock(mutex);
      --running[tenant];
    });
  };
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(submit(1) && submit(2));
  free_one.release(kThreads);
  // Two threads each start; all others find both tenants at their quarter, and stay free for a third.
  for (int i = 0; i < 4; ++i) started.acquire();
  std::latch third(1);
  ASSERT_TRUE(pool.Submit(Tenant(3), [&] { third.count_down(); }));
  third.wait();
  {
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(most[1], 2);
    EXPECT_EQ(most[2], 2);
  }
  release.count_down();
  pool.Stop();
}

TEST(WorkerPool, GivesTheRestToTheLastTenantThatWaits) {
  constexpr int kThreads = 4;
  std::latch occupied(kThreads);
  std::counting_semaphore<kThreads> free_one(0);
  WorkerPool pool(kThreads, 1000);
  for (int i = 0; i < kThreads; ++i) {
    ASSERT_TRUE(pool.Submit(Tenant(9), [&] {
      occupied.count_down();
      free_one.acquire();
    }));
  }
  occupied.wait();
  // Tenant 2 has one short piece of work; once it was taken, tenant 1 waits alone and may run four at a time.
  std::latch together(kThreads);
  for (int i = 0; i < kThreads; ++i) ASSERT_TRUE(pool.Submit(Tenant(1), [&] { together.arrive_and_wait(); }));
  ASSERT_TRUE(pool.Submit(Tenant(2), [] {}));
  free_one.release(kThreads);
  pool.Stop();
}

TEST(WorkerPool, SurvivesWorkThatThrows) {
  std::latch after(1);
  WorkerPool pool(1, 10);
  ASSERT_TRUE(pool.Submit(Tenant(1), [] { throw std::runtime_error("broken"); }));
  ASSERT_TRUE(pool.Submit(Tenant(1), [&] { after.count_down(); }));
  after.wait();
}

}  // namespace
}  // namespace helios::http
