// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/append_path.h"

#include <algorithm>
#include <bit>

#include "tsdb/internal/journal_record.h"
#include "tsdb/internal/limits.h"
#include "tsdb/internal/rejection.h"

namespace helios::tsdb {
namespace {

constexpr std::uint32_t kNoSlot = NameTable::kNone;
constexpr std::uint8_t kMostNames = 4;
// Of a sample in the journal: a series step, a time step, a code and eight bytes at worst.
constexpr std::size_t kMostSampleBytes = 32;
constexpr std::size_t kMostTenantBytes = 64;
constexpr std::uint8_t kSamplesUsage = static_cast<std::uint8_t>(UsageKind::kSamples);

/// A name that no look-up found, read.
struct ReadName {
  std::uint32_t series = 0;  ///< position in the batch
  Result<SeriesKey> key;
  std::string name;  ///< canonical
  NamePrint print;   ///< of `name`
};

enum class RowState : std::uint8_t { kGood, kTooOld, kInFuture };

}  // namespace

/// Memory that a thread uses again for each batch.
struct AppendPath::Scratch {
  std::vector<NamePrint> prints;
  std::vector<std::uint32_t> slots;
  std::vector<RowState> states;
};

struct AppendPath::Request {
  Request(Tenant& owner, const TenantPolicy& its_policy, const SampleBatch& its_batch, Scratch& memory, TimestampMs at)
      : tenant(owner), policy(its_policy), batch(its_batch), scratch(memory), now(at) {}

  Tenant& tenant;
  const TenantPolicy& policy;
  const SampleBatch& batch;
  Scratch& scratch;
  const TimestampMs now;
  std::int64_t oldest_ms = 0;
  std::int64_t latest_ms = 0;
  bool all_good = true;          ///< every row's time may be stored; else scratch.states says which
  std::vector<bool> needed;      ///< series with a good row; empty for all that have a row
  std::vector<ReadName> read;    ///< rising by series
  std::size_t read_bytes = 0;    ///< of canonical names
  std::vector<bool> over_limit;  ///< series that would be new, and may not; empty for none
  AppendOutcome outcome;
  std::uint64_t metered = 0;  ///< samples stored here that are billed
  LateBatch late;

  [[nodiscard]] bool Needs(std::uint32_t series) const { return needed.empty() || needed[series]; }
  /// `describe` makes the words out of the series'.
  template <class Describe>
  void Reject(std::size_t index, RejectReason reason, Describe describe) {
    std::string series = ShowName(batch.series[batch.rows[index].series], batch.decode);
    std::string detail = describe(series);
    outcome.rejected.push_back({index, reason, RejectCode(reason), std::move(detail), std::move(series)});
  }
};

void AppendPath::Append(TenantId tenant_id, const TenantPolicy& policy, const SampleBatch& batch,
                        std::chrono::milliseconds ahead, AppendCallback done) {
  if (!std::ranges::all_of(batch.rows, [&](const auto& row) { return row.series < batch.series.size(); })) {
    done(Fail(ErrorCode::kInternal, "tsdb.bad_batch",
              "cannot store a batch: a row names a series that the batch does not have"));
    return;
  }
  thread_local Scratch scratch;
  Request request(core_.tenants.FindOrAdd(tenant_id), policy, batch, scratch, core_.clock.Now());
  request.latest_ms = ToUnixMs(request.now + ahead);
  CheckTimes(request);
  MakePrints(request);

  std::optional<Error> refusal;
  {
    std::unique_lock lock(core_.mutex);
    for (;;) {
      const std::uint64_t removals = core_.removals;
      if (FindSlots(request)) break;
      if (request.read.empty()) {
        lock.unlock();
        ReadNames(request, core_.printer);
        lock.lock();
        // Series may have gone meanwhile, and their slots to others.
        if (core_.removals != removals) continue;
      }
      break;
    }
    const std::size_t bytes = kMostTenantBytes + batch.rows.size() * kMostSampleBytes + request.read_bytes;
    refusal = core_.commit->MakeRoom(bytes);
    if (!refusal) {
      if (!request.tenant.Has(policy)) {
        request.tenant.Take(policy);
        request.tenant.journaled_in = 0;
      }
      ResolveRead(request);
      PlaceRows(request);
      if (request.late.rows.empty()) {
        core_.commit->Join(std::move(request.outcome), std::move(done));
        return;
      }
    }
  }
  if (refusal) {
    done(std::unexpected(*std::move(refusal)));
  } else if (!late_writer_.HasRoom()) {
    // What was placed stays, and is a duplicate when the sender comes again.
    done(std::unexpected(LateWriter::NoRoom()));
  } else {
    request.late.tenant = &request.tenant;
    request.late.outcome = std::move(request.outcome);
    request.late.done = std::move(done);
    late_writer_.Add(std::move(request.late));
  }
}

void AppendPath::CheckTimes(Request& request) const {
  const TimestampMs now = request.now;
  request.oldest_ms = OldestKeptMs(std::max(request.policy.raw_retention, request.policy.rollup_retention), now);
  const auto good = [&](std::int64_t time) { return time >= request.oldest_ms && time <= request.latest_ms; };
  for (const SampleBatch::Row& row : request.batch.rows) request.all_good &= good(ToUnixMs(row.time));
  // Series without a row, or with none that may be stored, are not created.
  if (request.all_good && request.batch.rows.size() >= request.batch.series.size()) return;
  request.needed.assign(request.batch.series.size(), false);
  request.scratch.states.assign(request.batch.rows.size(), RowState::kGood);
  for (std::size_t i = 0; i < request.batch.rows.size(); ++i) {
    const std::int64_t time = ToUnixMs(request.batch.rows[i].time);
    if (good(time)) {
      request.needed[request.batch.rows[i].series] = true;
    } else {
      request.scratch.states[i] = time < request.oldest_ms ? RowState::kTooOld : RowState::kInFuture;
    }
  }
}

void AppendPath::MakePrints(Request& request) const {
  request.scratch.prints.resize(request.batch.series.size());
  for (std::size_t i = 0; i < request.batch.series.size(); ++i) {
    const std::string_view name = request.batch.series[i];
    if (name.size() > NamePrinter::kMostBytes) continue;
    request.scratch.prints[i] =
        core_.printer.Print(request.tenant.number, static_cast<std::uint8_t>(request.batch.format), name);
  }
}

bool AppendPath::FindSlots(Request& request) const {
  constexpr std::size_t kAhead = 12;
  const std::vector<NamePrint>& prints = request.scratch.prints;
  std::vector<std::uint32_t>& slots = request.scratch.slots;
  slots.assign(prints.size(), kNoSlot);
  bool all = true;
  for (std::size_t i = 0; i < std::min(kAhead, prints.size()); ++i) core_.names.Prefetch(prints[i]);
  for (std::size_t i = 0; i < prints.size(); ++i) {
    if (i + kAhead < prints.size()) core_.names.Prefetch(prints[i + kAhead]);
    if (request.batch.series[i].size() <= NamePrinter::kMostBytes) slots[i] = core_.names.Find(prints[i]);
    if (slots[i] != kNoSlot) {
      __builtin_prefetch(&core_.head.At(slots[i]), 1);
    } else if (request.Needs(static_cast<std::uint32_t>(i))) {
      all = false;
    }
  }
  return all;
}

void AppendPath::ReadNames(Request& request, const NamePrinter& printer) {
  for (std::uint32_t i = 0; i < request.batch.series.size(); ++i) {
    if (request.scratch.slots[i] != kNoSlot || !request.Needs(i)) continue;
    ReadName read{.series = i, .key = request.batch.decode(request.batch.series[i]), .name = {}, .print = {}};
    if (read.key) {
      EncodeName(*read.key, read.name);
      // The limits of a key keep its name short enough for a print.
      read.print = printer.Print(request.tenant.number, static_cast<std::uint8_t>(NameFormat::kCanonical), read.name);
      request.read_bytes += read.name.size() + kMostTenantBytes;
    }
    request.read.push_back(std::move(read));
  }
}

void AppendPath::ResolveRead(Request& request) {
  core_.JournalTenant(request.tenant);
  for (ReadName& read : request.read) {
    std::uint32_t& slot = request.scratch.slots[read.series];
    if (!read.key || slot != kNoSlot) continue;
    const bool canonical = request.batch.format == NameFormat::kCanonical;
    slot = core_.names.Find(read.print);
    if (slot == kNoSlot) {
      if (!IsInternal(*read.key) && !core_.MayCreate(request.tenant, request.policy.max_active_series)) {
        request.over_limit.resize(request.batch.series.size(), false);
        request.over_limit[read.series] = true;
        continue;
      }
      slot = core_.CreateSeries(request.tenant, *read.key, read.name, read.print);
    }
    // The bytes it came by are remembered beside its canonical name.
    SeriesHead& series = core_.head.At(slot);
    const NamePrint& came_by = request.scratch.prints[read.series];
    if (!canonical && series.names < kMostNames &&
        request.batch.series[read.series].size() <= NamePrinter::kMostBytes && core_.names.Find(came_by) == kNoSlot) {
      core_.names.Insert(came_by, slot);
      ++series.names;
    }
  }
}

void AppendPath::PlaceRows(Request& request) {
  for (const std::uint32_t slot : request.scratch.slots) {
    if (slot != kNoSlot) core_.head.PrefetchBuffer(core_.head.At(slot));
  }
  core_.in_order.Start(request.tenant.number);
  core_.late.Start(request.tenant.number);
  const std::int64_t active_since_ms = ToUnixMs(request.now - kActiveWindow);
  for (std::size_t i = 0; i < request.batch.rows.size(); ++i) PlaceRow(request, i, active_since_ms);
  std::string& records = core_.RecordsOf(request.tenant);
  AppendSamples(records, RecordKind::kSamples, core_.in_order);
  AppendSamples(records, RecordKind::kLateSamples, core_.late);
  core_.SealRecords(request.tenant);
  if (request.metered > 0) core_.commit->CountUsage(core_.UsageOf(request.tenant, kSamplesUsage), request.metered);
}

void AppendPath::PlaceRow(Request& request, std::size_t index, std::int64_t active_since_ms) {
  const SampleBatch::Row& row = request.batch.rows[index];
  const std::int64_t time = ToUnixMs(row.time);
  const auto bits = std::bit_cast<std::uint64_t>(row.value);
  if (!request.all_good) {
    const RowState state = request.scratch.states[index];
    if (state == RowState::kInFuture) {
      request.Reject(index, RejectReason::kTooFarInFuture,
                     [&](std::string_view series) { return DescribeTooFarInFuture(series, time, request.now); });
      return;
    }
    if (state == RowState::kTooOld) {
      request.Reject(index, RejectReason::kTooOld,
                     [&](std::string_view series) { return DescribeTooOld(series, time, request.oldest_ms); });
      return;
    }
  }
  const std::uint32_t slot = request.scratch.slots[row.series];
  if (slot == kNoSlot) {
    if (!request.over_limit.empty() && request.over_limit[row.series]) {
      request.Reject(index, RejectReason::kSeriesLimit, [&](std::string_view series) {
        return DescribeSeriesLimit(series, request.policy.max_active_series);
      });
      return;
    }
    const auto read = std::ranges::lower_bound(request.read, row.series, {}, &ReadName::series);
    request.outcome.rejected.push_back({index, RejectReason::kBadSeries, read->key.error().reason,
                                        read->key.error().message,
                                        ShowName(request.batch.series[row.series], request.batch.decode)});
    return;
  }

  const std::uint32_t epoch = core_.commit->epoch();
  const SeriesHead& series = core_.head.At(slot);
  const std::int64_t newest = series.newest_ms;
  const std::uint64_t reference = series.epoch == epoch ? series.newest_bits : 0;
  const bool too_late = !request.batch.any_order && time < newest && time < newest - kOutOfOrderWindow.count();
  Head::Placed placed = Head::Placed::kCold;
  if (!too_late) {
    placed = core_.head.Append(slot, time, bits, epoch);
  } else if (const auto known = core_.head.Find(slot, time)) {
    placed = *known == bits ? Head::Placed::kDuplicate : Head::Placed::kConflict;
  }
  // What is older than all that the series ever had needs no look.
  if (placed == Head::Placed::kCold && !too_late && time < core_.head.PastOf(slot).first_ms) {
    placed = core_.head.AppendLate(slot, time, bits);
  }
  const auto out_of_order = [&](std::string_view name) { return DescribeOutOfOrder(name, time, newest); };
  switch (placed) {
    case Head::Placed::kStored:
      ++request.outcome.stored;
      request.metered += series.internal ? 0 : 1;
      if (time > newest) {
        core_.in_order.Add(core_.head.IdOf(slot).value, time, bits, reference);
        if (core_.commit->followed() && !series.internal) {
          core_.commit->Feed(request.tenant.id, request.now, {core_.head.IdOf(slot), row.time, row.value});
        }
        if (newest < active_since_ms && time >= active_since_ms && newest != kNever && !series.internal) {
          ++request.tenant.active;
        }
      } else {
        core_.late.Add(core_.head.IdOf(slot).value, time, bits, 0);
      }
      return;
    case Head::Placed::kDuplicate: ++request.outcome.duplicates; return;
    case Head::Placed::kConflict:
      if (too_late) {
        request.Reject(index, RejectReason::kOutOfOrder, out_of_order);
      } else {
        const std::uint64_t stored = core_.head.Find(slot, time).value_or(0);
        request.Reject(index, RejectReason::kConflict,
                       [&](std::string_view name) { return DescribeConflict(name, time, bits, stored); });
      }
      return;
    case Head::Placed::kCold:
      if (too_late && time < core_.head.PastOf(slot).first_ms) {
        request.Reject(index, RejectReason::kOutOfOrder, out_of_order);
        return;
      }
      request.late.rows.push_back({.index = index,
                                   .series = core_.head.IdOf(slot),
                                   .time_ms = time,
                                   .bits = bits,
                                   .too_late = too_late,
                                   .newest_ms = newest});
      return;
  }
}

}  // namespace helios::tsdb
