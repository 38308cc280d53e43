// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tsdb/internal/huge_array.h"
#include "tsdb/internal/sample_page.h"
#include "tsdb/internal/sample_slab.h"
#include "tsdb/internal/sealed_log.h"
#include "tsdb/series.h"

namespace helios::tsdb {

/// No time: before every sample.
inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

/// What the head knows of one series: one cache line.
struct alignas(64) SeriesHead {
  std::int64_t newest_ms = kNever;  ///< time of its newest sample ever stored
  std::uint64_t newest_bits = 0;    ///< and its value
  std::int64_t base_ms = 0;         ///< time of the buffer's first sample
  LogPlace last_page = 0;           ///< its page sealed last; 0 or released where there is none
  std::uint32_t buffer = 0;         ///< in the slab
  std::uint32_t generation = 0;     ///< of the slot: 0 while it is free
  std::uint32_t tenant = 0;         ///< the tenant's number
  std::uint32_t epoch = 0;          ///< journal segment that holds the newest sample; 0 for none since the start
  std::uint32_t revision = 0;       ///< counts samples stored by this process
  PageHint hint;
  std::uint8_t count = 0;     ///< of samples in the buffer
  std::uint8_t size = 0;      ///< the buffer's, once there is one
  std::uint8_t full_at = 64;  ///< count at which the buffer is sealed
  bool has_buffer = false;
  bool internal = false;   ///< of Helios itself
  std::uint8_t names = 0;  ///< remembered in the name table
};
static_assert(sizeof(SeriesHead) == 64);

/// What a series' look-ups need rarely.
struct SeriesPast {
  std::int64_t first_ms = kNever;    ///< time of its oldest sample ever stored; kNever for none
  std::int64_t created_ms = kNever;  ///< by the clock; kNever where an earlier process created it
  std::int64_t saved_ms = kNever;    ///< time of the newest sample in the databases
};

/// A series' samples in memory, copied: pages in their order of sealing, then loose samples, rising by time but for
/// those of the late buffer, which follow.
struct MemorySamples {
  std::string pages;
  std::vector<std::int64_t> times_ms;
  std::vector<double> values;
  bool sorted = true;  ///< every page and the loose samples follow one another in time
};

/// The newest samples of every series, in memory: a buffer of up to 64 for each, sealed into pages that wait in a log
/// for the next flush. Samples older than their series' buffer go into a late buffer of their own.
///
/// A series has a slot, an index that is used again after the series is gone; (slot, generation) is its SeriesId.
/// Not thread-safe: the store's lock guards it.
class Head {
 public:
  enum class Placed : std::uint8_t {
    kStored,
    kDuplicate,  ///< that time has this value
    kConflict,   ///< that time has another value
    kCold,       ///< older than the buffer: whether it is known must be looked up first
  };

  [[nodiscard]] SeriesHead& At(std::uint32_t slot) const { return heads_[slot / kBlockSlots][slot % kBlockSlots]; }
  [[nodiscard]] SeriesPast& PastOf(std::uint32_t slot) const { return past_[slot / kBlockSlots][slot % kBlockSlots]; }
  [[nodiscard]] std::uint32_t slots() const { return slots_; }
  [[nodiscard]] bool Lives(SeriesId id) const;
  [[nodiscard]] SeriesId IdOf(std::uint32_t slot) const { return MakeId(slot, At(slot).generation); }
  [[nodiscard]] static SeriesId MakeId(std::uint32_t slot, std::uint32_t generation) {
    return {std::uint64_t{generation} << 32U | slot};
  }
  [[nodiscard]] static std::uint32_t SlotOf(SeriesId id) { return static_cast<std::uint32_t>(id.value); }

  /// A slot for a new series, of a generation that no slot had before.
  [[nodiscard]] std::uint32_t Add(std::uint32_t tenant, bool internal);
  /// Takes a series with the id that it had before a restart; its slot must be free.
  void Restore(SeriesId id, std::uint32_t tenant, bool internal);
  /// Forgets a series and its buffered samples.
  void Remove(std::uint32_t slot);
  /// Later generations are above this one.
  void SkipGenerations(std::uint32_t used) { next_generation_ = std::max(next_generation_, used + 1); }
  [[nodiscard]] std::uint32_t next_generation() const { return next_generation_; }

  void PrefetchBuffer(const SeriesHead& head) const;

  /// Places a sample: behind the newest, or among the buffer's. `epoch` is the journal's present segment: what the
  /// buffer has from earlier ones is sealed first, so that a flush of those finds it.
  [[nodiscard]] Placed Append(std::uint32_t slot, std::int64_t time_ms, std::uint64_t bits, std::uint32_t epoch);

  /// The value that is buffered or newest at that time, without placing anything; none where it is not known here.
  [[nodiscard]] std::optional<std::uint64_t> Find(std::uint32_t slot, std::int64_t time_ms) const;

  /// Places a sample in the late buffer; kCold is no answer of it.
  [[nodiscard]] Placed AppendLate(std::uint32_t slot, std::int64_t time_ms, std::uint64_t bits);

  /// The value in the late buffer at that time.
  [[nodiscard]] std::optional<std::uint64_t> FindLate(std::uint32_t slot, std::int64_t time_ms) const;

  /// Seals the buffer, if there is one; its memory goes to other series.
  void Seal(std::uint32_t slot);
  /// Seals every late buffer.
  void SealLate();

  /// Copies what is in memory of `slot` in [first, last]: whole pages that overlap it, and samples.
  void Copy(std::uint32_t slot, std::int64_t first_ms, std::int64_t last_ms, MemorySamples& out) const;

  [[nodiscard]] SealedLog& log() { return log_; }
  [[nodiscard]] const SealedLog& log() const { return log_; }

 private:
  static constexpr std::uint32_t kBlockSlots = 32'768;  ///< heads of 2 MiB
  struct LateSample {
    std::int64_t time_ms;
    std::uint64_t bits;
  };

  void Grow(std::uint32_t slots);
  void Start(std::uint32_t slot, SeriesId id, std::uint32_t tenant, bool internal);
  void PushBack(SeriesHead& head, std::int64_t time_ms, std::uint64_t bits);
  void MakeRoom(SeriesHead& head);
  void AppendPage(std::uint32_t slot, std::int64_t first_ms, std::int64_t last_ms);
  void SealLate(std::uint32_t slot, const std::vector<LateSample>& samples);
  void Touch(std::uint32_t slot, SeriesHead& head, std::int64_t time_ms);

  std::vector<HugeArray<SeriesHead, kBlockSlots>> heads_;
  std::vector<std::unique_ptr<SeriesPast[]>> past_;
  std::uint32_t slots_ = 0;
  std::vector<std::uint32_t> free_;
  std::uint32_t next_generation_ = 1;
  SampleSlab slab_;
  SealedLog log_;
  std::unordered_map<std::uint32_t, std::vector<LateSample>> late_;  ///< rising by time

  // Scratch of sealing.
  std::vector<std::int64_t> times_;
  std::vector<double> values_;
  std::string page_;
};

}  // namespace helios::tsdb
