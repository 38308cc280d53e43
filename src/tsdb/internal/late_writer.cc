// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/late_writer.h"

#include <algorithm>
#include <bit>

#include "obs/log.h"
#include "tsdb/internal/journal_record.h"
#include "tsdb/internal/limits.h"
#include "tsdb/internal/rejection.h"
#include "tsdb/internal/sample_cursor.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kMostLateBytes = 32;

Error SeriesGone() {
  return Error{ErrorCode::kUnavailable, "tsdb.series_deleted",
               "cannot store a batch: one of its series was deleted meanwhile; send it again"};
}

}  // namespace

Error LateWriter::NoRoom() {
  return Error{ErrorCode::kUnavailable, "tsdb.overloaded",
               "cannot store samples that are older than their series' newest: too many of them wait to be compared "
               "with what is stored; retry later"};
}

LateWriter::LateWriter(StoreCore& core) : core_(core), thread_([this] { Run(); }) {}

LateWriter::~LateWriter() {
  {
    const std::unique_lock lock(mutex_);
    closed_ = true;
    filled_.notify_one();
  }
  thread_.join();
}

void LateWriter::Add(LateBatch batch) {
  const std::unique_lock lock(mutex_);
  waiting_rows_ += batch.rows.size();
  waiting_.push_back(std::move(batch));
  filled_.notify_one();
}

void LateWriter::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    filled_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    LateBatch batch = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const std::size_t rows = batch.rows.size();
    Place(batch);
    waiting_rows_ -= rows;
    lock.lock();
  }
}

Result<std::vector<std::optional<std::uint64_t>>> LateWriter::FindStored(const LateBatch& batch) const {
  std::vector<std::optional<std::uint64_t>> stored(batch.rows.size());
  // By series and time, so that each series is read once, over the days its rows span.
  std::vector<std::uint32_t> order(batch.rows.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto key = [&](std::uint32_t row) { return std::pair(batch.rows[row].series.value, batch.rows[row].time_ms); };
  std::ranges::sort(order, {}, key);
  for (std::size_t begin = 0; begin < order.size();) {
    const SeriesId series = batch.rows[order[begin]].series;
    std::size_t end = begin + 1;
    // Far apart rows are read for apart.
    while (end < order.size() && batch.rows[order[end]].series == series &&
           batch.rows[order[end]].time_ms - batch.rows[order[end - 1]].time_ms < kActiveWindow.count() * 24) {
      ++end;
    }
    HELIOS_TRY(const auto cursor, OpenSampleCursor(core_, *batch.tenant, series,
                                                   {FromUnixMs(batch.rows[order[begin]].time_ms),
                                                    FromUnixMs(batch.rows[order[end - 1]].time_ms)}));
    std::size_t at = begin;
    for (;;) {
      HELIOS_TRY(const SampleColumns run, cursor->Next());
      if (run.times.empty()) break;
      for (; at < end && FromUnixMs(batch.rows[order[at]].time_ms) <= run.times.back(); ++at) {
        const auto time = FromUnixMs(batch.rows[order[at]].time_ms);
        const auto found = std::ranges::lower_bound(run.times, time);
        if (found != run.times.end() && *found == time) {
          const auto position = static_cast<std::size_t>(found - run.times.begin());
          stored[order[at]] = std::bit_cast<std::uint64_t>(run.values[position]);
        }
      }
    }
    begin = end;
  }
  return stored;
}

void LateWriter::Place(LateBatch& batch) {
  auto stored = FindStored(batch);
  if (!stored) {
    obs::LogFailure("tsdb.lookup_failed", stored.error());
    batch.done(std::unexpected(std::move(stored).error()));
    return;
  }
  std::optional<Error> refusal;
  {
    const std::unique_lock lock(core_.mutex);
    refusal = core_.commit->MakeRoom(batch.rows.size() * kMostLateBytes);
    for (const LateRow& row : batch.rows) {
      if (!refusal && !core_.head.Lives(row.series)) refusal = SeriesGone();
    }
    if (!refusal) {
      core_.JournalTenant(*batch.tenant);
      core_.late.Start(batch.tenant->number);
      std::uint64_t metered = 0;
      for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const LateRow& row = batch.rows[i];
        const std::uint32_t slot = Head::SlotOf(row.series);
        const auto reject = [&](RejectReason reason, const auto& describe) {
          std::string series = ShowSeries(batch.tenant->index.Key(slot));
          std::string detail = describe(series);
          batch.outcome.rejected.push_back(
              {row.index, reason, RejectCode(reason), std::move(detail), std::move(series)});
        };
        const auto conflict = [&](std::uint64_t stored_bits) {
          return [&row, stored_bits](std::string_view series) {
            return DescribeConflict(series, row.time_ms, row.bits, stored_bits);
          };
        };
        const std::optional<std::uint64_t> known = (*stored)[i];
        if (known == row.bits) {
          ++batch.outcome.duplicates;
        } else if (row.too_late) {
          reject(RejectReason::kOutOfOrder,
                 [&](std::string_view series) { return DescribeOutOfOrder(series, row.time_ms, row.newest_ms); });
        } else if (known) {
          reject(RejectReason::kConflict, conflict(*known));
        } else {
          switch (core_.head.AppendLate(slot, row.time_ms, row.bits)) {
            case Head::Placed::kStored:
              ++batch.outcome.stored;
              metered += core_.head.At(slot).internal ? 0 : 1;
              core_.late.Add(row.series.value, row.time_ms, row.bits, 0);
              break;
            case Head::Placed::kDuplicate: ++batch.outcome.duplicates; break;
            case Head::Placed::kConflict:
            case Head::Placed::kCold:
              // An earlier row of this batch has that time.
              reject(RejectReason::kConflict, conflict(core_.head.FindLate(slot, row.time_ms).value_or(0)));
          }
        }
      }
      AppendSamples(core_.RecordsOf(*batch.tenant), RecordKind::kLateSamples, core_.late);
      core_.SealRecords(*batch.tenant);
      if (metered > 0) {
        core_.commit->CountUsage(core_.UsageOf(*batch.tenant, static_cast<std::uint8_t>(UsageKind::kSamples)), metered);
      }
      std::ranges::sort(batch.outcome.rejected, {}, &Rejection::index);
      core_.commit->Join(std::move(batch.outcome), std::move(batch.done));
    }
  }
  if (refusal) batch.done(std::unexpected(*std::move(refusal)));
}

}  // namespace helios::tsdb
