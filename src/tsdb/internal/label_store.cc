// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/label_store.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace helios::tsdb {
namespace {

// Tells hashes of names from those of pairs, whose "tenant" is a name's number.
constexpr std::uint8_t kNameFormat = 1;
constexpr std::uint8_t kPairFormat = 0;

// How many pairs may wait to be sorted in: few enough to be looked through one by one, and so many that each does not
// move a large array.
std::size_t MostRecent(std::size_t sorted) {
  return 64 + std::min<std::size_t>(sorted / 32, 1024);
}

/// A bijection, so that equal hashes are equal slots.
std::uint32_t HashOfSlot(std::uint32_t slot) {
  slot ^= slot >> 16U;
  slot *= 0x7feb352dU;
  slot ^= slot >> 15U;
  slot *= 0x846ca68bU;
  slot ^= slot >> 16U;
  return slot;
}

std::size_t BytesOf(const LabelStore::Name& name) {
  return (name.text.capacity() > 15 ? HeapBytes(name.text.capacity() + 1) : 0) +
         HeapBytes(name.sorted.capacity() * sizeof(std::uint32_t)) +
         HeapBytes(name.recent.capacity() * sizeof(std::uint32_t));
}

}  // namespace

std::uint32_t LabelStore::Records::Add(std::span<const std::uint32_t> pairs) {
  std::uint32_t record = free_[pairs.size()];
  if (record != kNone) {
    free_[pairs.size()] = *At(record);
  } else {
    if (used_ + pairs.size() + 1 > kPageWords) {
      pages_.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(kPageWords));
      used_ = 0;
    }
    record = static_cast<std::uint32_t>(pages_.size() - 1) * kPageWords + used_;
    used_ += static_cast<std::uint32_t>(pairs.size()) + 1;
  }
  std::uint32_t* const at = At(record);
  *at = static_cast<std::uint32_t>(pairs.size());
  std::ranges::copy(pairs, at + 1);
  return record;
}

void LabelStore::Records::Remove(std::uint32_t record) {
  std::uint32_t* const at = At(record);
  *at = std::exchange(free_[*at], record);
}

std::span<const std::uint32_t> LabelStore::Records::Get(std::uint32_t record) const {
  const std::uint32_t* const at = At(record);
  return {at + 1, *at};
}

std::size_t LabelStore::Records::bytes() const {
  return HeapBytes(pages_.capacity() * sizeof pages_[0]) + pages_.size() * HeapBytes(kPageWords * sizeof free_[0]);
}

std::uint32_t LabelStore::HashOf(std::uint32_t name, std::string_view value) const {
  return static_cast<std::uint32_t>(printer_.Print(name, kPairFormat, value).a);
}

std::uint32_t LabelStore::HashOf(std::string_view name) const {
  return static_cast<std::uint32_t>(printer_.Print(0, kNameFormat, name).a);
}

std::span<const std::uint32_t> LabelStore::PairsOf(std::uint32_t slot) const {
  const std::uint32_t record = record_index_.Find(HashOfSlot(slot), [](std::uint32_t) { return true; });
  return record == kNone ? std::span<const std::uint32_t>() : records_.Get(record);
}

std::uint32_t LabelStore::FindName(std::string_view name) const {
  if (name.size() > kMaxLabelNameBytes) return kNone;
  return name_index_.Find(HashOf(name), [&](std::uint32_t number) { return names_[number].text == name; });
}

std::uint32_t LabelStore::FindPair(std::uint32_t name, std::string_view value) const {
  if (value.size() > kMaxLabelValueBytes) return kNone;
  return pair_index_.Find(HashOf(name, value), [&](std::uint32_t number) {
    return pairs_[number].name == name && pairs_[number].value() == value;
  });
}

std::uint32_t LabelStore::NameOf(std::string_view text) {
  std::uint32_t number = FindName(text);
  if (number != kNone) return number;
  if (free_names_.empty()) {
    number = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back();
  } else {
    number = free_names_.back();
    free_names_.pop_back();
  }
  names_[number].text = text;
  heap_bytes_ += BytesOf(names_[number]);
  name_index_.Insert(HashOf(text), number);
  return number;
}

std::uint32_t LabelStore::PairOf(std::uint32_t name_number, std::string_view value) {
  std::uint32_t number = FindPair(name_number, value);
  if (number != kNone) return number;
  if (free_pairs_.empty()) {
    number = static_cast<std::uint32_t>(pairs_.size());
    pairs_.emplace_back();
  } else {
    number = free_pairs_.back();
    free_pairs_.pop_back();
  }
  Pair& pair = pairs_[number];
  pair.name = name_number;
  pair.value_size = static_cast<std::uint32_t>(value.size());
  pair.value_bytes = std::make_unique_for_overwrite<char[]>(value.size());
  std::ranges::copy(value, pair.value_bytes.get());
  pair_index_.Insert(HashOf(name_number, value), number);

  Name& name = names_[name_number];
  heap_bytes_ += HeapBytes(value.size());
  heap_bytes_ -= BytesOf(name);
  name.recent.push_back(number);
  if (name.recent.size() > MostRecent(name.sorted.size())) SortRecent(name);
  heap_bytes_ += BytesOf(name);
  return number;
}

void LabelStore::SortRecent(Name& name) {
  const auto value_of = [&](std::uint32_t number) { return pairs_[number].value(); };
  std::ranges::sort(name.recent, {}, value_of);
  std::size_t unmoved = name.sorted.size();
  const std::size_t total = unmoved + name.recent.size();
  if (total > name.sorted.capacity()) name.sorted.reserve(total + total / 8);
  name.sorted.resize(total);
  // From the back, each recent pair makes room for itself and those before it.
  const auto begin = name.sorted.begin();
  for (std::size_t i = name.recent.size(); i-- > 0;) {
    const auto end = begin + static_cast<std::ptrdiff_t>(unmoved);
    const auto at = std::ranges::upper_bound(begin, end, value_of(name.recent[i]), {}, value_of);
    const auto moved_to = std::move_backward(at, end, end + static_cast<std::ptrdiff_t>(i) + 1);
    *(moved_to - 1) = name.recent[i];
    unmoved = static_cast<std::size_t>(at - begin);
  }
  name.recent.clear();
}

void LabelStore::Insert(std::uint32_t slot, const SeriesKey& key) {
  assert(PairsOf(slot).empty() && key.labels.size() <= kMaxLabels);
  std::array<std::uint32_t, kMaxLabels + 1> pairs;
  std::size_t count = 0;
  const auto add = [&](std::string_view name_text, std::string_view value) {
    const std::uint32_t name = NameOf(name_text);
    const std::uint32_t number = PairOf(name, value);
    SlotSet& slots = pairs_[number].slots;
    heap_bytes_ -= slots.bytes();
    slots.Insert(slot);
    heap_bytes_ += slots.bytes();
    ++names_[name].series;
    pairs[count++] = number;
  };
  add(kMetricLabel, key.metric);
  for (const Label& label : key.labels) add(label.name, label.value);
  record_index_.Insert(HashOfSlot(slot), records_.Add(std::span(pairs).first(count)));
  slots_.Insert(slot);
}

void LabelStore::Erase(std::span<const std::uint32_t> slots) {
  struct Membership {
    std::uint32_t pair;
    std::uint32_t slot;
    auto operator<=>(const Membership&) const = default;
  };
  std::vector<Membership> memberships;
  std::vector<std::uint32_t> present;
  for (const std::uint32_t slot : slots) {
    const std::uint32_t hash = HashOfSlot(slot);
    const std::uint32_t record = record_index_.Find(hash, [](std::uint32_t) { return true; });
    if (record == kNone) continue;
    present.push_back(slot);
    for (const std::uint32_t pair : records_.Get(record)) memberships.push_back({pair, slot});
    record_index_.Erase(hash, record);
    records_.Remove(record);
  }
  slots_.Erase(present);

  std::ranges::sort(memberships);
  std::vector<std::uint32_t> emptied;
  std::vector<std::uint32_t> leaving;
  for (auto at = memberships.begin(); at != memberships.end();) {
    const std::uint32_t pair = at->pair;
    for (leaving.clear(); at != memberships.end() && at->pair == pair; ++at) leaving.push_back(at->slot);
    if (EraseFromPair(pair, leaving)) emptied.push_back(pair);
  }
  DropPairs(emptied);
}

bool LabelStore::EraseFromPair(std::uint32_t number, std::span<const std::uint32_t> slots) {
  Pair& pair = pairs_[number];
  heap_bytes_ -= pair.slots.bytes();
  pair.slots.Erase(slots);
  heap_bytes_ += pair.slots.bytes();
  names_[pair.name].series -= slots.size();
  return pair.slots.size() == 0;
}

void LabelStore::DropPairs(std::span<const std::uint32_t> pairs) {
  std::vector<std::uint32_t> touched;
  for (const std::uint32_t number : pairs) touched.push_back(pairs_[number].name);
  std::ranges::sort(touched);
  const auto twice = std::ranges::unique(touched);
  touched.erase(twice.begin(), twice.end());
  const auto is_empty = [&](std::uint32_t number) { return pairs_[number].slots.size() == 0; };
  for (const std::uint32_t name_number : touched) {
    Name& name = names_[name_number];
    heap_bytes_ -= BytesOf(name);
    std::erase_if(name.sorted, is_empty);
    std::erase_if(name.recent, is_empty);
    if (name.sorted.size() < name.sorted.capacity() / 2) name.sorted.shrink_to_fit();
    heap_bytes_ += BytesOf(name);
  }
  for (const std::uint32_t number : pairs) {
    Pair& pair = pairs_[number];
    pair_index_.Erase(HashOf(pair.name, pair.value()), number);
    heap_bytes_ -= HeapBytes(pair.value_size);
    pair = Pair();
    free_pairs_.push_back(number);
  }
  for (const std::uint32_t number : touched) {
    Name& name = names_[number];
    if (name.values() > 0) continue;
    name_index_.Erase(HashOf(name.text), number);
    heap_bytes_ -= BytesOf(name);
    name = Name();
    free_names_.push_back(number);
  }
}

std::size_t LabelStore::bytes() const {
  return heap_bytes_ + slots_.bytes() + records_.bytes() + name_index_.bytes() + pair_index_.bytes() +
         record_index_.bytes() + names_.size() * sizeof(Name) + pairs_.size() * sizeof(Pair) +
         HeapBytes(free_names_.capacity() * sizeof(std::uint32_t)) +
         HeapBytes(free_pairs_.capacity() * sizeof(std::uint32_t));
}

}  // namespace helios::tsdb
