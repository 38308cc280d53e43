// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/slot_set.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace helios::tsdb {
namespace {

// Smaller sets stay arrays: there is little to gain.
constexpr std::uint32_t kFewestInBitmap = 64;

void* Allocate(std::size_t bytes) {
  void* const memory = std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void SlotSet::Swap(SlotSet& other) noexcept {
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  static_assert(sizeof inline_ == sizeof array_);
  std::uint32_t mine[kInline];
  std::memcpy(mine, inline_, sizeof mine);
  std::memcpy(inline_, other.inline_, sizeof mine);
  std::memcpy(other.inline_, mine, sizeof mine);
}

void SlotSet::Free() {
  if (is_bitmap()) {
    std::free(bitmap_);
  } else if (capacity_ != kInline) {
    std::free(array_);
  }
}

std::size_t SlotSet::bytes() const {
  if (is_bitmap()) return HeapBytes(Bitmap::Bytes(bitmap_->words));
  return capacity_ == kInline ? 0 : HeapBytes(capacity_ * sizeof(std::uint32_t));
}

bool SlotSet::Contains(std::uint32_t slot) const {
  return is_bitmap() ? bitmap_->Test(slot) : std::ranges::binary_search(array(), slot);
}

void SlotSet::AppendTo(std::vector<std::uint32_t>& slots) const {
  if (!is_bitmap()) {
    const auto all = array();
    slots.insert(slots.end(), all.begin(), all.end());
    return;
  }
  slots.reserve(slots.size() + size_);
  ForEach([&](std::uint32_t slot) { slots.push_back(slot); });
}

void SlotSet::Filter(std::vector<std::uint32_t>& sorted, bool keep) const {
  // Without a branch on the outcome: for large sets it is a coin's toss.
  std::size_t kept = 0;
  if (is_bitmap()) {
    for (const std::uint32_t slot : sorted) {
      sorted[kept] = slot;
      kept += static_cast<std::size_t>(bitmap_->Test(slot) == keep);
    }
    sorted.resize(kept);
    return;
  }
  const auto all = array();
  const bool search = sorted.size() < all.size() / 16;
  auto at = all.begin();
  for (const std::uint32_t slot : sorted) {
    if (search) {
      at = std::lower_bound(at, all.end(), slot);
    } else {
      while (at != all.end() && *at < slot) ++at;
    }
    const bool present = at != all.end() && *at == slot;
    sorted[kept] = slot;
    kept += static_cast<std::size_t>(present == keep);
  }
  sorted.resize(kept);
}

void SlotSet::Insert(std::uint32_t slot) {
  assert(!Contains(slot));
  if (is_bitmap()) {
    InsertInBitmap(slot);
  } else {
    InsertInArray(slot);
  }
}

void SlotSet::InsertInArray(std::uint32_t slot) {
  if (size_ == capacity_) {
    if (ShouldBeBitmap(slot)) {
      BecomeBitmap();
      InsertInBitmap(slot);
      return;
    }
    SetCapacity(capacity_ + std::max<std::uint32_t>(capacity_ / 4, 4));
  }
  std::uint32_t* const begin = mutable_array();
  std::uint32_t* const end = begin + size_;
  std::uint32_t* const at = size_ == 0 || end[-1] < slot ? end : std::lower_bound(begin, end, slot);
  std::move_backward(at, end, end + 1);
  *at = slot;
  ++size_;
}

void SlotSet::InsertInBitmap(std::uint32_t slot) {
  const std::uint32_t word = slot / 64;
  const std::uint32_t end = bitmap_->first_word + bitmap_->words;
  if (word < bitmap_->first_word || word >= end) {
    const std::uint32_t first = std::min(word, bitmap_->first_word);
    const std::uint32_t last = std::max(word, end - 1);
    if (Bitmap::Bytes(last - first + 1) > 2 * std::size_t{size_} * sizeof slot) {  // a far one
      BecomeArray();
      InsertInArray(slot);
      return;
    }
    Cover(first, word >= end ? last + (last - first) / 8 : last);
  }
  bitmap_->bits()[word - bitmap_->first_word] |= std::uint64_t{1} << (slot % 64);
  ++size_;
}

void SlotSet::Erase(std::span<const std::uint32_t> slots) {
  if (is_bitmap()) {
    for (const std::uint32_t slot : slots) {
      assert(bitmap_->Test(slot));
      bitmap_->bits()[slot / 64 - bitmap_->first_word] &= ~(std::uint64_t{1} << (slot % 64));
    }
    size_ -= static_cast<std::uint32_t>(slots.size());
    if (Bitmap::Bytes(bitmap_->words) > 2 * std::size_t{size_} * sizeof(std::uint32_t)) BecomeArray();
    return;
  }
  if (slots.empty()) return;
  std::uint32_t* const begin = mutable_array();
  std::uint32_t* const end = begin + size_;
  std::uint32_t* const from = std::lower_bound(begin, end, slots.front());
  auto gone = slots.begin();
  std::uint32_t* const last = std::remove_if(from, end, [&](std::uint32_t slot) {
    if (gone == slots.end() || slot != *gone) return false;
    ++gone;
    return true;
  });
  assert(gone == slots.end());
  size_ = static_cast<std::uint32_t>(last - begin);
  if (capacity_ != kInline && size_ <= capacity_ / 2) SetCapacity(std::max(size_, kInline));
}

void SlotSet::SetCapacity(std::uint32_t capacity) {
  if (capacity == kInline) {
    std::uint32_t* const old = array_;
    std::uint32_t kept[kInline] = {};
    std::copy_n(old, size_, kept);
    std::copy_n(kept, kInline, inline_);
    std::free(old);
  } else {
    auto* const fresh = static_cast<std::uint32_t*>(Allocate(capacity * sizeof(std::uint32_t)));
    std::copy_n(mutable_array(), size_, fresh);
    Free();
    array_ = fresh;
  }
  capacity_ = capacity;
}

void SlotSet::Cover(std::uint32_t first_word, std::uint32_t last_word) {
  const std::uint32_t words = last_word - first_word + 1;
  auto* const fresh = static_cast<Bitmap*>(Allocate(Bitmap::Bytes(words)));
  fresh->first_word = first_word;
  fresh->words = words;
  std::fill_n(fresh->bits(), words, 0);
  std::copy_n(bitmap_->bits(), bitmap_->words, fresh->bits() + (bitmap_->first_word - first_word));
  std::free(bitmap_);
  bitmap_ = fresh;
}

bool SlotSet::ShouldBeBitmap(std::uint32_t slot) const {
  if (size_ < kFewestInBitmap) return false;
  const auto all = array();
  const std::uint32_t words = std::max(all.back(), slot) / 64 - std::min(all.front(), slot) / 64 + 1;
  return Bitmap::Bytes(words) * 2 < size_ * sizeof slot;
}

void SlotSet::BecomeBitmap() {
  const auto all = array();
  const std::uint32_t first_word = all.front() / 64;
  const std::uint32_t words = all.back() / 64 - first_word + 1;
  auto* const fresh = static_cast<Bitmap*>(Allocate(Bitmap::Bytes(words)));
  fresh->first_word = first_word;
  fresh->words = words;
  std::fill_n(fresh->bits(), words, 0);
  for (const std::uint32_t slot : all) fresh->bits()[slot / 64 - first_word] |= std::uint64_t{1} << (slot % 64);
  Free();
  bitmap_ = fresh;
  capacity_ = kBitmap;
}

void SlotSet::BecomeArray() {
  std::vector<std::uint32_t> slots;
  AppendTo(slots);
  std::free(bitmap_);
  capacity_ = kInline;
  if (size_ > kInline) {
    capacity_ = size_;
    array_ = static_cast<std::uint32_t*>(Allocate(size_ * sizeof(std::uint32_t)));
  }
  std::ranges::copy(slots, mutable_array());
}

}  // namespace helios::tsdb
