// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/rejection_routes.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "http/json.h"
#include "ingest/rejection_advice.h"
#include "tenancy/page.h"

namespace helios::ingest {
namespace {

boost::json::value SeriesOrNull(const RejectionEntry& entry) {
  if (entry.series.empty()) return nullptr;
  return boost::json::string(entry.series);
}

}  // namespace

tenancy::Routes RejectionRoutes(const RejectionLog& log) {
  const auto list = [&log](const http::Request& request,
                           const tenancy::RequestContext& context) -> Result<http::Response> {
    HELIOS_CHECK(tenancy::AllowQuery(request, {}));
    const RejectionLog::View view = log.Of(context.tenant);
    boost::json::array data;
    for (const RejectionEntry& entry : view.entries) {
      data.push_back(boost::json::object{{"time", FormatRfc3339(entry.time)},
                                         {"route", entry.route},
                                         {"reason", entry.reason},
                                         {"count", entry.count},
                                         {"series", SeriesOrNull(entry)},
                                         {"detail", entry.detail},
                                         {"fix", FixOf(entry.reason)}});
    }
    boost::json::array totals;
    for (const auto& [reason, count] : view.totals) {
      totals.push_back(boost::json::object{{"reason", reason}, {"count", count}, {"fix", FixOf(reason)}});
    }
    return http::Json(200, boost::json::object{{"data", std::move(data)}, {"totals", std::move(totals)}});
  };
  return {{.method = http::Method::kGet,
           .pattern = "/api/v1/ingest/rejections",
           .operation = "listRejections",
           .permission = tenancy::Permission::kDataRead,
           .max_body_bytes = 0,
           .handler = tenancy::BlockingHandler(list)}};
}

}  // namespace helios::ingest
