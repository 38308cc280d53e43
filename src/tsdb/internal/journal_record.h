// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/uuid.h"
#include "tsdb/internal/journal_bytes.h"
#include "tsdb/internal/journal_samples.h"

namespace helios::tsdb {

/// What a group's payload is made of: records, each kind (u8) | length (varint) | body, applied in their order.
/// A reader skips kinds that it does not know; numbers are never given a new meaning.
enum class RecordKind : std::uint8_t {
  kTenant = 1,        ///< TenantRecord: a tenant's number in this journal, and its policy as of now
  kSeries = 2,        ///< SeriesRecord: a new series
  kSamples = 3,       ///< samples, each relative to its series' newest sample journaled before in this segment
  kLateSamples = 4,   ///< samples out of order and of imports, relative to 0
  kUsage = 5,         ///< UsageRecord: what was counted
  kDeleteSeries = 6,  ///< DeleteSeriesRecord
  kSealed = 7,        ///< SealedRecord: records under a key of the tenant's own
};

struct TenantRecord {
  std::uint32_t number = 0;
  TenantId tenant;
  std::uint32_t raw_hours = 0;     ///< retention of samples
  std::uint32_t rollup_hours = 0;  ///< retention of rollups
  bool operator==(const TenantRecord&) const = default;
};

struct SeriesRecord {
  std::uint32_t tenant = 0;
  std::uint64_t series = 0;
  std::string_view name;  ///< canonical; borrowed from the payload
  bool operator==(const SeriesRecord&) const = default;
};

/// `count` more of `kind` in the hour. A difference, not a total: records of one hour add up.
struct UsageRecord {
  std::uint32_t tenant = 0;
  std::uint8_t kind = 0;
  std::uint32_t hour = 0;  ///< UTC hours since 1970, of acceptance
  std::uint64_t count = 0;
  bool operator==(const UsageRecord&) const = default;
};

struct DeleteSeriesRecord {
  std::uint32_t tenant = 0;
  std::uint64_t series = 0;
  bool operator==(const DeleteSeriesRecord&) const = default;
};

/// What was sealed is a payload of its own: records of that tenant. Associated data: SealedRecordAssociated().
struct SealedRecord {
  std::uint32_t tenant = 0;
  std::string_view sealed;  ///< borrowed from the payload
  bool operator==(const SealedRecord&) const = default;
};

void AppendRecord(std::string& payload, const TenantRecord& record);
void AppendRecord(std::string& payload, const SeriesRecord& record);
void AppendRecord(std::string& payload, const UsageRecord& record);
void AppendRecord(std::string& payload, const DeleteSeriesRecord& record);
void AppendRecord(std::string& payload, const SealedRecord& record);
/// The encoder's samples as one record of `kind`, kSamples or kLateSamples; nothing where it has none. The encoder is
/// empty afterwards.
void AppendSamples(std::string& payload, RecordKind kind, SamplesEncoder& encoder);

/// What a SealedRecord is bound to: the segment, the tenant's number in it and the store, so that it opens nowhere
/// else.
[[nodiscard]] std::string SealedRecordAssociated(const Uuid& store, std::uint64_t segment, std::uint32_t tenant);

/// One record of a payload, its body not yet read.
struct RawRecord {
  RecordKind kind{};  ///< any number: the kinds above are those known here
  std::string_view body;
};

/// Splits a payload into records. Bytes may be anything; nothing is allocated.
class RecordReader {
 public:
  explicit RecordReader(std::string_view payload) : cursor_(payload) {}

  /// The next record; nothing at the end. Errors: kDataCorruption tsdb.bad_record, after which there is no next one.
  [[nodiscard]] Result<std::optional<RawRecord>> Next();

 private:
  ByteCursor cursor_;
};

/// Bodies of records of the kind in the name. Errors: kDataCorruption tsdb.bad_record.
[[nodiscard]] Result<TenantRecord> DecodeTenant(std::string_view body);
[[nodiscard]] Result<SeriesRecord> DecodeSeries(std::string_view body);
[[nodiscard]] Result<UsageRecord> DecodeUsage(std::string_view body);
[[nodiscard]] Result<DeleteSeriesRecord> DecodeDeleteSeries(std::string_view body);
[[nodiscard]] Result<SealedRecord> DecodeSealed(std::string_view body);
/// kSamples and kLateSamples: SamplesDecoder::Open().

/// kInternal tsdb.bad_reference.
[[nodiscard]] std::unexpected<Error> BadReference(std::uint32_t tenant, std::size_t samples);

/// Reads a whole payload into `visitor`, which has
///   Result<void> OnTenant(const TenantRecord&), OnSeries(const SeriesRecord&), OnUsage(const UsageRecord&),
///                OnDeleteSeries(const DeleteSeriesRecord&), OnSealed(const SealedRecord&);
///   std::uint64_t Reference(std::uint32_t tenant, std::uint64_t series);  // asked right before OnSample()
///   void OnSample(std::uint32_t tenant, std::uint64_t series, std::int64_t time_ms, std::uint64_t bits);
///   void OnLateSample(… the same …);
///   void OnLostSamples(std::uint32_t tenant, std::size_t count);
///
/// A record is checked whole before anything of it is handed over; records before a bad one were handed over.
///
/// `after_damage`: groups of this segment before this one are missing (SegmentReader::damage() is not empty). Then
/// references may be those of samples that are lost. Each record of samples is compared with its check first, and one
/// that does not match goes to OnLostSamples() instead of bringing wrong values; a series of it stays lost up to the
/// segment's end, or until its value is what it was. Tenants and series may then be unknown, too.
///
/// Errors: kDataCorruption tsdb.bad_record; kInternal tsdb.bad_reference, without `after_damage`, where the references
/// were not those of the encoder: samples of this record were handed over with wrong values; those of the visitor.
template <class Visitor>
Result<void> DecodeRecords(std::string_view payload, bool after_damage, Visitor& visitor) {
  RecordReader reader(payload);
  for (;;) {
    HELIOS_TRY(const auto record, reader.Next());
    if (!record) return {};
    switch (record->kind) {
      case RecordKind::kTenant: {
        HELIOS_TRY(const auto tenant, DecodeTenant(record->body));
        HELIOS_CHECK(visitor.OnTenant(tenant));
        break;
      }
      case RecordKind::kSeries: {
        HELIOS_TRY(const auto series, DecodeSeries(record->body));
        HELIOS_CHECK(visitor.OnSeries(series));
        break;
      }
      case RecordKind::kSamples: {
        HELIOS_TRY(auto samples, SamplesDecoder::Open(record->body));
        const std::uint32_t tenant = samples.tenant();
        const auto reference = [&visitor, tenant](std::uint64_t series) { return visitor.Reference(tenant, series); };
        if (after_damage && !samples.Matches(reference)) {
          visitor.OnLostSamples(tenant, samples.count());
          break;
        }
        while (samples.Next()) {
          visitor.OnSample(tenant, samples.series(), samples.time_ms(), samples.Bits(reference(samples.series())));
        }
        if (!samples.Matched()) return BadReference(tenant, samples.count());
        break;
      }
      case RecordKind::kLateSamples: {
        HELIOS_TRY(auto samples, SamplesDecoder::Open(record->body));
        while (samples.Next()) {
          visitor.OnLateSample(samples.tenant(), samples.series(), samples.time_ms(), samples.Bits(0));
        }
        break;
      }
      case RecordKind::kUsage: {
        HELIOS_TRY(const auto usage, DecodeUsage(record->body));
        HELIOS_CHECK(visitor.OnUsage(usage));
        break;
      }
      case RecordKind::kDeleteSeries: {
        HELIOS_TRY(const auto gone, DecodeDeleteSeries(record->body));
        HELIOS_CHECK(visitor.OnDeleteSeries(gone));
        break;
      }
      case RecordKind::kSealed: {
        HELIOS_TRY(const auto sealed, DecodeSealed(record->body));
        HELIOS_CHECK(visitor.OnSealed(sealed));
        break;
      }
    }
  }
}

}  // namespace helios::tsdb
