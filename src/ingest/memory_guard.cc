// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/memory_guard.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace helios::ingest {
namespace {

std::uint64_t NumberIn(const char* file) {
  std::ifstream in(file);
  std::uint64_t number = 0;
  return in >> number ? number : 0;  // cgroup v2 writes "max" where there is no limit
}

}  // namespace

bool MemoryGuard::HasRoom() {
  if (limit_ == 0) return true;
  const std::int64_t now = std::chrono::steady_clock::now().time_since_epoch().count();
  std::int64_t due = ask_again_ns_.load(std::memory_order_relaxed);
  if (now >= due && ask_again_ns_.compare_exchange_strong(
                        due, now + std::chrono::duration_cast<std::chrono::nanoseconds>(kPeriod).count())) {
    has_room_.store(resident_() <= limit_, std::memory_order_relaxed);
  }
  return has_room_.load(std::memory_order_relaxed);
}

std::uint64_t ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  if (!(in >> total_pages >> resident_pages)) return 0;
  return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t DefaultMemoryLimit() {
  std::uint64_t limit =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    if (const std::uint64_t group = NumberIn(file); group > 0) limit = std::min(limit, group);
  }
  return limit / 10 * 9;
}

}  // namespace helios::ingest
