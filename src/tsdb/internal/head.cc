// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/head.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace helios::tsdb {
namespace {

/// The first buffer of a series is sealed at 1 to 64 samples, by its slot: series that were born together would else
/// be large together, and all be sealed by the same request.
std::uint8_t FirstCut(std::uint32_t slot) {
  return static_cast<std::uint8_t>(1 + (slot * 0x9e3779b9U >> 16U) % kPageSamples);
}

/// Where a sample of that offset is, or would be inserted.
std::uint32_t LowerBound(const BufferedSample* samples, std::uint32_t count, std::uint32_t offset_ms) {
  std::uint32_t first = 0;
  while (count > 0) {
    const std::uint32_t half = count / 2;
    if (samples[first + half].offset_ms < offset_ms) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

}  // namespace

bool Head::Lives(SeriesId id) const {
  const std::uint32_t slot = SlotOf(id);
  return slot < slots_ && At(slot).generation != 0 && IdOf(slot) == id;
}

void Head::Grow(std::uint32_t slots) {
  while (heads_.size() * kBlockSlots < slots) {
    heads_.emplace_back(SeriesHead{});
    past_.push_back(std::make_unique<SeriesPast[]>(kBlockSlots));
  }
  slots_ = std::max(slots_, slots);
}

void Head::Start(std::uint32_t slot, SeriesId id, std::uint32_t tenant, bool internal) {
  SeriesHead& head = At(slot);
  head = SeriesHead{};
  head.generation = static_cast<std::uint32_t>(id.value >> 32U);
  head.tenant = tenant;
  head.internal = internal;
  head.full_at = FirstCut(slot);
  PastOf(slot) = SeriesPast{};
}

std::uint32_t Head::Add(std::uint32_t tenant, bool internal) {
  std::uint32_t slot = slots_;
  if (free_.empty()) {
    Grow(slots_ + 1);
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Start(slot, MakeId(slot, next_generation_), tenant, internal);
  return slot;
}

void Head::Restore(SeriesId id, std::uint32_t tenant, bool internal) {
  const std::uint32_t slot = SlotOf(id);
  const std::uint32_t before = slots_;
  Grow(slot + 1);
  for (std::uint32_t skipped = before; skipped < slot; ++skipped) free_.push_back(skipped);
  if (slot < before) std::erase(free_, slot);
  Start(slot, id, tenant, internal);
  SkipGenerations(At(slot).generation - 1);
}

void Head::Remove(std::uint32_t slot) {
  SeriesHead& head = At(slot);
  if (head.has_buffer) slab_.Free(head.size, head.buffer);
  late_.erase(slot);
  // A slot that is used again gets a generation above all before it.
  SkipGenerations(head.generation);
  head = SeriesHead{};
  PastOf(slot) = SeriesPast{};
  free_.push_back(slot);
}

void Head::PrefetchBuffer(const SeriesHead& head) const {
  if (head.has_buffer) __builtin_prefetch(slab_.At(head.size, head.buffer) + head.count, 1);
}

void Head::MakeRoom(SeriesHead& head) {
  if (!head.has_buffer) {
    head.size = 0;
    head.buffer = slab_.Allocate(0);
    head.has_buffer = true;
    return;
  }
  if (head.count < SampleSlab::Capacity(head.size)) return;
  const auto larger = static_cast<std::uint8_t>(head.size + 1);
  const std::uint32_t buffer = slab_.Allocate(larger);
  std::copy_n(slab_.At(head.size, head.buffer), head.count, slab_.At(larger, buffer));
  slab_.Free(head.size, head.buffer);
  head.size = larger;
  head.buffer = buffer;
}

void Head::PushBack(SeriesHead& head, std::int64_t time_ms, std::uint64_t bits) {
  MakeRoom(head);
  if (head.count == 0) head.base_ms = time_ms;
  slab_.At(head.size, head.buffer)[head.count++] = {static_cast<std::uint32_t>(time_ms - head.base_ms), bits};
}

void Head::Touch(std::uint32_t slot, SeriesHead& head, std::int64_t time_ms) {
  ++head.revision;
  SeriesPast& past = PastOf(slot);
  if (past.first_ms == kNever || time_ms < past.first_ms) past.first_ms = time_ms;
}

Head::Placed Head::Append(std::uint32_t slot, std::int64_t time_ms, std::uint64_t bits, std::uint32_t epoch) {
  SeriesHead& head = At(slot);
  if (head.epoch != epoch && head.count > 0) Seal(slot);
  if (time_ms > head.newest_ms) {
    if (head.count > 0 &&
        (head.count >= head.full_at || time_ms - head.base_ms > std::numeric_limits<std::uint32_t>::max())) {
      Seal(slot);
    }
    if (head.newest_ms == kNever) {
      Touch(slot, head, time_ms);
    } else {
      ++head.revision;
    }
    PushBack(head, time_ms, bits);
    head.newest_ms = time_ms;
    head.newest_bits = bits;
    head.epoch = epoch;
    return Placed::kStored;
  }
  if (time_ms == head.newest_ms) return bits == head.newest_bits ? Placed::kDuplicate : Placed::kConflict;
  if (head.count == 0 || time_ms < head.base_ms) return Placed::kCold;

  const auto offset = static_cast<std::uint32_t>(time_ms - head.base_ms);
  BufferedSample* samples = slab_.At(head.size, head.buffer);
  const std::uint32_t at = LowerBound(samples, head.count, offset);
  if (at < head.count && samples[at].offset_ms == offset) {
    return samples[at].bits == bits ? Placed::kDuplicate : Placed::kConflict;
  }
  if (head.count == kPageSamples) {
    // No room between its samples: the buffer is sealed, and the sample goes the way of late ones.
    Seal(slot);
    return Placed::kCold;
  }
  MakeRoom(head);
  samples = slab_.At(head.size, head.buffer);
  std::copy_backward(samples + at, samples + head.count, samples + head.count + 1);
  samples[at] = {offset, bits};
  ++head.count;
  ++head.revision;
  return Placed::kStored;
}

std::optional<std::uint64_t> Head::Find(std::uint32_t slot, std::int64_t time_ms) const {
  const SeriesHead& head = At(slot);
  if (time_ms == head.newest_ms) return head.newest_bits;
  if (head.count > 0 && time_ms >= head.base_ms && time_ms < head.newest_ms) {
    const BufferedSample* samples = slab_.At(head.size, head.buffer);
    const auto offset = static_cast<std::uint32_t>(time_ms - head.base_ms);
    const std::uint32_t at = LowerBound(samples, head.count, offset);
    if (at < head.count && samples[at].offset_ms == offset) {
      const std::uint64_t bits = samples[at].bits;  // a copy, as in Seal()
      return bits;
    }
  }
  return std::nullopt;
}

Head::Placed Head::AppendLate(std::uint32_t slot, std::int64_t time_ms, std::uint64_t bits) {
  std::vector<LateSample>& late = late_[slot];
  const auto at = std::ranges::lower_bound(late, time_ms, {}, &LateSample::time_ms);
  if (at != late.end() && at->time_ms == time_ms) return at->bits == bits ? Placed::kDuplicate : Placed::kConflict;
  late.insert(at, {time_ms, bits});
  Touch(slot, At(slot), time_ms);
  if (late.size() == kPageSamples) {
    SealLate(slot, late);
    late_.erase(slot);
  }
  return Placed::kStored;
}

std::optional<std::uint64_t> Head::FindLate(std::uint32_t slot, std::int64_t time_ms) const {
  const auto late = late_.find(slot);
  if (late == late_.end()) return std::nullopt;
  const auto at = std::ranges::lower_bound(late->second, time_ms, {}, &LateSample::time_ms);
  if (at == late->second.end() || at->time_ms != time_ms) return std::nullopt;
  return at->bits;
}

void Head::AppendPage(std::uint32_t slot, std::int64_t first_ms, std::int64_t last_ms) {
  SeriesHead& head = At(slot);
  page_.clear();
  EncodePage(times_, values_, head.hint, page_);
  head.last_page = log_.Append({.previous = head.last_page,
                                .first_ms = first_ms,
                                .last_ms = last_ms,
                                .tenant = head.tenant,
                                .slot = slot,
                                .generation = head.generation,
                                .size = 0},
                               page_);
}

void Head::Seal(std::uint32_t slot) {
  SeriesHead& head = At(slot);
  if (head.count > 0) {
    times_.resize(head.count);
    values_.resize(head.count);
    const BufferedSample* samples = slab_.At(head.size, head.buffer);
    for (std::uint32_t i = 0; i < head.count; ++i) {
      times_[i] = head.base_ms + samples[i].offset_ms;
      const std::uint64_t bits = samples[i].bits;  // a copy: it lies where no reference to it may be
      values_[i] = std::bit_cast<double>(bits);
    }
    AppendPage(slot, times_.front(), times_.back());
    head.count = 0;
    head.full_at = kPageSamples;
  }
  // The next buffer grows from the smallest size again: a third less memory for all series together, for 1 ns a sample.
  if (head.has_buffer) {
    slab_.Free(head.size, head.buffer);
    head.has_buffer = false;
  }
}

void Head::SealLate(std::uint32_t slot, const std::vector<LateSample>& samples) {
  times_.clear();
  values_.clear();
  for (const LateSample& sample : samples) {
    times_.push_back(sample.time_ms);
    values_.push_back(std::bit_cast<double>(sample.bits));
  }
  AppendPage(slot, times_.front(), times_.back());
}

void Head::SealLate() {
  for (const auto& [slot, samples] : late_) SealLate(slot, samples);
  late_.clear();
}

void Head::Copy(std::uint32_t slot, std::int64_t first_ms, std::int64_t last_ms, MemorySamples& out) const {
  const SeriesHead& head = At(slot);
  // The chain leads from the newest page to the oldest.
  std::vector<std::string_view> pages;
  std::int64_t follows_ms = head.count > 0 ? head.base_ms : std::numeric_limits<std::int64_t>::max();
  for (LogPlace place = head.last_page; log_.Holds(place);) {
    std::string_view bytes;
    const SealedPage& page = log_.At(place, bytes);
    if (page.generation != head.generation) break;
    if (page.last_ms >= first_ms && page.first_ms <= last_ms) {
      pages.push_back(bytes);
      if (page.last_ms >= follows_ms) out.sorted = false;
      follows_ms = std::min(follows_ms, page.first_ms);
    }
    place = page.previous;
  }
  for (auto page = pages.rbegin(); page != pages.rend(); ++page) out.pages.append(*page);

  const auto take = [&](std::int64_t time_ms, std::uint64_t bits) {
    if (time_ms < first_ms || time_ms > last_ms) return;
    out.times_ms.push_back(time_ms);
    out.values.push_back(std::bit_cast<double>(bits));
  };
  const BufferedSample* samples = head.count > 0 ? slab_.At(head.size, head.buffer) : nullptr;
  for (std::uint32_t i = 0; i < head.count; ++i) take(head.base_ms + samples[i].offset_ms, samples[i].bits);
  if (const auto late = late_.find(slot); late != late_.end()) {
    const std::size_t before = out.times_ms.size();
    for (const LateSample& sample : late->second) take(sample.time_ms, sample.bits);
    if (out.times_ms.size() > before) out.sorted = false;
  }
}

}  // namespace helios::tsdb
