// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/times_column.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "tsdb/internal/bit_packing.h"

namespace helios::tsdb {
namespace {

// From `position` on the line lies `jump` ms further.
struct Move {
  std::size_t position;
  std::int64_t jump;
};

// A line through the times, and what it costs to write them with it.
struct Fit {
  std::uint64_t step = 0;
  std::vector<Move> moves;
  bool exact = false;  // every time is on it
  std::size_t bits = std::numeric_limits<std::size_t>::max();
};

struct Window {
  std::int64_t base;
  unsigned width;
};

constexpr std::size_t MostMoves(std::size_t count) {
  return 4 + count / 16;
}

// What a move takes, about.
constexpr std::size_t kMoveBits = 24;

constexpr std::uint64_t Bits(std::int64_t time) {
  return static_cast<std::uint64_t>(time);
}

// Beyond these a difference of differences may not fit 64 bits; such times are written without moves.
constexpr std::uint64_t kLongestStep = 1ULL << 60U;

// How far the line moves where a step of `delta` stands for one of `step`. Whole steps keep the senders' grid, so that
// jitter around the pause is not carried on.
std::int64_t Jump(std::uint64_t delta, std::uint64_t step) {
  const auto beyond = static_cast<std::int64_t>(delta - step);
  const auto signed_step = static_cast<std::int64_t>(step);
  const std::int64_t steps = (beyond + (beyond < 0 ? -signed_step : signed_step) / 2) / signed_step;
  const std::int64_t off = beyond - steps * signed_step;
  return steps != 0 && std::abs(off) <= signed_step / 16 ? steps * signed_step : beyond;
}

// Pauses, and steps far too short. None when there are too many: then it is no line.
std::vector<Move> FindMoves(std::span<const std::int64_t> times, std::uint64_t step) {
  std::vector<Move> moves;
  if (step == 0 || step > kLongestStep) return moves;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const std::uint64_t delta = Bits(times[i]) - Bits(times[i - 1]);
    if (delta >= step / 2 && delta <= step + step / 2) continue;
    if (delta > kLongestStep || moves.size() == MostMoves(times.size())) return {};
    if (const std::int64_t jump = Jump(delta, step); jump != 0) moves.push_back({i, jump});
  }
  return moves;
}

// Calls `per_window(window, distances)` with each time's distance from the line's window base.
template <class PerWindow>
void ForEachWindow(std::span<const std::int64_t> times, const Fit& fit, PerWindow&& per_window) {
  std::array<std::uint64_t, kTimesWindow> distances;
  auto move = fit.moves.begin();
  std::uint64_t line = Bits(times[0]);
  for (std::size_t begin = 0; begin < times.size(); begin += kTimesWindow) {
    const std::size_t count = std::min(kTimesWindow, times.size() - begin);
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < count; ++i, line += fit.step) {
      if (move != fit.moves.end() && move->position == begin + i) line += Bits((move++)->jump);
      const auto distance = static_cast<std::int64_t>(Bits(times[begin + i]) - line);
      low = std::min(low, distance);
      high = std::max(high, distance);
      distances[i] = Bits(distance);
    }
    for (std::size_t i = 0; i < count; ++i) distances[i] -= Bits(low);
    per_window(Window{low, BitWidth(Bits(high) - Bits(low))}, std::span(distances).first(count));
  }
}

void TryStep(std::span<const std::int64_t> times, std::uint64_t step, Fit& best) {
  if (step == best.step) return;
  Fit fit{.step = step, .moves = FindMoves(times, step), .exact = true, .bits = 0};
  ForEachWindow(times, fit, [&](Window window, std::span<const std::uint64_t> distances) {
    fit.bits += 8 + 8 * VarintBytes(ZigZag(window.base)) + window.width * distances.size();
    fit.exact = fit.exact && window.base == 0 && window.width == 0;
  });
  if (fit.exact) fit.bits = 0;
  fit.bits += kMoveBits * fit.moves.size();
  if (fit.bits < best.bits) best = std::move(fit);
}

void TryRoundedSteps(std::span<const std::int64_t> times, std::uint64_t step, Fit& best) {
  for (const std::uint64_t unit : {1000U, 100U, 1U}) TryStep(times, (step + unit / 2) / unit * unit, best);
}

Fit FindLine(std::span<const std::int64_t> times) {
  Fit best;
  const std::uint64_t steps = times.size() - 1;
  TryRoundedSteps(times, (Bits(times.back()) - Bits(times.front()) + steps / 2) / steps, best);
  // Jitter of a scrape takes some ten bits; beyond that, pauses have falsified the mean.
  if (best.bits > 12 * times.size()) {
    std::vector<std::uint64_t> deltas(steps);
    for (std::size_t i = 0; i < steps; ++i) deltas[i] = Bits(times[i + 1]) - Bits(times[i]);
    const auto middle = deltas.begin() + static_cast<std::ptrdiff_t>(steps / 2);
    std::nth_element(deltas.begin(), middle, deltas.end());
    TryRoundedSteps(times, *middle, best);
  }
  return best;
}

bool Rise(const std::int64_t* times, std::size_t count) {
  bool rise = true;
  for (std::size_t i = 1; i < count; ++i) rise &= times[i - 1] < times[i];
  return rise;
}

// Moves from the front of `in`, in order and within `count`.
bool TakeMoves(ColumnReader& in, std::size_t count, std::vector<Move>& moves) {
  const std::uint64_t moved = in.Varint();
  if (!in.ok() || moved > MostMoves(count) || moved * 2 > in.left()) return false;
  moves.resize(moved);
  std::size_t position = 0;
  for (Move& move : moves) {
    const std::uint64_t ahead = in.Varint();
    move.jump = in.Signed();
    if (ahead == 0 || ahead >= count - position) return false;
    move.position = position += ahead;
  }
  return in.ok();
}

bool TakeWindow(ColumnReader& in, std::size_t count, std::int64_t* out) {
  const unsigned width = in.Byte();
  const std::uint64_t base = Bits(in.Signed());
  if (!in.ok() || width > kMaxPackedWidth) return false;
  const char* packed = in.Bytes(PackedBytes(count, width));
  if (packed == nullptr) return false;
  std::array<std::uint64_t, kTimesWindow> distances;
  UnpackBits(packed, in.end(), count, width, distances.data());
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::int64_t>(Bits(out[i]) + base + distances[i]);
  return true;
}

std::unexpected<Error> BadTimes(std::size_t size) {
  return Fail(ErrorCode::kDataCorruption, "tsdb.bad_chunk",
              "cannot read a column of times: its {} bytes are damaged or of an unknown form", size);
}

}  // namespace

bool AreEvenlySpaced(std::span<const std::int64_t> times_ms) {
  if (times_ms.size() < 3) return true;
  const std::uint64_t step = Bits(times_ms[1]) - Bits(times_ms[0]);
  std::uint64_t differs = 0;
  for (std::size_t i = 2; i < times_ms.size(); ++i) differs |= Bits(times_ms[i]) - Bits(times_ms[i - 1]) - step;
  return differs == 0;
}

std::size_t MaxTimesBytes(std::size_t count) {
  const std::size_t windows = count / kTimesWindow + 1;
  return kMaxVarintBytes * 2 + MostMoves(count) * kMaxVarintBytes * 2 + windows * (1 + kMaxVarintBytes) + count * 8 +
         kPackSlack;
}

char* PutTimes(std::span<const std::int64_t> times_ms, char* out, unsigned& shape) {
  shape = 0;
  if (times_ms.size() < 2) return out;
  if (AreEvenlySpaced(times_ms)) return PutVarint(out, Bits(times_ms[1]) - Bits(times_ms[0]));
  const Fit fit = FindLine(times_ms);
  out = PutVarint(out, fit.step);
  if (!fit.moves.empty()) {
    shape |= kTimesMoved;
    out = PutVarint(out, fit.moves.size());
    std::size_t position = 0;
    for (const Move& move : fit.moves) {
      out = PutVarint(out, move.position - position);
      out = PutVarint(out, ZigZag(move.jump));
      position = move.position;
    }
  }
  if (fit.exact) return out;
  shape |= kTimesOffLine;
  ForEachWindow(times_ms, fit, [&](Window window, std::span<const std::uint64_t> distances) {
    out = PutByte(out, window.width);
    out = PutVarint(out, ZigZag(window.base));
    PackBits(distances.data(), distances.size(), window.width, out);
    out += PackedBytes(distances.size(), window.width);
  });
  return out;
}

bool TakeTimes(ColumnReader& in, std::size_t count, std::int64_t first_ms, unsigned shape, std::int64_t* out) {
  out[0] = first_ms;
  if (count == 1) return shape == 0;
  const std::uint64_t step = in.Varint();
  if (!in.ok()) return false;
  std::uint64_t line = Bits(first_ms);
  for (std::size_t i = 0; i < count; ++i, line += step) out[i] = static_cast<std::int64_t>(line);
  if (shape == 0) {
    // No time may pass the largest number.
    return step > 0 && step <= (Bits(std::numeric_limits<std::int64_t>::max()) - Bits(first_ms)) / (count - 1);
  }
  if ((shape & kTimesMoved) != 0) {
    std::vector<Move> moves;
    if (!TakeMoves(in, count, moves)) return false;
    std::uint64_t moved = 0;
    for (std::size_t m = 0; m < moves.size(); ++m) {
      moved += Bits(moves[m].jump);
      const std::size_t end = m + 1 < moves.size() ? moves[m + 1].position : count;
      for (std::size_t i = moves[m].position; i < end; ++i) out[i] = static_cast<std::int64_t>(Bits(out[i]) + moved);
    }
  }
  if ((shape & kTimesOffLine) != 0) {
    for (std::size_t begin = 0; begin < count; begin += kTimesWindow) {
      if (!TakeWindow(in, std::min(kTimesWindow, count - begin), out + begin)) return false;
    }
  }
  return out[0] == first_ms && Rise(out, count);
}

bool PeekLastTime(ColumnReader& in, std::size_t count, std::int64_t first_ms, unsigned shape, std::int64_t& last_ms) {
  std::uint64_t last = Bits(first_ms);
  if (count > 1) last += in.Varint() * (count - 1);
  if ((shape & kTimesMoved) != 0) {
    std::vector<Move> moves;
    if (!TakeMoves(in, count, moves)) return false;
    for (const Move& move : moves) last += Bits(move.jump);
  }
  if ((shape & kTimesOffLine) != 0) {
    const unsigned width = in.Byte();
    last += Bits(in.Signed());
    if (!in.ok() || width > kMaxPackedWidth) return false;
    const char* packed = in.Bytes(PackedBytes(count, width));
    if (packed == nullptr) return false;
    last += UnpackOne(packed, in.end(), count - 1, width);
  }
  last_ms = static_cast<std::int64_t>(last);
  return in.ok() && (count == 1 ? shape == 0 : last_ms > first_ms);
}

void EncodeTimes(std::span<const std::int64_t> times_ms, std::string& out) {
  const std::size_t begin = out.size();
  out.resize(begin + 2 * kMaxVarintBytes + 1 + MaxTimesBytes(times_ms.size()));
  char* end = PutVarint(out.data() + begin, times_ms.size());
  end = PutVarint(end, ZigZag(times_ms[0]));
  char* const shape_at = end;
  unsigned shape = 0;
  end = PutTimes(times_ms, end + 1, shape);
  PutByte(shape_at, shape);
  out.resize(static_cast<std::size_t>(end - out.data()));
}

Result<void> DecodeTimes(std::string_view bytes, Column<std::int64_t>& times_ms) {
  ColumnReader in(bytes);
  const std::uint64_t count = in.Varint();
  const std::int64_t first = in.Signed();
  const unsigned shape = in.Byte();
  if (!in.ok() || count == 0 || count > kMaxTimes || shape >= kTimesShapes) return BadTimes(bytes.size());
  const std::size_t before = times_ms.size();
  times_ms.resize(before + count);
  if (!TakeTimes(in, count, first, shape, times_ms.data() + before) || in.left() > 0) {
    times_ms.resize(before);
    return BadTimes(bytes.size());
  }
  return {};
}

}  // namespace helios::tsdb
