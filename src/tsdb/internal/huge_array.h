// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace helios::tsdb {

/// Zeroed memory of whole huge pages (2 MiB), where the system has them for who asks; of ordinary pages elsewhere.
/// For what is read all over, a line here and a line there: with a hundred thousand series the processor's table of
/// ordinary pages is too small, and each look would wait for memory once more. Throws std::bad_alloc.
[[nodiscard]] std::byte* MapHugePages(std::size_t bytes);
void UnmapHugePages(std::byte* memory, std::size_t bytes) noexcept;

/// `Count` values of T in huge pages. Takes memory as a whole page of it is touched; make it a multiple of 2 MiB large.
template <class T, std::size_t Count>
class HugeArray {
  static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);

 public:
  /// Values of zero bits.
  HugeArray() : values_(reinterpret_cast<T*>(MapHugePages(kBytes))) {}
  /// Copies of `value`.
  explicit HugeArray(const T& value) : HugeArray() { std::uninitialized_fill_n(values_.get(), Count, value); }

  [[nodiscard]] T& operator[](std::size_t index) const { return values_.get()[index]; }
  [[nodiscard]] T* data() const { return values_.get(); }

  static constexpr std::size_t kBytes = Count * sizeof(T);

 private:
  struct Unmap {
    void operator()(T* values) const noexcept { UnmapHugePages(reinterpret_cast<std::byte*>(values), kBytes); }
  };
  std::unique_ptr<T, Unmap> values_;
};

}  // namespace helios::tsdb
