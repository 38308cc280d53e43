// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_cursor.h"

#include <algorithm>
#include <numeric>

namespace helios::tsdb {
namespace {

/// What one read sees: the memory's samples as they were, and the databases' state of the same moment.
struct Seen {
  SampleBuffer memory;  ///< in order, each time once
  ChunkView view;
};

bool Rises(const SampleBuffer& samples) {
  const auto& times = samples.times_ms;
  return std::ranges::adjacent_find(times, std::greater_equal{}) == times.end();
}

Result<Seen> Look(StoreCore& core, const Tenant& tenant, SeriesId series, std::int64_t first_ms, std::int64_t last_ms) {
  // A tenant's own database may have to be opened first, which is no work to do under the lock.
  HELIOS_CHECK(core.chunks->AllOf(tenant));
  Seen seen;
  MemorySamples copied;
  {
    const std::unique_lock lock(core.mutex);
    const std::uint32_t slot = Head::SlotOf(series);
    if (!core.head.Lives(series) || core.head.At(slot).tenant != tenant.number) {
      return Fail(ErrorCode::kNotFound, "tsdb.no_such_series", "cannot read series {}: it does not exist",
                  series.value);
    }
    core.head.Copy(slot, first_ms, last_ms, copied);
    HELIOS_TRY(seen.view, core.chunks->View(tenant));
  }
  for (std::string_view pages = copied.pages; !pages.empty();) HELIOS_CHECK(DecodePage(pages, seen.memory));
  seen.memory.times_ms.insert(seen.memory.times_ms.end(), copied.times_ms.begin(), copied.times_ms.end());
  seen.memory.values.insert(seen.memory.values.end(), copied.values.begin(), copied.values.end());
  if (!Rises(seen.memory)) SortSamples(seen.memory);
  return seen;
}

/// The days of a read, and a day's samples from all places.
class DayReader {
 public:
  DayReader(ChunkStore& chunks, Tenant& tenant, SeriesId series, Seen seen, std::int64_t first_ms, std::int64_t last_ms)
      : chunks_(chunks),
        tenant_(tenant),
        series_(series),
        seen_(std::move(seen)),
        first_ms_(first_ms),
        last_ms_(last_ms) {}

  /// Days that may have samples, rising.
  [[nodiscard]] std::vector<std::int32_t> Days() const {
    auto days = ChunkStore::DaysOf(seen_.view, tenant_.number, ChunkKind::kSamples, DayOf(first_ms_), DayOf(last_ms_));
    for (const std::int64_t time : seen_.memory.times_ms) {
      if (days.empty() || days.back() != DayOf(time)) days.push_back(DayOf(time));
    }
    std::ranges::sort(days);
    const auto repeated = std::ranges::unique(days);
    days.erase(repeated.begin(), repeated.end());
    return days;
  }

  /// The day's samples within the range.
  Result<void> Read(std::int32_t day, SampleBuffer& out) {
    out.clear();
    HELIOS_CHECK(chunks_.ReadDay(tenant_, seen_.view, series_, day, out));
    const auto& times = seen_.memory.times_ms;
    const auto begin = std::ranges::lower_bound(times, DayStartMs(day)) - times.begin();
    const auto end = std::ranges::lower_bound(times, DayStartMs(day + 1)) - times.begin();
    out.times_ms.insert(out.times_ms.end(), times.begin() + begin, times.begin() + end);
    out.values.insert(out.values.end(), seen_.memory.values.begin() + begin, seen_.memory.values.begin() + end);
    if (!Rises(out)) SortSamples(out);
    Trim(out);
    return {};
  }

  [[nodiscard]] const ChunkView& view() const { return seen_.view; }

 private:
  void Trim(SampleBuffer& out) const {
    auto& times = out.times_ms;
    if (times.empty() || (times.front() >= first_ms_ && times.back() <= last_ms_)) return;
    const auto begin = std::ranges::lower_bound(times, first_ms_) - times.begin();
    const auto end = std::ranges::upper_bound(times, last_ms_) - times.begin();
    times.erase(times.begin() + std::max(begin, end), times.end());
    out.values.erase(out.values.begin() + std::max(begin, end), out.values.end());
    times.erase(times.begin(), times.begin() + std::min<std::ptrdiff_t>(begin, std::ssize(times)));
    out.values.erase(out.values.begin(), out.values.begin() + std::min<std::ptrdiff_t>(begin, std::ssize(out.values)));
  }

  ChunkStore& chunks_;
  Tenant& tenant_;
  const SeriesId series_;
  const Seen seen_;
  const std::int64_t first_ms_;
  const std::int64_t last_ms_;
};

void CopyTimes(std::span<const std::int64_t> from, std::vector<TimestampMs>& to) {
  to.resize(from.size());
  std::ranges::transform(from, to.begin(), FromUnixMs);
}

class DayCursor final : public SampleCursor {
 public:
  explicit DayCursor(DayReader reader) : reader_(std::move(reader)), days_(reader_.Days()) {}

  Result<SampleColumns> Next() override {
    while (at_ < days_.size()) {
      HELIOS_CHECK(reader_.Read(days_[at_++], samples_));
      if (samples_.times_ms.empty()) continue;
      CopyTimes(samples_.times_ms, times_);
      return SampleColumns{times_, samples_.values};
    }
    return SampleColumns{};
  }

 private:
  DayReader reader_;
  const std::vector<std::int32_t> days_;
  std::size_t at_ = 0;
  SampleBuffer samples_;
  std::vector<TimestampMs> times_;
};

class EmptyCursor final : public SampleCursor {
 public:
  Result<SampleColumns> Next() override { return SampleColumns{}; }
};

class DayRollupCursor final : public RollupCursor {
 public:
  DayRollupCursor(ChunkStore& chunks, Tenant& tenant, SeriesId series, DayReader reader, std::int64_t first_ms,
                  std::int64_t last_ms, RollupStep step)
      : chunks_(chunks),
        tenant_(tenant),
        series_(series),
        reader_(std::move(reader)),
        first_ms_(first_ms),
        last_ms_(last_ms),
        step_(step),
        kind_(step == RollupStep::kHour ? ChunkKind::kHours : ChunkKind::kFiveMinutes),
        days_(reader_.Days()) {
    const auto kept = ChunkStore::DaysOf(reader_.view(), tenant.number, kind_, DayOf(first_ms), DayOf(last_ms));
    days_.insert(days_.end(), kept.begin(), kept.end());
    std::ranges::sort(days_);
    const auto repeated = std::ranges::unique(days_);
    days_.erase(repeated.begin(), repeated.end());
  }

  Result<RollupColumns> Next() override {
    while (at_ < days_.size()) {
      const std::int32_t day = days_[at_++];
      rollups_ = {};
      RollupBuffer kept;
      HELIOS_CHECK(chunks_.ReadRollups(tenant_, reader_.view(), series_, kind_, day, kept));
      HELIOS_CHECK(reader_.Read(day, samples_));
      RollupBuffer fresh;
      AddSamples(Width(step_), samples_.times_ms, samples_.values, fresh);
      MergeRollups(kept, fresh, rollups_);
      Trim();
      if (rollups_.times_ms.empty()) continue;
      CopyTimes(rollups_.times_ms, times_);
      return RollupColumns{times_, rollups_.min, rollups_.max, rollups_.sum, rollups_.last, rollups_.count};
    }
    return RollupColumns{};
  }

 private:
  void Trim() {
    const auto& times = rollups_.times_ms;
    const auto begin = std::ranges::lower_bound(times, first_ms_) - times.begin();
    const auto end = std::max(begin, std::ranges::upper_bound(times, last_ms_) - times.begin());
    const auto cut = [&](auto& column) {
      column.erase(column.begin() + end, column.end());
      column.erase(column.begin(), column.begin() + begin);
    };
    cut(rollups_.min);
    cut(rollups_.max);
    cut(rollups_.sum);
    cut(rollups_.last);
    cut(rollups_.count);
    cut(rollups_.times_ms);
  }

  ChunkStore& chunks_;
  Tenant& tenant_;
  const SeriesId series_;
  DayReader reader_;
  const std::int64_t first_ms_;
  const std::int64_t last_ms_;
  const RollupStep step_;
  const ChunkKind kind_;
  std::vector<std::int32_t> days_;
  std::size_t at_ = 0;
  SampleBuffer samples_;
  RollupBuffer rollups_;
  std::vector<TimestampMs> times_;
};

// Times that DayOf() takes.
constexpr std::int64_t kFirstMs = -(1LL << 52U);
constexpr std::int64_t kLastMs = 1LL << 52U;

}  // namespace

void SortSamples(SampleBuffer& samples) {
  const std::size_t n = samples.size();
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair(samples.times_ms[i], i); });
  SampleBuffer sorted;
  sorted.times_ms.reserve(n);
  sorted.values.reserve(n);
  for (const std::uint32_t i : order) {
    if (!sorted.times_ms.empty() && sorted.times_ms.back() == samples.times_ms[i]) continue;
    sorted.times_ms.push_back(samples.times_ms[i]);
    sorted.values.push_back(samples.values[i]);
  }
  samples = std::move(sorted);
}

Result<std::unique_ptr<SampleCursor>> OpenSampleCursor(StoreCore& core, Tenant& tenant, SeriesId series,
                                                       TimeRange range) {
  const std::int64_t first_ms = std::max(ToUnixMs(range.first), kFirstMs);
  const std::int64_t last_ms = std::min(ToUnixMs(range.last), kLastMs);
  HELIOS_TRY(Seen seen, Look(core, tenant, series, first_ms, last_ms));
  if (first_ms > last_ms) return std::make_unique<EmptyCursor>();
  return std::make_unique<DayCursor>(DayReader(*core.chunks, tenant, series, std::move(seen), first_ms, last_ms));
}

Result<std::unique_ptr<RollupCursor>> OpenRollupCursor(StoreCore& core, Tenant& tenant, SeriesId series,
                                                       TimeRange range, RollupStep step) {
  const std::int64_t first_ms = std::max(ToUnixMs(range.first), kFirstMs);
  const std::int64_t last_ms = std::min(ToUnixMs(range.last), kLastMs);
  // The last bucket's samples reach beyond its time.
  const std::int64_t reach_ms = last_ms + Width(step).count() - 1;
  HELIOS_TRY(Seen seen, Look(core, tenant, series, first_ms, reach_ms));
  DayReader reader(*core.chunks, tenant, series, std::move(seen), first_ms, reach_ms);
  return std::make_unique<DayRollupCursor>(*core.chunks, tenant, series, std::move(reader), first_ms, last_ms, step);
}

}  // namespace helios::tsdb
