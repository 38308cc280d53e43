// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/model_catalog_adapter.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace helios::wiring {
namespace {

std::string MetricsJson(const ml::BacktestMetrics& metrics) {
  boost::json::object json;
  const auto set = [&json](std::string_view name, const std::optional<double>& value) {
    if (value) json[name] = *value;
  };
  set("mase", metrics.mase);
  set("smape", metrics.smape);
  set("mae", metrics.mae);
  set("coverage", metrics.coverage);
  return boost::json::serialize(json);
}

}  // namespace

Result<inference::ModelReference> ModelCatalogAdapter::ActiveModel(const tenancy::RequestContext& context,
                                                                   const std::string& metric,
                                                                   const ml::SeriesForecast& forecast) {
  HELIOS_TRY(
      const training::Model model,
      registry_.FindOrRegister(context, {.metric = metric,
                                         .model_type = "automatic",  // each series has its own; an answer names it
                                         .metrics = MetricsJson(forecast.metrics),
                                         .history_start = forecast.origin - forecast.history_span,
                                         .history_end = forecast.origin}));
  return inference::ModelReference{.id = model.id, .name = model.name, .version = model.version};
}

Result<std::optional<inference::ModelReference>> ModelCatalogAdapter::TrainedModel(
    const tenancy::RequestContext& context, const std::string& metric) {
  HELIOS_TRY(const auto model, served_.FindTrained(context, metric));
  if (!model) return std::nullopt;
  return inference::ModelReference{.id = model->id, .name = model->name, .version = model->version};
}

inference::FoundPart ModelCatalogAdapter::FindPart(const tenancy::RequestContext& context,
                                                   const tsdb::SeriesKey& series) {
  const auto model = served_.FindTrained(context, series.metric);
  if (!model) return {.unusable = model.error()};
  if (!*model) return {};
  auto part = served_.FindPart(context, **model, series);
  if (!part) return {.unusable = std::move(part).error()};
  return {.part = *std::move(part)};
}

void ModelCatalogAdapter::ReportUnusable(const tenancy::RequestContext& context, const std::string& metric,
                                         const Error& error) {
  served_.ReportUnusable(context, metric, error);
}

}  // namespace helios::wiring
