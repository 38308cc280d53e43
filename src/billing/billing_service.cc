// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "billing/billing_service.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <set>

#include "billing/sql.h"
#include "http/json.h"
#include "tenancy/page.h"

namespace helios::billing {
namespace {

using http::Method;

/// 0 of the plan means without limit, which is null to clients.
boost::json::object Allowance(std::uint64_t used, std::uint64_t included) {
  boost::json::object allowance{{"used", used}, {"included", nullptr}};
  if (included != 0) allowance["included"] = included;
  return allowance;
}

Result<std::uint64_t> Count(pg::Database& database, const pg::Statement& statement,
                            const tenancy::RequestContext& context) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(statement, {tx.tenant()}));
  return static_cast<std::uint64_t>(rows.front().Get<std::int64_t>("count"));
}

boost::json::array ToJson(const std::vector<DailyUsage>& days) {
  boost::json::array rows;
  for (const DailyUsage& day : days) {
    rows.push_back(
        {{"date", FormatRfc3339(day.day).substr(0, 10)}, {"samples", day.samples}, {"predictions", day.predictions}});
  }
  return rows;
}

}  // namespace

tenancy::Routes BillingService::MakeRoutes() const {
  return {{.method = Method::kGet,
           .pattern = "/api/v1/billing/usage",
           .operation = "getUsage",
           .permission = tenancy::Permission::kDataRead,
           .handler =
               tenancy::BlockingHandler([this](const http::Request& request, const tenancy::RequestContext& context) {
                 return GetUsage(request, context);
               })}};
}

Result<std::vector<HourlyUsage>> BillingService::ReadHours(const tenancy::RequestContext& context) const {
  // In this order: counts move from their source to the database, and what was seen at the source is left out there.
  HELIOS_TRY(const std::vector<UsageCount> unrecorded, usage_.Unrecorded(context.tenant));
  std::vector<HourlyUsage> hours;
  std::set<std::uint64_t> segments;
  for (const UsageCount& count : unrecorded) {
    segments.insert(count.segment);
    hours.push_back({.hour = count.hour, .metric_type = std::string(count.metric_type), .quantity = count.quantity});
  }
  std::vector<std::string> seen;
  for (const std::uint64_t segment : segments) seen.push_back(std::to_string(segment));
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListUsage, {tx.tenant(), BeginOfInterest(context.now),
                                                           PeriodOf(context.now).end, usage_.id(), seen}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    hours.push_back({.hour = rows[i].Get<TimestampMs>("time"),
                     .metric_type = rows[i].Get<std::string>("metric_type"),
                     .quantity = static_cast<std::uint64_t>(rows[i].Get<std::int64_t>("quantity"))});
  }
  return hours;
}

Result<http::Response> BillingService::GetUsage(const http::Request& request,
                                                const tenancy::RequestContext& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {}));
  HELIOS_TRY(const std::vector<HourlyUsage> hours, ReadHours(context));
  HELIOS_TRY(const std::uint64_t users, Count(database_, sql::kCountUsers, context));
  HELIOS_TRY(const std::uint64_t channels, Count(database_, sql::kCountChannels, context));
  const UsageSummary summary = Summarize(hours, context.now);
  const tenancy::PlanLimits limits = tenancy::LimitsOf(context.principal->plan);
  const BillingPeriod period = PeriodOf(context.now);
  boost::json::object rate{{"samples_per_second", summary.samples_per_second}, {"limit", nullptr}};
  if (limits.samples_per_second != 0) rate["limit"] = limits.samples_per_second;
  return http::Json(200,
                    boost::json::object{
                        {"plan", tenancy::PlanName(context.principal->plan)},
                        {"period_start", FormatRfc3339(period.begin)},
                        {"period_end", FormatRfc3339(period.end)},
                        {"samples", Allowance(summary.samples, limits.samples_per_month)},
                        {"predictions", Allowance(summary.predictions, limits.predictions_per_month)},
                        {"active_series", Allowance(store_.ActiveSeries(context.tenant), limits.max_active_series)},
                        {"notification_channels", Allowance(channels, limits.max_notification_channels)},
                        {"users", Allowance(users, 0)},
                        {"ingest_rate", std::move(rate)},
                        {"days", ToJson(summary.days)},
                    });
}

}  // namespace helios::billing
