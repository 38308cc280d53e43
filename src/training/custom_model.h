// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"
#include "http/json.h"
#include "ml/named_forecaster.h"
#include "tenancy/plan.h"
#include "training/training_settings.h"

namespace helios::training {

/// Days that a tenant knows to be unlike others.
struct CustomHoliday {
  std::string name;                         ///< at most 100 bytes
  std::vector<std::chrono::sys_days> days;  ///< by the organization's clock; 1 to 100
  int days_before = 0;                      ///< that it is felt, 0 to 7
  int days_after = 0;                       ///< 0 to 7
};

/// What a tenant says of a metric's model.
struct CustomModelDefinition {
  std::vector<std::string> models;  ///< of NamedForecaster::ModelNames(), each once
  std::vector<ml::NamedForecasterOptions::Season> seasonalities;
  std::optional<std::string> holiday_country;  ///< of HolidayCountries()
  std::vector<CustomHoliday> holidays;         ///< at most 20
  std::vector<std::chrono::minutes> horizons;  ///< each in [1, 1440]; empty: the organization's up to a day
};

struct CustomModel {
  Uuid id;
  std::string metric;
  CustomModelDefinition definition;
  TimestampMs created_at;
  TimestampMs updated_at;
};

/// Whether the plan has custom models: professional and above.
[[nodiscard]] bool HasCustomModels(tenancy::Plan plan);

/// Takes "models", "seasonalities", "holiday_country", "holidays" and "horizons" off the reader, which keeps what is
/// wrong with them: kInvalidArgument http.bad_field, http.unknown_field.
[[nodiscard]] CustomModelDefinition ReadDefinition(http::ObjectReader& reader);

/// Whether its fields go together: kInvalidArgument training.bad_custom_model where seasons do not rise, where holidays
/// are stated without Prophet, or where this build lacks a model.
[[nodiscard]] Result<void> CheckDefinition(const CustomModelDefinition& definition);

/// The definition with the same names.
[[nodiscard]] boost::json::object ToJson(const CustomModelDefinition& definition);
/// {"id", "metric", the definition, "created_at", "updated_at"}.
[[nodiscard]] boost::json::object ToJson(const CustomModel& model);

/// For a history from `first` to `last`.
[[nodiscard]] ml::NamedForecasterOptions OptionsOf(const CustomModelDefinition& definition,
                                                   const TrainingSettings& settings, TimestampMs first,
                                                   TimestampMs last);

}  // namespace helios::training
