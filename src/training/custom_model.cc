// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/custom_model.h"

#include <fmt/ranges.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <functional>

#include "ml/xgboost_model.h"
#include "training/public_holidays.h"

namespace helios::training {
namespace {

namespace json = boost::json;
using std::chrono::minutes;
using std::chrono::sys_days;

constexpr std::int64_t kMostSeasons = 4;
constexpr std::int64_t kLongestSeason =
    20'160;  // minutes: half of the longest grid of five minutes would not hold more
constexpr std::int64_t kSeasonGrain = 5;
constexpr std::int64_t kMostOrder = 20;
constexpr std::size_t kMostHolidays = 20;
constexpr std::size_t kMostDays = 100;
constexpr std::int64_t kMostAround = 7;
constexpr std::size_t kMostHorizons = 12;

std::optional<sys_days> ParseDay(const std::string& text) {
  if (text.size() != 10) return std::nullopt;
  const auto midnight = ParseRfc3339(text + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*midnight);
}

std::string DayText(sys_days day) {
  return FormatRfc3339(TimestampMs{day.time_since_epoch()}).substr(0, 10);
}

void ReadModels(http::ObjectReader& reader, CustomModelDefinition& definition) {
  const auto known = ml::NamedForecaster::ModelNames();
  for (const auto& item : reader.Array("models")) {
    const std::string name = item.is_string() ? std::string(item.as_string()) : std::string(http::KindName(item));
    if (!item.is_string() || std::ranges::find(known, name) == known.end()) {
      reader.Reject("models", name.substr(0, 64), fmt::format("some of {}", fmt::join(known, ", ")));
      return;
    }
    if (std::ranges::find(definition.models, name) != definition.models.end()) {
      reader.Reject("models", name + " twice", "each once");
      return;
    }
    definition.models.push_back(name);
  }
  if (definition.models.empty()) reader.Reject("models", "none", "one at least");
}

void ReadSeasonalities(http::ObjectReader& reader, CustomModelDefinition& definition) {
  const auto* const array = reader.OptionalArray("seasonalities");
  if (array == nullptr) return;
  if (array->size() > kMostSeasons) {
    reader.Reject("seasonalities", fmt::format("{} of them", array->size()), fmt::format("at most {}", kMostSeasons));
    return;
  }
  for (const auto& item : *array) {
    if (!item.is_object()) {
      reader.Reject("seasonalities", http::KindName(item), "objects with period_minutes");
      return;
    }
    http::ObjectReader each(item.as_object(), "seasonalities.");
    const auto period = each.OptionalInteger("period_minutes", 2 * kSeasonGrain, kLongestSeason);
    const auto order = each.OptionalInteger("order", 1, kMostOrder);
    if (const auto done = each.Finish(); !done) {
      reader.Reject("seasonalities", done.error().message, "valid ones");
      return;
    }
    if (!period || *period % kSeasonGrain != 0) {
      reader.Reject("seasonalities", period ? fmt::format("a period of {} minutes", *period) : "no period_minutes",
                    "multiples of 5 minutes, which training works on");
      return;
    }
    definition.seasonalities.push_back(
        {.period = minutes{*period}, .order = order ? std::optional(static_cast<std::size_t>(*order)) : std::nullopt});
  }
}

/// What is wrong with one holiday, or nothing.
std::optional<std::string> ReadHoliday(const json::value& item, CustomHoliday& holiday) {
  if (!item.is_object()) return std::string(http::KindName(item));
  http::ObjectReader each(item.as_object(), "holidays.");
  holiday.name = each.String("name", 100);
  const auto days = each.OptionalStrings("dates", kMostDays, 10);
  holiday.days_before = static_cast<int>(each.OptionalInteger("days_before", 0, kMostAround).value_or(0));
  holiday.days_after = static_cast<int>(each.OptionalInteger("days_after", 0, kMostAround).value_or(0));
  if (const auto done = each.Finish(); !done) return done.error().message;
  if (!days || days->empty()) return fmt::format("'{}' without dates", holiday.name);
  for (const std::string& text : *days) {
    const auto day = ParseDay(text);
    if (!day) return fmt::format("the date '{}'", text);
    holiday.days.push_back(*day);
  }
  return std::nullopt;
}

void ReadHolidays(http::ObjectReader& reader, CustomModelDefinition& definition) {
  definition.holiday_country = reader.OptionalString("holiday_country", 64);
  const auto countries = HolidayCountries();
  if (definition.holiday_country && std::ranges::find(countries, *definition.holiday_country) == countries.end()) {
    reader.Reject("holiday_country", *definition.holiday_country,
                  fmt::format("one of {}; state other days under 'holidays'", fmt::join(countries, ", ")));
  }
  if (const auto* const array = reader.OptionalArray("holidays")) {
    if (array->size() > kMostHolidays) {
      reader.Reject("holidays", fmt::format("{} of them", array->size()), fmt::format("at most {}", kMostHolidays));
      return;
    }
    for (const auto& item : *array) {
      auto& holiday = definition.holidays.emplace_back();
      if (const auto wrong = ReadHoliday(item, holiday)) {
        reader.Reject("holidays", *wrong, "objects with a name and dates as 2026-12-24");
        return;
      }
    }
  }
}

void ReadHorizons(http::ObjectReader& reader, CustomModelDefinition& definition) {
  const auto* const array = reader.OptionalArray("horizons");
  if (array == nullptr) return;
  if (array->empty() || array->size() > kMostHorizons) {
    reader.Reject("horizons", fmt::format("{} of them", array->size()), fmt::format("1 to {}", kMostHorizons));
    return;
  }
  for (const auto& item : *array) {
    if (!item.is_int64() || item.as_int64() < 1 || item.as_int64() > ml::NamedForecaster::kLongestHorizon.count()) {
      reader.Reject("horizons", item.is_int64() ? std::to_string(item.as_int64()) : std::string(http::KindName(item)),
                    fmt::format("whole minutes from 1 to {}", ml::NamedForecaster::kLongestHorizon.count()));
      return;
    }
    definition.horizons.emplace_back(item.as_int64());
  }
}

ml::ProphetHoliday HolidayOf(const std::vector<sys_days>& days, int before, int after) {
  ml::ProphetHoliday made{.days = {}, .lower_window = -before, .upper_window = after, .prior_scale = {}};
  for (const auto day : days) made.days.emplace_back(day.time_since_epoch() + std::chrono::hours{12});
  return made;
}

}  // namespace

bool HasCustomModels(tenancy::Plan plan) {
  return plan != tenancy::Plan::kStarter;
}

CustomModelDefinition ReadDefinition(http::ObjectReader& reader) {
  CustomModelDefinition definition;
  ReadModels(reader, definition);
  ReadSeasonalities(reader, definition);
  ReadHolidays(reader, definition);
  ReadHorizons(reader, definition);
  return definition;
}

Result<void> CheckDefinition(const CustomModelDefinition& definition) {
  const auto refuse = [](std::string_view why) {
    return Fail(ErrorCode::kInvalidArgument, "training.bad_custom_model", "cannot set a custom model: {}", why);
  };
  const auto names = [&](std::string_view model) {
    return std::ranges::find(definition.models, model) != definition.models.end();
  };
  if (names("xgboost") && !ml::XgboostModel::Available()) {
    return refuse("this Helios is built without xgboost; want another model");
  }
  const auto falls = std::ranges::adjacent_find(definition.seasonalities, std::ranges::greater_equal{},
                                                &ml::NamedForecasterOptions::Season::period);
  if (falls != definition.seasonalities.end()) {
    return refuse(fmt::format("a season of {} minutes is followed by one that is no longer; want rising periods",
                              falls->period.count()));
  }
  if ((definition.holiday_country || !definition.holidays.empty()) && !names("prophet")) {
    return refuse("it has holidays without prophet; want prophet among 'models', the only one that knows holidays");
  }
  return {};
}

json::object ToJson(const CustomModelDefinition& definition) {
  json::array seasonalities;
  for (const auto& season : definition.seasonalities) {
    json::object one{{"period_minutes", season.period.count()}};
    if (season.order) one["order"] = *season.order;
    seasonalities.push_back(std::move(one));
  }
  json::array holidays;
  for (const auto& holiday : definition.holidays) {
    json::array dates;
    for (const auto day : holiday.days) dates.emplace_back(DayText(day));
    holidays.push_back({{"name", holiday.name},
                        {"dates", std::move(dates)},
                        {"days_before", holiday.days_before},
                        {"days_after", holiday.days_after}});
  }
  json::array horizons;
  for (const auto horizon : definition.horizons) horizons.emplace_back(horizon.count());
  json::object all{{"models", json::array(definition.models.begin(), definition.models.end())},
                   {"seasonalities", std::move(seasonalities)},
                   {"holiday_country", nullptr},
                   {"holidays", std::move(holidays)},
                   {"horizons", nullptr}};
  if (definition.holiday_country) all["holiday_country"] = *definition.holiday_country;
  if (!definition.horizons.empty()) all["horizons"] = std::move(horizons);
  return all;
}

json::object ToJson(const CustomModel& model) {
  json::object all{{"id", model.id.ToString()}, {"metric", model.metric}};
  for (auto& [name, value] : ToJson(model.definition)) all[name] = std::move(value);
  all["created_at"] = FormatRfc3339(model.created_at);
  all["updated_at"] = FormatRfc3339(model.updated_at);
  return all;
}

ml::NamedForecasterOptions OptionsOf(const CustomModelDefinition& definition, const TrainingSettings& settings,
                                     TimestampMs first, TimestampMs last) {
  ml::NamedForecasterOptions options{.models = definition.models,
                                     .seasons = definition.seasonalities,
                                     .holidays = {},
                                     .horizons = definition.horizons,
                                     .clock = settings.ClockAround(first, last)};
  for (const auto& holiday : definition.holidays) {
    options.holidays.push_back(HolidayOf(holiday.days, holiday.days_before, holiday.days_after));
  }
  if (definition.holiday_country) {
    const auto year_of = [](TimestampMs time) {
      return static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year());
    };
    for (const auto& holiday : PublicHolidays(*definition.holiday_country, year_of(first), year_of(last) + 1)) {
      options.holidays.push_back(HolidayOf(holiday.days, 0, 0));
    }
  }
  if (options.horizons.empty()) {
    for (const auto horizon : settings.horizons) {
      if (horizon <= ml::NamedForecaster::kLongestHorizon) options.horizons.push_back(horizon);
    }
  }
  if (options.horizons.empty()) options.horizons = {ml::NamedForecaster::kLongestHorizon};
  return options;
}

}  // namespace helios::training
