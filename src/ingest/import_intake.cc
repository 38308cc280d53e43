// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/import_intake.h"

#include "http/problem.h"
#include "ingest/intake_answers.h"
#include "ingest/remote_write_decoder.h"
#include "ingest/remote_write_intake.h"

namespace helios::ingest {
namespace {

using Context = std::shared_ptr<const tenancy::RequestContext>;

Result<void> Decode(const http::Request& request, DecodedRequest& out) {
  HELIOS_CHECK(CheckRemoteWriteType(request));
  if (IsRemoteWriteV2(request)) {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_type",
                "cannot read the body: an import takes the message prometheus.WriteRequest alone");
  }
  return DecodeRemoteWrite(request.body, out, SampleTimes::kAny);
}

http::Response Answer(const IntakeOutcome& outcome, std::string_view request_id) {
  if (!outcome.rejected.empty()) {
    auto members = RejectionMembers(outcome);
    members["duplicates"] = outcome.duplicates;
    return http::Problem(400, "ingest.samples_rejected", RejectionText(outcome), request_id, members);
  }
  return http::JsonText(
      200, fmt::format("{{\"accepted\":{},\"duplicates\":{},\"rejected\":0}}", outcome.accepted, outcome.duplicates));
}

}  // namespace

tenancy::Routes ImportIntakeRoutes(IntakePipeline& pipeline) {
  const auto handle = [&pipeline](const http::Request& request, const Context& context, tenancy::Reply reply) {
    pipeline.Take(context,
                  {.operation = "importSamples",
                   .bytes = request.body.size(),
                   .import = true,
                   .decode = [&request](DecodedRequest& out, Replica&) { return Decode(request, out); },
                   .answer = [context](const IntakeOutcome& outcome) { return Answer(outcome, context->request_id); },
                   .refuse = RefuseWithProblem(context->request_id)},
                  std::move(reply));
  };
  return {{.method = http::Method::kPost,
           .pattern = "/api/v1/import",
           .operation = "importSamples",
           .permission = tenancy::Permission::kDataImport,
           .rate_class = tenancy::RateClass::kIntake,
           .max_body_bytes = pipeline.limits().body_bytes,
           .handler = tenancy::InlineHandler(handle)}};
}

}  // namespace helios::ingest
