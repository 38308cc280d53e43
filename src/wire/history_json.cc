// SPDX-License-Identifier: Apache-2.0
#include "wire/history_json.h"

#include <limits>

#include "http/json.h"
#include "ml/forecast.h"

namespace helios::wire {
namespace {

Result<ml::Sample> ReadSample(const boost::json::value& item, std::size_t index) {
  const auto* object = item.if_object();
  if (object == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_field",
                "cannot read field 'history[{}]': got {}; want an object with timestamp and value", index,
                http::KindName(item));
  }
  http::ObjectReader reader(*object, fmt::format("history[{}].", index));
  const TimestampMs time = reader.Time("timestamp");
  const auto* value = object->if_contains("value");
  const bool gap = value != nullptr && value->is_null();
  const auto number = gap ? reader.OptionalNumber("value") : reader.Number("value");
  HELIOS_CHECK(reader.Finish());
  return ml::Sample{.time = time, .value = number.value_or(std::numeric_limits<double>::quiet_NaN())};
}

}  // namespace

Result<std::vector<ml::Sample>> ReadHistory(const boost::json::array& array, std::size_t most) {
  if (array.size() > most) {
    return Fail(ErrorCode::kInvalidArgument, "inference.history_too_long",
                "cannot read the history: got {} samples; want at most {}", array.size(), most);
  }
  std::vector<ml::Sample> history;
  history.reserve(array.size());
  for (const boost::json::value& item : array) {
    HELIOS_TRY(const ml::Sample sample, ReadSample(item, history.size()));
    history.push_back(sample);
  }
  return history;
}

Result<std::vector<std::chrono::minutes>> ReadHorizons(const boost::json::array& array) {
  if (array.empty() || array.size() > kMaxHorizons) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon", "cannot predict: got {} horizons; want 1 to {}",
                array.size(), kMaxHorizons);
  }
  std::vector<std::chrono::minutes> horizons;
  horizons.reserve(array.size());
  for (const boost::json::value& item : array) {
    const auto* minutes = item.if_int64();
    if (minutes == nullptr || *minutes < 1 || *minutes > ml::kMaxHorizon.count()) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                  "cannot predict: horizons[{}] must be a whole number of minutes from 1 to {}; got {}",
                  horizons.size(), ml::kMaxHorizon.count(),
                  minutes == nullptr ? std::string(http::KindName(item)) : std::to_string(*minutes));
    }
    horizons.emplace_back(*minutes);
  }
  return horizons;
}

Result<double> ReadLevel(double level) {
  if (level > 0 && level < 1) return level;
  return Fail(ErrorCode::kInvalidArgument, "inference.bad_level",
              "cannot predict: level must lie between 0 and 1, such as 0.95; got {}", level);
}

}  // namespace helios::wire
