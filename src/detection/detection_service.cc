// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/detection_service.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "detection/detect_answers.h"
#include "detection/detection_json.h"
#include "http/json.h"
#include "tenancy/page_answer.h"

namespace helios::detection {
namespace {

constexpr std::array<std::string_view, 4> kSeverities = {"low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 4> kAnomalyStatuses = {"open", "acknowledged", "resolved", "false_positive"};
constexpr std::array<std::string_view, 3> kIncidentStatuses = {"open", "acknowledged", "resolved"};

std::unexpected<Error> BadParameter(std::string_view name, std::string_view got, std::string_view want) {
  return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter", "cannot list: {} is '{}'; want {}", name,
              got.substr(0, 100), want);
}

Result<std::optional<std::string>> OneOf(const http::Request& request, std::string_view name,
                                         std::span<const std::string_view> words) {
  const auto value = request.Query(name);
  if (!value) return std::nullopt;
  if (std::ranges::find(words, *value) == words.end()) {
    return BadParameter(name, *value, fmt::format("{}", fmt::join(words, ", ")));
  }
  return std::string(*value);
}

Result<std::optional<TimestampMs>> TimeParameter(const http::Request& request, std::string_view name) {
  const auto value = request.Query(name);
  if (!value) return std::nullopt;
  const auto time = ParseRfc3339(*value);
  if (!time) return BadParameter(name, *value, "a time such as 2026-01-03T12:00:00Z");
  return *time;
}

Result<std::chrono::seconds> StepParameter(const http::Request& request) {
  const auto value = request.Query("step").value_or("");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  constexpr std::int64_t kLongest = 366 * 86'400;
  if (error != std::errc{} || end != value.data() + value.size() || seconds < 1 || seconds > kLongest) {
    return BadParameter("step", value, fmt::format("seconds, from 1 to {}", kLongest));
  }
  return std::chrono::seconds{seconds};
}

Result<Uuid> PathId(const http::Request& request, std::string_view what, std::string_view code) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, code, "cannot find the {} '{}': it is not an id", what,
              request.PathParameter("id").substr(0, 64));
}

/// The body of a PATCH: a status alone.
Result<std::string> ReadStatus(const http::Request& request, std::span<const std::string_view> words) {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  std::string status = reader.String("status");
  if (std::ranges::find(words, status) == words.end()) {
    reader.Reject("status", fmt::format("'{}'", status.substr(0, 100)), fmt::format("{}", fmt::join(words, ", ")));
  }
  HELIOS_CHECK(reader.Finish());
  return status;
}

}  // namespace

tenancy::Routes DetectionService::MakeRoutes() const {
  using http::Method;
  using tenancy::Permission;
  const auto route = [this](Method method, std::string pattern, std::string operation, Permission permission,
                            Answer (DetectionService::*handler)(const http::Request&, const Context&) const) {
    return tenancy::Route{
        .method = method,
        .pattern = std::move(pattern),
        .operation = std::move(operation),
        .permission = permission,
        .audited = method == Method::kPatch,
        .handler = tenancy::BlockingHandler([this, handler](const http::Request& request, const Context& context) {
          return (this->*handler)(request, context);
        })};
  };
  using Self = DetectionService;
  return {
      route(Method::kGet, "/api/v1/anomalies", "listAnomalies", Permission::kDataRead, &Self::GetAnomalies),
      route(Method::kGet, "/api/v1/anomalies/counts", "countAnomalies", Permission::kDataRead, &Self::GetCounts),
      route(Method::kGet, "/api/v1/anomalies/{id}", "getAnomaly", Permission::kDataRead, &Self::GetAnomaly),
      route(Method::kPatch, "/api/v1/anomalies/{id}", "updateAnomaly", Permission::kAnomaliesWrite,
            &Self::PatchAnomaly),
      route(Method::kGet, "/api/v1/incidents", "listIncidents", Permission::kDataRead, &Self::GetIncidents),
      route(Method::kGet, "/api/v1/incidents/{id}", "getIncident", Permission::kDataRead, &Self::GetIncident),
      route(Method::kPatch, "/api/v1/incidents/{id}", "updateIncident", Permission::kAnomaliesWrite,
            &Self::PatchIncident),
      route(Method::kPost, "/api/v1/detect", "detect", Permission::kDataRead, &Self::Detect),
      route(Method::kPost, "/api/v1/detect/backtest", "backtestDetection", Permission::kDataRead, &Self::Backtest),
  };
}

DetectionService::Answer DetectionService::GetAnomalies(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(
      tenancy::AllowQuery(request, {"status", "severity", "metric", "start", "end", "incident", "limit", "cursor"}));
  AnomalyFilter filter;
  HELIOS_TRY(filter.status, OneOf(request, "status", kAnomalyStatuses));
  HELIOS_TRY(filter.severity, OneOf(request, "severity", kSeverities));
  if (const auto metric = request.Query("metric")) filter.metric = std::string(*metric);
  HELIOS_TRY(filter.first, TimeParameter(request, "start"));
  HELIOS_TRY(filter.last, TimeParameter(request, "end"));
  if (const auto incident = request.Query("incident")) {
    filter.incident = Uuid::Parse(*incident);
    if (!filter.incident) return BadParameter("incident", *incident, "an id");
  }
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto anomalies, ListAnomalies(database_, context, filter, page));
  return tenancy::PageAnswer(anomalies, page, request, context.tenant, cursors_);
}

DetectionService::Answer DetectionService::GetCounts(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"status", "severity", "metric", "start", "end", "step"}));
  AnomalyFilter filter;
  HELIOS_TRY(filter.status, OneOf(request, "status", kAnomalyStatuses));
  HELIOS_TRY(filter.severity, OneOf(request, "severity", kSeverities));
  if (const auto metric = request.Query("metric")) filter.metric = std::string(*metric);
  HELIOS_TRY(const auto start, TimeParameter(request, "start"));
  if (!start) return BadParameter("start", "", "a time such as 2026-01-03T12:00:00Z");
  HELIOS_TRY(const auto given_end, TimeParameter(request, "end"));
  const TimestampMs end = given_end.value_or(context.now);
  HELIOS_TRY(const std::chrono::seconds step, StepParameter(request));
  if ((end - *start) / step >= kMostSteps) {
    return BadParameter("step", fmt::to_string(step.count()),
                        fmt::format("at most {} steps from start to end", kMostSteps));
  }
  HELIOS_TRY(const auto counts, CountAnomalies(database_, context, filter, *start, end, step));
  boost::json::array data;
  for (const StepCount& count : counts) data.push_back(ToJson(count));
  return http::Json(200, boost::json::object{{"data", std::move(data)}});
}

DetectionService::Answer DetectionService::GetAnomaly(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request, "anomaly", "detection.no_such_anomaly"));
  HELIOS_TRY(const Anomaly anomaly, FindAnomaly(database_, context, id));
  return http::Json(200, ToJson(anomaly));
}

DetectionService::Answer DetectionService::PatchAnomaly(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request, "anomaly", "detection.no_such_anomaly"));
  HELIOS_TRY(const std::string status, ReadStatus(request, kAnomalyStatuses));
  HELIOS_TRY(const Anomaly anomaly, ChangeAnomaly(database_, audit_, context, id, status));
  return http::Json(200, ToJson(anomaly));
}

DetectionService::Answer DetectionService::GetIncidents(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"status", "severity", "start", "end", "limit", "cursor"}));
  IncidentFilter filter;
  HELIOS_TRY(filter.status, OneOf(request, "status", kIncidentStatuses));
  HELIOS_TRY(filter.severity, OneOf(request, "severity", kSeverities));
  HELIOS_TRY(filter.first, TimeParameter(request, "start"));
  HELIOS_TRY(filter.last, TimeParameter(request, "end"));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto incidents, ListIncidents(database_, context, filter, page));
  return tenancy::PageAnswer(incidents, page, request, context.tenant, cursors_);
}

DetectionService::Answer DetectionService::GetIncident(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request, "incident", "detection.no_such_incident"));
  HELIOS_TRY(const RankedIncident ranked, FindIncident(database_, context, id));
  return http::Json(200, ToJson(ranked));
}

DetectionService::Answer DetectionService::PatchIncident(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request, "incident", "detection.no_such_incident"));
  HELIOS_TRY(const std::string status, ReadStatus(request, kIncidentStatuses));
  HELIOS_TRY(const RankedIncident ranked, ChangeIncident(database_, audit_, listener_, context, id, status));
  return http::Json(200, ToJson(ranked));
}

DetectionService::Answer DetectionService::Detect(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const DetectQuery query, ParseDetectQuery(body));
  HELIOS_TRY(const boost::json::object answer, AnswerDetect(store_, database_, context, query));
  return http::Json(200, answer);
}

DetectionService::Answer DetectionService::Backtest(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const BacktestQuery query, ParseBacktestQuery(body));
  HELIOS_TRY(const boost::json::object answer, AnswerBacktest(store_, database_, context, query));
  return http::Json(200, answer);
}

}  // namespace helios::detection
