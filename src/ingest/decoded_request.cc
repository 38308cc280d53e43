// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/decoded_request.h"

#include <algorithm>
#include <numeric>

namespace helios::ingest {
namespace {

/// What a thread keeps between requests; an ordinary request needs a tenth of it.
constexpr std::size_t kKeptArenaBytes = 2U << 20U;
constexpr std::size_t kKeptRows = kMaxSamplesPerRequest;
constexpr std::size_t kKeptNames = kMaxSeriesPerRequest;

template <class Container>
void ClearKeeping(Container& container, std::size_t most) {
  container.clear();
  if (container.capacity() > most) container.shrink_to_fit();
}

}  // namespace

void DecodedRequest::Clear(const RequestLimits& limits) {
  limits_ = limits;
  batch_.any_order = false;
  ClearKeeping(batch_.series, kKeptNames);
  ClearKeeping(batch_.rows, kKeptRows);
  arena_.Clear(kKeptArenaBytes);
  ClearKeeping(arena_names_, kKeptNames);
  ClearKeeping(positions_, kKeptRows);
  ClearKeeping(rejected_, 0);
  ClearKeeping(left_out_, 0);
  ClearKeeping(histograms_, kKeptNames);
  name_begin_ = 0;
  distinct_ = false;
  extra_names_ = 0;
  mapped_ = false;
  total_ = 0;
}

std::uint32_t DecodedRequest::FinishSeries() {
  const std::string_view made = name();
  if (!arena_names_.empty()) {
    const ArenaName& last = arena_names_.back();
    if (last.series + 1 == batch_.series.size() && made == arena_.view().substr(last.begin, last.size)) {
      DropName();
      return last.series;
    }
  }
  const auto series = AddSeries({});  // Seal() says where it lies, once the arena grows no more
  arena_names_.push_back({.series = series,
                          .begin = static_cast<std::uint32_t>(name_begin_),
                          .size = static_cast<std::uint32_t>(made.size())});
  name_begin_ = arena_.size();
  return series;
}

void DecodedRequest::MapPositions() {
  if (mapped_) return;
  mapped_ = true;
  positions_.resize(batch_.rows.size());
  std::iota(positions_.begin(), positions_.end(), 0U);
}

void DecodedRequest::BeginItem() {
  MapPositions();
  ++total_;
}

void DecodedRequest::AddRow(std::uint32_t series, TimestampMs time, double value) {
  ++extra_names_;
  positions_.push_back(static_cast<std::uint32_t>(total_ - 1));
  batch_.rows.push_back({.series = series, .time = time, .value = value});
}

void DecodedRequest::Reject(std::string_view code, std::string detail, std::string series) {
  MapPositions();
  rejected_.push_back({.index = total_, .code = code, .detail = std::move(detail), .series = std::move(series)});
  ++total_;
}

bool DecodedRequest::LeaveOut(std::string_view code, std::size_t count) {
  const auto known = std::ranges::find(left_out_, code, &LeftOut::code);
  if (known != left_out_.end()) {
    known->count += count;
    return false;
  }
  left_out_.push_back({.code = code, .count = count, .detail = {}, .series = {}});
  return true;
}

void DecodedRequest::DescribeLeftOut(std::string detail, std::string series) {
  left_out_.back().detail = std::move(detail);
  left_out_.back().series = std::move(series);
}

Result<void> DecodedRequest::OverLimit(std::size_t more_samples) const {
  if (total_ + more_samples > limits_.samples || batch_.rows.size() > kMaxRows) {
    return Fail(ErrorCode::kTooLarge, "ingest.too_many_samples",
                "cannot take the request: it has more than {} samples; send it in parts", limits_.samples);
  }
  if (batch_.series.size() > AllowedNames()) {
    return Fail(ErrorCode::kTooLarge, "ingest.too_many_series",
                "cannot take the request: it has more than {} series; send it in parts", limits_.series);
  }
  return Fail(
      ErrorCode::kTooLarge, "http.body_too_large",
      "cannot take the request: the names of its series, written out, have more than {} bytes; send it in parts",
      limits_.decoded_bytes);
}

Result<void> DecodedRequest::MergeEqualNames() {
  std::vector<std::uint32_t> order(batch_.series.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [this](std::uint32_t i) { return batch_.series[i]; });
  std::vector<std::uint32_t> merged(order.size());
  std::vector<std::string_view> distinct;
  for (const std::uint32_t i : order) {
    if (distinct.empty() || distinct.back() != batch_.series[i]) distinct.push_back(batch_.series[i]);
    merged[i] = static_cast<std::uint32_t>(distinct.size() - 1);
  }
  for (tsdb::SampleBatch::Row& row : batch_.rows) row.series = merged[row.series];
  batch_.series = std::move(distinct);
  distinct_ = false;
  return CheckLimits();
}

Result<void> DecodedRequest::Seal(tsdb::NameFormat format, tsdb::NameDecoder decode) {
  HELIOS_CHECK(CheckLimits());
  batch_.format = format;
  batch_.decode = decode;
  for (const ArenaName& name : arena_names_) {
    batch_.series[name.series] = arena_.view().substr(name.begin, name.size);
  }
  if (distinct_ && batch_.series.size() > limits_.series + extra_names_) return MergeEqualNames();
  return {};
}

}  // namespace helios::ingest
