// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_reader.h"

#include <bit>
#include <string>
#include <vector>

namespace helios::tsdb {
namespace {

constexpr std::size_t kRunLength = 4096;

class SampleReader final : public SampleCursor {
 public:
  SampleReader(const SampleDb& db, TenantId tenant, SeriesId series, TimeRange range)
      : end_(SampleDiskKey(tenant, series, ToUnixMs(range.last)).bytes()) {
    end_ += '\0';  // keys have one length, so this is the first one after `last`
    end_slice_ = end_;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &end_slice_;
    options.verify_checksums = true;
    at_.reset(db.db().NewIterator(options, db.samples()));
    const SampleDiskKey first(tenant, series, ToUnixMs(range.first));
    at_->Seek({first.bytes().data(), first.bytes().size()});
  }

  Result<SampleColumns> Next() override {
    times_.clear();
    values_.clear();
    for (; at_->Valid() && times_.size() < kRunLength; at_->Next()) {
      if (at_->key().size() != kSampleKeyBytes || at_->value().size() != 8) {
        return std::unexpected(ReadError(rocksdb::Status::Corruption("a sample has not the size of one")));
      }
      times_.push_back(FromUnixMs(TimeOfSampleKey({at_->key().data(), at_->key().size()})));
      values_.push_back(std::bit_cast<double>(LoadU64(at_->value().data())));
    }
    if (!at_->Valid() && !at_->status().ok()) return std::unexpected(ReadError(at_->status()));
    return SampleColumns{times_, values_};
  }

 private:
  std::string end_;
  rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> at_;
  std::vector<TimestampMs> times_;
  std::vector<double> values_;
};

class EmptyCursor final : public SampleCursor {
 public:
  Result<SampleColumns> Next() override { return SampleColumns{}; }
};

}  // namespace

std::unique_ptr<SampleCursor> MakeSampleReader(const SampleDb& db, TenantId tenant, SeriesId series, TimeRange range) {
  if (range.first > range.last) return std::make_unique<EmptyCursor>();
  return std::make_unique<SampleReader>(db, tenant, series, range);
}

}  // namespace helios::tsdb
