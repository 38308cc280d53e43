// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/journal_samples.h"

#include <algorithm>

namespace helios::tsdb {
namespace {

constexpr std::size_t kFirstCapacity = 1024;

/// Bytes behind the codes that PackCodes() may read.
constexpr std::size_t kCodeSlack = 8;

constexpr std::array<std::uint8_t, 16> MakeCodeBytes() {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t code = 0; code < bytes.size(); ++code) {
    bytes[code] = static_cast<std::uint8_t>(journal::kCuts[code].bytes());
  }
  return bytes;
}
constexpr std::array<std::uint8_t, 16> kCodeBytes = MakeCodeBytes();

constexpr std::array<std::uint64_t, 9> kLowBytes = {
    0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff};

/// A step and how long it lasts: varint(step * 2 + (run > 1)), then varint(run - 2) where the run is longer than one.
void AppendToken(std::string& out, std::uint64_t step, std::uint64_t run) {
  AppendVarint(out, step << 1U | static_cast<std::uint64_t>(run > 1));
  if (run > 1) AppendVarint(out, run - 2);
}

struct Token {
  std::int64_t step;
  std::uint64_t run;
};

Token TakeToken(ByteCursor& cursor) {
  const std::uint64_t head = cursor.Varint();
  std::uint64_t run = 1;
  // A run never passes the sample count, which Check() compares it with; the bound keeps the sum from wrapping.
  if ((head & 1U) != 0) run = cursor.VarintUpTo(~0U) + 2;
  return {UnZigZag(head >> 1U), run};
}

/// Two codes a byte, in place: `packed` bytes out of twice as many, eight read at a time.
void PackCodes(char* codes, std::size_t packed) {
  for (std::size_t i = 0; i < packed; i += 4) {
    auto eight = LoadLittle<std::uint64_t>(codes + 2 * i);
    eight = (eight | eight >> 4U) & 0x00ff00ff00ff00ffULL;
    eight = (eight | eight >> 8U) & 0x0000ffff0000ffffULL;
    StoreLittle(codes + i, static_cast<std::uint32_t>(eight | eight >> 16U));
  }
}

std::uint8_t CodeAt(std::string_view codes, std::size_t position) {
  const auto both = static_cast<std::uint8_t>(codes[position / 2]);
  return (position & 1U) == 0 ? both & 15U : both >> 4U;
}

}  // namespace

void SamplesEncoder::Start(std::uint32_t tenant) {
  tenant_ = tenant;
  count_ = 0;
  next_series_ = 0;
  series_run_ = 0;
  series_step_ = 0;
  time_ms_ = 0;
  time_run_ = 0;
  time_step_ = 0;
  check_ = 0;
  value_end_ = values_.get();
  series_tokens_.clear();
  time_tokens_.clear();
}

void SamplesEncoder::Grow() {
  const std::size_t capacity = std::max(kFirstCapacity, 2 * capacity_);
  auto codes = std::make_unique_for_overwrite<char[]>(capacity + kCodeSlack);
  auto values = std::make_unique_for_overwrite<char[]>(capacity * 8 + 8);
  const std::size_t used = value_bytes();
  if (count_ > 0) {
    std::memcpy(codes.get(), codes_.get(), count_);
    std::memcpy(values.get(), values_.get(), used);
  }
  codes_ = std::move(codes);
  values_ = std::move(values);
  value_end_ = values_.get() + used;
  capacity_ = capacity;
}

void SamplesEncoder::TurnSeries(std::uint64_t series) {
  if (series_run_ > 0) AppendToken(series_tokens_, series_step_, series_run_);
  series_step_ = ZigZag(static_cast<std::int64_t>(series - next_series_));
  series_run_ = 1;
}

void SamplesEncoder::TurnTime(std::int64_t time_ms) {
  if (time_run_ > 0) AppendToken(time_tokens_, time_step_, time_run_);
  time_step_ = ZigZag(time_ms - time_ms_);
  time_run_ = 1;
  time_ms_ = time_ms;
}

std::size_t SamplesEncoder::MaxBytes() const {
  return 2 * kMaxVarintBytes + sizeof check_ + series_tokens_.size() + time_tokens_.size() + 2 * kMaxTokenBytes +
         (count_ + 1) / 2 + value_bytes();
}

void SamplesEncoder::Finish(std::string& out) {
  AppendVarint(out, tenant_);
  AppendVarint(out, count_);
  out.append(reinterpret_cast<const char*>(&check_), sizeof check_);
  out += series_tokens_;
  AppendToken(out, series_step_, series_run_);
  out += time_tokens_;
  AppendToken(out, time_step_, time_run_);
  // The last byte of an odd count has no second code, and is complete all the same.
  std::memset(codes_.get() + count_, 0, kCodeSlack);
  const std::size_t packed = (count_ + 1) / 2;
  PackCodes(codes_.get(), packed);
  out.append(codes_.get(), packed);
  out.append(values_.get(), value_bytes());
  Start(tenant_);
}

Result<SamplesDecoder> SamplesDecoder::Open(std::string_view body) {
  SamplesDecoder decoder(body);
  if (!decoder.Check()) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.bad_record",
                "cannot read a journal record of samples: its {} bytes do not fit together", body.size());
  }
  return decoder;
}

bool SamplesDecoder::Check() {
  ByteCursor cursor = series_tokens_;
  tenant_ = static_cast<std::uint32_t>(cursor.VarintUpTo(~0U));
  // Each sample has half a byte of code at least.
  count_ = cursor.VarintUpTo(2 * cursor.left());
  check_ = cursor.Fixed<std::uint64_t>();
  if (cursor.failed() || count_ == 0) return false;

  series_tokens_ = cursor;
  std::uint64_t next = 0;
  for (std::uint64_t covered = 0; covered < count_;) {
    const auto [step, run] = TakeToken(cursor);
    // Both are below 2^63, so that the sum wraps at most to what the comparison refuses.
    next += static_cast<std::uint64_t>(step);
    covered += run;
    if (cursor.failed() || covered > count_ || next > kMaxJournalSeries || run - 1 > kMaxJournalSeries - next) {
      return false;
    }
    next += run;
  }
  time_tokens_ = cursor;
  std::int64_t time = 0;
  for (std::uint64_t covered = 0; covered < count_;) {
    const auto [step, run] = TakeToken(cursor);
    covered += run;
    if (cursor.failed() || covered > count_ || __builtin_add_overflow(time, step, &time)) return false;
    if (time > kMaxJournalTimeMs || time < -kMaxJournalTimeMs) return false;
  }
  codes_ = cursor.Bytes((count_ + 1) / 2);
  if (cursor.failed()) return false;
  std::uint64_t value_bytes = 0;
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    value_bytes += kCodeBytes[CodeAt(codes_, 2 * i)] + kCodeBytes[CodeAt(codes_, 2 * i + 1)];
  }
  if (count_ % 2 == 1 && CodeAt(codes_, count_) != 0) return false;
  values_ = cursor.Bytes(value_bytes);
  return cursor.Finished();
}

bool SamplesDecoder::Next() {
  if (position_ == count_) return false;
  ++series_;
  if (series_left_ == 0) {
    const auto [step, run] = TakeToken(series_tokens_);
    series_ += static_cast<std::uint64_t>(step);
    series_left_ = run;
  }
  --series_left_;
  if (time_left_ == 0) {
    const auto [step, run] = TakeToken(time_tokens_);
    time_ms_ += step;
    time_left_ = run;
  }
  --time_left_;
  const std::uint8_t code = CodeAt(codes_, position_++);
  const std::size_t bytes = kCodeBytes[code];
  std::uint64_t stored = 0;
  if (values_.size() >= 8) [[likely]] {
    stored = LoadLittle<std::uint64_t>(values_) & kLowBytes[bytes];
  } else {
    std::memcpy(&stored, values_.data(), bytes);
  }
  difference_ = stored << (8U * journal::kCuts[code].back);
  values_.remove_prefix(bytes);
  return true;
}

}  // namespace helios::tsdb
