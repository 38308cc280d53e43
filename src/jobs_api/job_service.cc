// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs_api/job_service.h"

#include "http/json.h"
#include "jobs/job_json.h"
#include "tenancy/page.h"
#include "tenancy/page_answer.h"

namespace helios::jobs_api {
namespace {

constexpr std::size_t kMaxKindBytes = 100;

Result<Uuid> JobId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "jobs.no_such_job", "cannot find the job '{}': it is not an id",
              request.PathParameter("id").substr(0, 64));
}

Result<jobs::JobQueue::Filter> ParseFilter(const http::Request& request) {
  jobs::JobQueue::Filter filter;
  if (const auto status = request.Query("status")) {
    filter.status = jobs::ParseJobStatus(*status);
    if (!filter.status) {
      return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter",
                  "cannot list jobs: status is '{}'; want queued, running, succeeded, failed, dead or cancelled",
                  status->substr(0, 64));
    }
  }
  if (const auto kind = request.Query("kind")) {
    if (kind->empty() || kind->size() > kMaxKindBytes) {
      return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter",
                  "cannot list jobs: kind has {} bytes; want 1 to {}", kind->size(), kMaxKindBytes);
    }
    filter.kind = std::string(*kind);
  }
  return filter;
}

}  // namespace

tenancy::Routes JobService::MakeRoutes() {
  const auto read = [this](std::string pattern, std::string operation, auto method) {
    return tenancy::Route{.method = http::Method::kGet,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = tenancy::Permission::kDataRead,
                          .handler = tenancy::BlockingHandler(
                              [this, method](const http::Request& request, const tenancy::RequestContext& context) {
                                return (this->*method)(request, context);
                              })};
  };
  tenancy::Routes routes = {read("/api/v1/jobs", "listJobs", &JobService::List),
                            read("/api/v1/jobs/{id}", "getJob", &JobService::Find)};
  const auto change = [this](std::string pattern, std::string operation, Verb verb, std::string_view action) {
    return tenancy::Route{
        .method = http::Method::kPost,
        .pattern = std::move(pattern),
        .operation = std::move(operation),
        .permission = tenancy::Permission::kTrain,
        .max_body_bytes = 0,
        .audited = true,
        .handler = tenancy::BlockingHandler(
            [this, verb, action](const http::Request& request, const tenancy::RequestContext& context) {
              return Change(request, context, verb, action);
            })};
  };
  routes.push_back(change("/api/v1/jobs/{id}/requeue", "requeueJob", &jobs::JobQueue::Requeue, "job.requeue"));
  routes.push_back(change("/api/v1/jobs/{id}/cancel", "cancelJob", &jobs::JobQueue::Cancel, "job.cancel"));
  return routes;
}

Result<http::Response> JobService::List(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor", "status", "kind"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto filter, ParseFilter(request));
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto found, queue_.List(tx, filter, page.limit + 1, page.offset));
  return tenancy::PageAnswer(found, page, request, context.tenant, cursors_);
}

Result<http::Response> JobService::Find(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_TRY(const Uuid id, JobId(request));
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto job, queue_.Find(tx, id));
  return http::Json(200, jobs::ToJson(job));
}

Result<http::Response> JobService::Change(const http::Request& request, const tenancy::RequestContext& context,
                                          Verb verb, std::string_view action) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kTrain));
  HELIOS_TRY(const Uuid id, JobId(request));
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto job, (queue_.*verb)(tx, id, context.now));
  HELIOS_CHECK(audit_.Record(tx, context, action, id));
  HELIOS_CHECK(tx.Commit());
  return http::Json(200, jobs::ToJson(job));
}

}  // namespace helios::jobs_api
