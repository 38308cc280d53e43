// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "commands.h"
#include "workbench/forecast_command.h"
#include "workbench/series_forecaster.h"

void DeclareForecast(CLI::App& app, Command& chosen) {
  namespace workbench = helios::workbench;
  auto* command = app.add_subcommand("forecast", "forecast one series, with intervals and the reason for the model");
  auto options = std::make_shared<workbench::ForecastCommandOptions>();
  command->add_option("FILE", options->file, "CSV (timestamp,value) or JSON ([{\"timestamp\",\"value\"},...])")
      ->required();
  auto* horizons = command->add_option("--horizons", options->horizons,
                                       "how far ahead: minutes, or such as 90m, 6h, 7d; several by commas "
                                       "(default 15,30,60)");
  // One word a flag: a second one is FILE.
  horizons->delimiter(',')->allow_extra_args(false)->type_name("TIME,...");
  auto* steps = command->add_option("--steps", options->steps, "instead: the next so many steps of the series");
  steps->check(CLI::Range(1, 10'080))->type_name("N");
  auto* until = command->add_option("--until", options->until, "instead: every step until this time, RFC 3339");
  until->type_name("TIME");
  horizons->excludes(steps)->excludes(until);
  steps->excludes(until);
  command
      ->add_option("--level", options->levels,
                   "share of future values that the interval is to hold, above 0 and below 1; several by commas, or "
                   "repeated")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("SHARE,...")
      ->capture_default_str();
  command
      ->add_option("--model", options->model,
                   fmt::format("one of {}", fmt::join(workbench::ForecastModelNames(), ", ")))
      ->capture_default_str();
  command
      ->add_option("--season", options->seasons,
                   "length of the season, such as 1d, for seasonal_naive, exponential_smoothing, theta and mstl; "
                   "several by commas (default: a day and a week)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("TIME,...");
  command->add_flag("--counter", options->counter,
                    "the values are a counter's: forecast what it counts a second, over its restarts");
  command->add_option("--unit", options->unit, "what the values are measured in, for the table and the drawing");
  command->add_option("--plot", options->plot, "draw history, forecast and intervals into this SVG file");
  command->add_flag("--json", options->json, "one JSON object, as POST /predict answers, instead of a table");
  command->callback([options, &chosen] { chosen = [options] { return workbench::RunForecast(*options); }; });
}
