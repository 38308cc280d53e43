// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace helios::transfer {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kEveryOnTerminal{1};
constexpr std::chrono::seconds kEvery{10};
/// A rate or what is left says nothing yet before.
constexpr double kLeastSeconds = 0.5;
constexpr double kMostLeft = 30.0 * 86'400;

}  // namespace

std::string Grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string DescribeTime(std::chrono::seconds duration) {
  const std::int64_t seconds = duration.count();
  if (seconds >= 3600) return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
  if (seconds >= 60) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} s", seconds);
}

std::string DescribeProgress(const Position& position, std::chrono::duration<double> elapsed) {
  std::string text = fmt::format("{} series, {} samples", Grouped(position.series), Grouped(position.samples));
  if (position.share) text += fmt::format(", {:.1f} %", 100 * std::clamp(*position.share, 0.0, 1.0));
  if (elapsed.count() < kLeastSeconds) return text;
  text += fmt::format(", {} samples/s",
                      Grouped(static_cast<std::uint64_t>(static_cast<double>(position.samples) / elapsed.count())));
  if (position.share && *position.share > 0) {
    const double left = elapsed.count() * (1 - std::min(1.0, *position.share)) / *position.share;
    if (left < kMostLeft) {
      text += fmt::format(", {} left", DescribeTime(std::chrono::seconds{static_cast<std::int64_t>(left + 0.5)}));
    }
  }
  return text;
}

Progress::Progress(bool quiet)
    : quiet_(quiet),
      terminal_(::isatty(STDERR_FILENO) == 1),
      begin_(steady_clock::now()),
      next_(begin_ + (terminal_ ? kEveryOnTerminal : kEvery)) {}

void Progress::Show(const Position& position) {
  if (quiet_ || steady_clock::now() < next_) return;
  next_ = steady_clock::now() + (terminal_ ? kEveryOnTerminal : kEvery);
  const std::string text = DescribeProgress(position, elapsed());
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}", text);
    line_open_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

void Progress::Note(std::string_view line) {
  Finish();
  fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
}

void Progress::Finish() {
  if (line_open_) fmt::print(stderr, "\r\x1b[K");
  line_open_ = false;
}

}  // namespace helios::transfer
