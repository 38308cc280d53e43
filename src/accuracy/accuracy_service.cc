// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/accuracy_service.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

#include "http/json.h"
#include "tenancy/page.h"

namespace helios::accuracy {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostSeries = 1'000'000;

/// Which rows of a list are asked for.
struct Filter {
  std::optional<std::chrono::minutes> horizon;
  std::optional<bool> withdrawn;

  [[nodiscard]] bool Takes(const SeriesAccuracy& accuracy) const {
    return (!horizon || accuracy.horizon == *horizon) && (!withdrawn || accuracy.withdrawn.has_value() == *withdrawn);
  }
};

std::unexpected<Error> BadParameter(std::string_view name, std::string_view got, std::string_view want) {
  return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter", "cannot list: {} is '{}'; want {}", name,
              got.substr(0, 100), want);
}

Result<Filter> ParseFilter(const http::Request& request) {
  Filter filter;
  if (const auto horizon = request.Query("horizon_minutes")) {
    const auto at = std::ranges::find(kHorizons, *horizon, [](auto known) { return std::to_string(known.count()); });
    if (at == kHorizons.end()) return BadParameter("horizon_minutes", *horizon, "15, 30 or 60");
    filter.horizon = *at;
  }
  if (const auto withdrawn = request.Query("withdrawn")) {
    if (*withdrawn != "true" && *withdrawn != "false") return BadParameter("withdrawn", *withdrawn, "true or false");
    filter.withdrawn = *withdrawn == "true";
  }
  return filter;
}

json::value OrNull(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object ToJson(const tsdb::SeriesKey& key, const SeriesAccuracy& accuracy) {
  json::object labels;
  for (const tsdb::Label& label : key.labels) labels[label.name] = label.value;
  json::value withdrawn = nullptr;
  if (accuracy.withdrawn) {
    withdrawn =
        json::object{{"since", FormatRfc3339(accuracy.withdrawn->since)}, {"reason", accuracy.withdrawn->reason}};
  }
  return {{"metric", key.metric},
          {"labels", std::move(labels)},
          {"horizon_minutes", accuracy.horizon.count()},
          {"since", FormatRfc3339(accuracy.since)},
          {"forecasts_met", accuracy.week.met},
          {"mase", OrNull(accuracy.week.mase())},
          {"mae", accuracy.week.mae()},
          {"naive_mae", accuracy.week.naive_mae()},
          {"coverage", accuracy.week.coverage()},
          {"withdrawn", std::move(withdrawn)}};
}

json::array ToJson(const std::vector<HorizonSummary>& summaries) {
  json::array all;
  for (const HorizonSummary& summary : summaries) {
    std::optional<double> coverage;
    if (summary.met > 0) coverage = static_cast<double>(summary.covered) / static_cast<double>(summary.met);
    all.push_back({{"horizon_minutes", summary.horizon.count()},
                   {"series", summary.series},
                   {"withdrawn_series", summary.withdrawn},
                   {"forecasts_met", summary.met},
                   {"median_mase", OrNull(summary.median_mase)},
                   {"coverage", OrNull(coverage)}});
  }
  return all;
}

}  // namespace

tenancy::Routes AccuracyService::MakeRoutes() {
  const auto route = [this](std::string pattern, std::string operation, auto method) {
    return tenancy::Route{.method = http::Method::kGet,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = tenancy::Permission::kDataRead,
                          .handler = tenancy::BlockingHandler(
                              [this, method](const http::Request& request, const tenancy::RequestContext& context) {
                                return (this->*method)(request, context);
                              })};
  };
  return {route("/api/v1/models/{id}/accuracy", "getModelAccuracy", &AccuracyService::OfModel),
          route("/api/v1/accuracy", "getAccuracy", &AccuracyService::OfTenant)};
}

Result<http::Response> AccuracyService::OfModel(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"horizon_minutes", "withdrawn", "limit", "cursor"}));
  HELIOS_TRY(const Filter filter, ParseFilter(request));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  const auto id = Uuid::Parse(request.PathParameter("id"));
  if (!id) {
    return Fail(ErrorCode::kNotFound, "training.no_such_model", "cannot find the model '{}': it is not an id",
                request.PathParameter("id").substr(0, 64));
  }
  HELIOS_TRY(const JudgedModel model, models_.Find(context, *id));
  std::vector<tsdb::SeriesInfo> found;
  if (model.active) {
    HELIOS_TRY(found, store_.FindSeries(context.tenant, {.metric = model.metric, .matchers = {}}, kMostSeries));
  }
  json::array data;
  std::vector<tsdb::SeriesId> series;
  std::size_t row = 0;
  bool more = false;
  for (const tsdb::SeriesInfo& info : found) {
    series.push_back(info.id);
    if (more) continue;
    for (const SeriesAccuracy& accuracy : ledger_.AccuracyOf(context.tenant, info.id)) {
      if (!filter.Takes(accuracy) || row++ < page.offset) continue;
      more = data.size() == page.limit;
      if (more) break;
      data.push_back(ToJson(info.key, accuracy));
    }
  }
  json::object body{{"summary", ToJson(ledger_.Summarize(context.tenant, series))},
                    {"data", std::move(data)},
                    {"next_cursor", nullptr}};
  if (more) body["next_cursor"] = tenancy::NextCursor(request, context.tenant, cursors_, page.offset + page.limit);
  return http::Json(200, body);
}

Result<http::Response> AccuracyService::OfTenant(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_CHECK(tenancy::AllowQuery(request, {}));
  return http::Json(200, json::object{{"horizons", ToJson(ledger_.Summarize(context.tenant))}});
}

}  // namespace helios::accuracy
