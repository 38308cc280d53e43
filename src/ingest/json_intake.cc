// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/json_intake.h"

#include <algorithm>

#include "http/json.h"
#include "ingest/intake_answers.h"
#include "ingest/json_decoder.h"

namespace helios::ingest {
namespace {

using Context = std::shared_ptr<const tenancy::RequestContext>;

Result<void> Decode(const http::Request& request, TimestampMs now, DecodedRequest& out) {
  const std::string type = request.ContentType();
  if (!type.empty() && type != "application/json") {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_type",
                "cannot read the body: got Content-Type '{}'; want application/json", type);
  }
  if (!request.headers.Find("Content-Encoding")) return DecodeJson(request.body, now, out);
  HELIOS_TRY(const std::string body, request.DecodedBody(std::min(out.limits().decoded_bytes, http::kMaxJsonBytes)));
  return DecodeJson(body, now, out);
}

http::Response Answer(const IntakeOutcome& outcome, std::string_view request_id) {
  if (!outcome.rejected.empty()) return PartlyRejected(outcome, request_id);
  return http::JsonText(200, fmt::format("{{\"accepted\":{},\"rejected\":0}}", outcome.accepted));
}

}  // namespace

tenancy::Routes JsonIntakeRoutes(IntakePipeline& pipeline) {
  const auto handle = [&pipeline](const http::Request& request, const Context& context, tenancy::Reply reply) {
    pipeline.Take(
        context,
        {.operation = "ingest",
         .bytes = request.body.size(),
         .decode = [&request, now = context->now](DecodedRequest& out, Replica&) { return Decode(request, now, out); },
         .answer = [context](const IntakeOutcome& outcome) { return Answer(outcome, context->request_id); },
         .refuse = RefuseWithProblem(context->request_id)},
        std::move(reply));
  };
  return {{.method = http::Method::kPost,
           .pattern = "/api/v1/ingest",
           .operation = "ingest",
           .permission = tenancy::Permission::kDataWrite,
           .rate_class = tenancy::RateClass::kIntake,
           .max_body_bytes = std::min(pipeline.limits().body_bytes, http::kMaxJsonBytes),
           .handler = tenancy::InlineHandler(handle)}};
}

}  // namespace helios::ingest
