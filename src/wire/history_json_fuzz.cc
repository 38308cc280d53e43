// SPDX-License-Identifier: Apache-2.0
// Any JSON as a history, as horizons and as a level: what is taken lies within its bounds, and each refusal has a code.
#include "wire/history_json.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/json.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckHistory(const boost::json::array& array) {
  constexpr std::size_t kMost = 100;
  const auto history = helios::wire::ReadHistory(array, kMost);
  if (!history) return Require(!history.error().reason.empty() && !history.error().message.empty());
  Require(history->size() == array.size() && array.size() <= kMost);
  for (const helios::ml::Sample& sample : *history) {
    const std::int64_t time = helios::ToUnixMs(sample.time);
    Require(time >= 0 && time < 253'402'300'800'000);  // the year 10,000
    Require(!std::isinf(sample.value));
  }
}

void CheckHorizons(const boost::json::array& array) {
  const auto horizons = helios::wire::ReadHorizons(array);
  if (!horizons) return Require(horizons.error().reason == "inference.bad_horizon");
  Require(!horizons->empty() && horizons->size() <= helios::wire::kMaxHorizons && horizons->size() == array.size());
  for (const std::chrono::minutes ahead : *horizons) Require(ahead.count() >= 1 && ahead.count() <= 10'080);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = helios::http::ParseJson({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  if (const auto* array = value->if_array()) {
    CheckHistory(*array);
    CheckHorizons(*array);
  }
  if (const auto* number = value->if_double()) {
    const auto level = helios::wire::ReadLevel(*number);
    Require(level.has_value() == (*number > 0 && *number < 1));
  }
  return 0;
}
