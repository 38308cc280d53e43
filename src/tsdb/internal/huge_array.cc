// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/huge_array.h"

#include <cstdint>
#include <new>

#include <sys/mman.h>

namespace helios::tsdb {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

}  // namespace

std::byte* MapHugePages(std::size_t bytes) {
  // Huge pages begin at multiples of their size: some more is mapped, and what lies beside given back.
  void* const mapped =
      ::mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* const first = static_cast<std::byte*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(first) % kHugePage) % kHugePage;
  if (before > 0) ::munmap(first, before);
  if (before < kHugePage) ::munmap(first + before + bytes, kHugePage - before);
  ::madvise(first + before, bytes, MADV_HUGEPAGE);  // refused where there are none: ordinary pages serve
  return first + before;
}

void UnmapHugePages(std::byte* memory, std::size_t bytes) noexcept {
  ::munmap(memory, bytes);
}

}  // namespace helios::tsdb
