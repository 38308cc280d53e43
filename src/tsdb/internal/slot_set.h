// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace helios::tsdb {

/// What an allocation of `bytes` takes from the heap, by glibc's rules.
[[nodiscard]] constexpr std::size_t HeapBytes(std::size_t bytes) {
  return bytes == 0 ? 0 : bytes <= 24 ? 32 : (bytes + 8 + 15) / 16 * 16;
}

/// A sorted set of slots, made to be small: 16 bytes for up to two slots; more as a sorted array (4 to 5 bytes a slot)
/// or, where that is less than half as large, as a bitmap between its first and its last slot.
///
/// Cost: Insert() behind the last slot is constant, elsewhere it moves an array's end, which is at most 1/16 byte for
/// each slot number between first and last, or 6 µs among a million. Not thread-safe.
class SlotSet {
 public:
  SlotSet() = default;
  SlotSet(SlotSet&& other) noexcept { Swap(other); }
  SlotSet& operator=(SlotSet&& other) noexcept {
    Swap(other);
    return *this;
  }
  SlotSet(const SlotSet&) = delete;
  SlotSet& operator=(const SlotSet&) = delete;
  ~SlotSet() { Free(); }

  /// Requires a slot that is not present.
  void Insert(std::uint32_t slot);
  /// Requires sorted slots, each present.
  void Erase(std::span<const std::uint32_t> slots);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool Contains(std::uint32_t slot) const;
  /// No slot is larger; the largest one itself, but for bitmaps. 0 for an empty set.
  [[nodiscard]] std::uint32_t last() const {
    if (is_bitmap()) return (bitmap_->first_word + bitmap_->words) * 64 - 1;
    return size_ == 0 ? 0 : array().back();
  }

  /// Of `sorted`, leaves what is in the set (`keep`), or what is not.
  void Filter(std::vector<std::uint32_t>& sorted, bool keep) const;

  /// Adds every slot to the end of `slots`, in order.
  void AppendTo(std::vector<std::uint32_t>& slots) const;

  template <class Visit>
  void ForEach(const Visit& visit) const {
    if (!is_bitmap()) {
      for (const std::uint32_t slot : array()) visit(slot);
      return;
    }
    for (std::uint32_t i = 0; i < bitmap_->words; ++i) {
      for (std::uint64_t word = bitmap_->bits()[i]; word != 0; word &= word - 1) {
        visit((bitmap_->first_word + i) * 64 + static_cast<std::uint32_t>(std::countr_zero(word)));
      }
    }
  }

  /// Heap that it holds.
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kInline = 2;
  static constexpr std::uint32_t kBitmap = 0xffffffff;

  /// Followed by its words.
  struct Bitmap {
    std::uint32_t first_word;  ///< slot / 64 of the first bit
    std::uint32_t words;

    [[nodiscard]] std::uint64_t* bits() { return reinterpret_cast<std::uint64_t*>(this + 1); }
    [[nodiscard]] const std::uint64_t* bits() const { return reinterpret_cast<const std::uint64_t*>(this + 1); }
    [[nodiscard]] bool Test(std::uint32_t slot) const {
      const std::uint32_t word = slot / 64 - first_word;  // wraps around below the first
      return word < words && (bits()[word] >> (slot % 64) & 1U) != 0;
    }
    [[nodiscard]] static std::size_t Bytes(std::size_t words) { return sizeof(Bitmap) + words * sizeof(std::uint64_t); }
  };

  [[nodiscard]] bool is_bitmap() const { return capacity_ == kBitmap; }
  [[nodiscard]] std::span<const std::uint32_t> array() const {
    return {capacity_ == kInline ? inline_ : array_, size_};
  }
  [[nodiscard]] std::uint32_t* mutable_array() { return capacity_ == kInline ? inline_ : array_; }

  void Swap(SlotSet& other) noexcept;
  void Free();
  void SetCapacity(std::uint32_t capacity);
  void InsertInArray(std::uint32_t slot);
  void InsertInBitmap(std::uint32_t slot);
  /// Makes room for the words from first to last.
  void Cover(std::uint32_t first_word, std::uint32_t last_word);
  /// As an array that is about to take `slot`.
  [[nodiscard]] bool ShouldBeBitmap(std::uint32_t slot) const;
  void BecomeBitmap();
  void BecomeArray();

  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = kInline;  ///< of the array, or kBitmap
  union {
    std::uint32_t inline_[kInline] = {};
    std::uint32_t* array_;
    Bitmap* bitmap_;
  };
};

static_assert(sizeof(SlotSet) == 16);

}  // namespace helios::tsdb
