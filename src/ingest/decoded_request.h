// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/byte_arena.h"
#include "ingest/request_limits.h"
#include "tsdb/sample_batch.h"

namespace helios::ingest {

/// One item of a request that was refused, before or by the store.
struct RejectedSample {
  std::size_t index;      ///< position in the request, counting items from 0
  std::string_view code;  ///< stable, such as "ingest.out_of_order"
  std::string detail;
  std::string series = {};  ///< for people, as tsdb::ShowName() shows it; empty where it is not known
};

/// Something of a request that is left out by design, such as a field that holds text. It is counted and shown to the
/// tenant, and is no error of the request's.
struct LeftOut {
  std::string_view code;
  std::size_t count = 0;
  std::string detail;  ///< of the first
  std::string series;  ///< of the first; empty where it is not known
};

/// What a decoder makes of a request: a batch for the store, and the items that are not in it.
///
/// An *item* is what the sender counts: a sample, a data point, a histogram. Most have one row in the batch; a
/// histogram has many. One object serves request after request: Clear() keeps memory, up to a bound, so that a decoder
/// in steady state allocates nothing. Not thread-safe.
class DecodedRequest {
 public:
  /// Begins a request of at most these limits.
  void Clear(const RequestLimits& limits = {});
  [[nodiscard]] const RequestLimits& limits() const { return limits_; }

  /// Rows may be in any order and of any age within retention, as of an import.
  void AllowAnyOrder() { batch_.any_order = true; }

  // Names of series. Those that a request holds as bytes already are viewed, others are put together in an arena.

  /// A name that `bytes` hold, which must outlive the batch. Returns its position.
  std::uint32_t AddSeries(std::string_view bytes) {
    batch_.series.push_back(bytes);
    return static_cast<std::uint32_t>(batch_.series.size() - 1);
  }
  /// Bytes of a name in the making; FinishSeries() ends it and returns its position, which is that of the series
  /// before when both have the same name.
  void AppendToName(std::string_view bytes) { arena_.Append(bytes); }
  /// The same, behind its length: a text of NameFormat::kParts.
  void AppendPart(std::string_view text) { arena_.AppendWithLength(text); }
  std::uint32_t FinishSeries();
  /// Forgets a name in the making.
  void DropName() { arena_.Truncate(name_begin_); }
  /// The name in the making.
  [[nodiscard]] std::string_view name() const { return arena_.view().substr(name_begin_); }

  // Items.

  /// An item of one sample.
  void AddSample(std::uint32_t series, TimestampMs time, double value) {
    if (mapped_) positions_.push_back(static_cast<std::uint32_t>(total_));
    batch_.rows.push_back({.series = series, .time = time, .value = value});
    ++total_;
  }
  /// An item of several samples: its rows follow, each by AddRow().
  void BeginItem();
  void AddRow(std::uint32_t series, TimestampMs time, double value);
  /// An item that is no sample, is refused or not: it has no rows.
  void AddEmptyItem() { BeginItem(); }
  /// An item that is refused; `series` for people, where it is known.
  void Reject(std::string_view code, std::string detail, std::string series = {});
  /// The next item of this kind; see histograms().
  void MarkHistogram() { histograms_.push_back(static_cast<std::uint32_t>(total_)); }
  /// True for the first one of its code: the caller may then say more of it in DescribeLeftOut().
  bool LeaveOut(std::string_view code, std::size_t count);
  /// Of what LeaveOut() was told last.
  void DescribeLeftOut(std::string detail, std::string series);

  /// Errors: kTooLarge ingest.too_many_samples, ingest.too_many_series, http.body_too_large (names that were put
  /// together out of a small body). To be asked at least once a series.
  [[nodiscard]] Result<void> CheckLimits(std::size_t more_samples = 0) const {
    if (total_ + more_samples <= limits_.samples && batch_.rows.size() <= kMaxRows &&
        batch_.series.size() <= AllowedNames() && arena_.size() <= limits_.decoded_bytes) [[likely]] {
      return {};
    }
    return OverLimit(more_samples);
  }
  /// Of a protocol whose senders repeat a name with each sample: names are counted once they are unique, in Seal().
  void CountDistinctSeries() { distinct_ = true; }

  /// Ends the decoding. Errors: those of CheckLimits().
  [[nodiscard]] Result<void> Seal(tsdb::NameFormat format, tsdb::NameDecoder decode);

  // What came of it; from Seal() on.

  [[nodiscard]] const tsdb::SampleBatch& batch() const { return batch_; }
  [[nodiscard]] std::size_t total() const { return total_; }
  /// The item of a row of the batch.
  [[nodiscard]] std::size_t PositionOf(std::size_t row) const { return mapped_ ? positions_[row] : row; }
  /// The same for all rows; empty where row and item are the same.
  [[nodiscard]] std::vector<std::uint32_t> TakePositions() {
    return mapped_ ? positions_ : std::vector<std::uint32_t>{};
  }
  [[nodiscard]] const std::vector<RejectedSample>& rejected() const { return rejected_; }
  [[nodiscard]] std::vector<RejectedSample> TakeRejected() { return std::move(rejected_); }
  [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }
  /// Items that are histograms, rising.
  [[nodiscard]] const std::vector<std::uint32_t>& histograms() const { return histograms_; }
  /// Names and rows, in bytes.
  [[nodiscard]] std::size_t bytes() const {
    return arena_.size() + batch_.rows.size() * sizeof(tsdb::SampleBatch::Row);
  }

 private:
  /// A histogram's rows: no request needs more.
  static constexpr std::size_t kMaxRows = 4 * kMaxSamplesPerRequest;
  struct ArenaName {
    std::uint32_t series;
    std::uint32_t begin;
    std::uint32_t size;
  };

  /// Each row of a histogram may bring a name of its own: the limit is on the series that the sender sees.
  [[nodiscard]] std::size_t AllowedNames() const { return (distinct_ ? kMaxRows : limits_.series) + extra_names_; }
  [[nodiscard]] Result<void> OverLimit(std::size_t more_samples) const;
  void MapPositions();
  [[nodiscard]] Result<void> MergeEqualNames();

  RequestLimits limits_;
  tsdb::SampleBatch batch_;
  ByteArena arena_;
  std::size_t name_begin_ = 0;
  std::vector<ArenaName> arena_names_;
  bool distinct_ = false;
  std::size_t extra_names_ = 0;
  std::vector<std::uint32_t> positions_;
  bool mapped_ = false;
  std::vector<RejectedSample> rejected_;
  std::vector<LeftOut> left_out_;
  std::vector<std::uint32_t> histograms_;
  std::size_t total_ = 0;
};

}  // namespace helios::ingest
