// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/journal_record.h"

#include <cstring>
#include <limits>

namespace helios::tsdb {
namespace {

constexpr std::uint32_t kMaxU32 = std::numeric_limits<std::uint32_t>::max();

void AppendHeader(std::string& payload, RecordKind kind, std::size_t body_bytes) {
  payload.push_back(static_cast<char>(kind));
  AppendVarint(payload, body_bytes);
}

/// A short body, built in place: head first, then as many bytes as it turned out to have.
class BodyBuilder {
 public:
  void Varint(std::uint64_t value) { end_ = PutVarint(end_, value); }
  void Bytes(std::string_view bytes) {
    std::memcpy(end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }
  [[nodiscard]] std::string_view bytes() const { return {bytes_, static_cast<std::size_t>(end_ - bytes_)}; }

 private:
  char bytes_[64];
  char* end_ = bytes_;
};

void Append(std::string& payload, RecordKind kind, const BodyBuilder& head, std::string_view rest = {}) {
  AppendHeader(payload, kind, head.bytes().size() + rest.size());
  payload += head.bytes();
  payload += rest;
}

std::unexpected<Error> BadRecord(std::string_view kind, std::size_t bytes) {
  return Fail(ErrorCode::kDataCorruption, "tsdb.bad_record",
              "cannot read a journal record of {}: its {} bytes do not fit together", kind, bytes);
}

std::uint32_t TakeU32(ByteCursor& cursor) {
  return static_cast<std::uint32_t>(cursor.VarintUpTo(kMaxU32));
}

}  // namespace

void AppendRecord(std::string& payload, const TenantRecord& record) {
  BodyBuilder body;
  body.Varint(record.number);
  body.Bytes({reinterpret_cast<const char*>(record.tenant.value.bytes.data()), record.tenant.value.bytes.size()});
  body.Varint(record.raw_hours);
  body.Varint(record.rollup_hours);
  Append(payload, RecordKind::kTenant, body);
}

void AppendRecord(std::string& payload, const SeriesRecord& record) {
  BodyBuilder body;
  body.Varint(record.tenant);
  body.Varint(record.series);
  Append(payload, RecordKind::kSeries, body, record.name);
}

void AppendRecord(std::string& payload, const UsageRecord& record) {
  BodyBuilder body;
  body.Varint(record.tenant);
  body.Varint(record.kind);
  body.Varint(record.hour);
  body.Varint(record.count);
  Append(payload, RecordKind::kUsage, body);
}

void AppendRecord(std::string& payload, const DeleteSeriesRecord& record) {
  BodyBuilder body;
  body.Varint(record.tenant);
  body.Varint(record.series);
  Append(payload, RecordKind::kDeleteSeries, body);
}

void AppendRecord(std::string& payload, const SealedRecord& record) {
  BodyBuilder body;
  body.Varint(record.tenant);
  Append(payload, RecordKind::kSealed, body, record.sealed);
}

void AppendSamples(std::string& payload, RecordKind kind, SamplesEncoder& encoder) {
  if (encoder.count() == 0) return;
  // The length stands before the body and is known after it: room for the longest is left, and the body moved up.
  const std::size_t start = payload.size();
  payload.reserve(start + 1 + kMaxVarintBytes + encoder.MaxBytes());
  payload.push_back(static_cast<char>(kind));
  std::size_t length_bytes = 1;
  for (std::size_t most = encoder.MaxBytes(); most >= 0x80; most >>= 7U) ++length_bytes;
  payload.append(length_bytes, '\0');
  encoder.Finish(payload);

  std::uint64_t length = payload.size() - start - 1 - length_bytes;
  char* at = payload.data() + start + 1;
  // A varint may be longer than it must: continued by zeros, it needs no move.
  for (std::size_t i = 0; i + 1 < length_bytes; ++i, length >>= 7U) *at++ = static_cast<char>(length | 0x80U);
  *at = static_cast<char>(length);
}

std::string SealedRecordAssociated(const Uuid& store, std::uint64_t segment, std::uint32_t tenant) {
  std::string bytes("helios journal record");
  bytes.append(reinterpret_cast<const char*>(store.bytes.data()), store.bytes.size());
  bytes.append(reinterpret_cast<const char*>(&segment), sizeof segment);
  bytes.append(reinterpret_cast<const char*>(&tenant), sizeof tenant);
  return bytes;
}

std::unexpected<Error> BadReference(std::uint32_t tenant, std::size_t samples) {
  return Fail(ErrorCode::kInternal, "tsdb.bad_reference",
              "cannot replay {} samples of tenant {}: they are relative to other values than the journal's", samples,
              tenant);
}

Result<std::optional<RawRecord>> RecordReader::Next() {
  if (cursor_.left() == 0 && !cursor_.failed()) return std::nullopt;
  const std::size_t left = cursor_.left();
  const auto kind = cursor_.Fixed<std::uint8_t>();
  const std::string_view body = cursor_.Bytes(cursor_.Varint());
  if (cursor_.failed()) return BadRecord("any kind", left);
  return RawRecord{static_cast<RecordKind>(kind), body};
}

Result<TenantRecord> DecodeTenant(std::string_view body) {
  ByteCursor cursor(body);
  TenantRecord record;
  record.number = TakeU32(cursor);
  record.tenant.value.bytes = cursor.Fixed<decltype(record.tenant.value.bytes)>();
  record.raw_hours = TakeU32(cursor);
  record.rollup_hours = TakeU32(cursor);
  if (!cursor.Finished()) return BadRecord("a tenant", body.size());
  return record;
}

Result<SeriesRecord> DecodeSeries(std::string_view body) {
  ByteCursor cursor(body);
  SeriesRecord record;
  record.tenant = TakeU32(cursor);
  record.series = cursor.Varint();
  if (cursor.failed()) return BadRecord("a series", body.size());
  record.name = cursor.rest();
  return record;
}

Result<UsageRecord> DecodeUsage(std::string_view body) {
  ByteCursor cursor(body);
  UsageRecord record;
  record.tenant = TakeU32(cursor);
  record.kind = static_cast<std::uint8_t>(cursor.VarintUpTo(0xff));
  record.hour = TakeU32(cursor);
  record.count = cursor.Varint();
  if (!cursor.Finished()) return BadRecord("usage", body.size());
  return record;
}

Result<DeleteSeriesRecord> DecodeDeleteSeries(std::string_view body) {
  ByteCursor cursor(body);
  DeleteSeriesRecord record;
  record.tenant = TakeU32(cursor);
  record.series = cursor.Varint();
  if (!cursor.Finished()) return BadRecord("a series' deletion", body.size());
  return record;
}

Result<SealedRecord> DecodeSealed(std::string_view body) {
  ByteCursor cursor(body);
  SealedRecord record;
  record.tenant = TakeU32(cursor);
  if (cursor.failed()) return BadRecord("a sealed payload", body.size());
  record.sealed = cursor.rest();
  return record;
}

}  // namespace helios::tsdb
