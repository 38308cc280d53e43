// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/remote_write_intake.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "http/problem.h"
#include "ingest/intake_answers.h"
#include "ingest/remote_write_decoder.h"
#include "ingest/remote_write_v2_decoder.h"

namespace helios::ingest {
namespace {

using Context = std::shared_ptr<const tenancy::RequestContext>;

constexpr std::string_view kMessageV1 = "prometheus.WriteRequest";
constexpr std::string_view kMessageV2 = "io.prometheus.write.v2.Request";

Result<void> Decode(const http::Request& request, bool v2, DecodedRequest& out, Replica& replica) {
  HELIOS_CHECK(CheckRemoteWriteType(request));
  if (v2) return DecodeRemoteWriteV2(request.body, out, replica);
  HELIOS_CHECK(DecodeRemoteWrite(request.body, out));
  if (!out.batch().series.empty()) replica = ReplicaOfRemoteWriteName(out.batch().series.front());
  return {};
}

void SayWritten(http::Response& response, std::size_t samples, std::size_t histograms) {
  response.headers.Set("X-Prometheus-Remote-Write-Samples-Written", std::to_string(samples));
  response.headers.Set("X-Prometheus-Remote-Write-Histograms-Written", std::to_string(histograms));
  response.headers.Set("X-Prometheus-Remote-Write-Exemplars-Written", "0");
}

/// An outcome that names what version 2.0 forbids to answer with 2xx: "any of the pieces of sent data known to the
/// Receiver (e.g. Samples, Histograms, Exemplars)" that was not written. Version 1.0 knows no exemplars.
http::Response ExemplarsRefused(const IntakeOutcome& outcome, const LeftOut& exemplars, std::string_view request_id) {
  boost::json::object members = RejectionMembers(outcome);
  members["rejected"] = exemplars.count;
  members["errors"] =
      boost::json::array{boost::json::object{{"index", 0}, {"code", exemplars.code}, {"detail", exemplars.detail}}};
  return http::Problem(
      400, "ingest.samples_rejected",
      fmt::format("all samples were taken; {} exemplars were not: {}", exemplars.count, exemplars.detail), request_id,
      members);
}

http::Response Answer(const IntakeOutcome& outcome, bool v2, std::string_view request_id) {
  const auto exemplars = std::ranges::find(outcome.left_out, "ingest.unsupported_exemplar", &LeftOut::code);
  http::Response response;
  if (!outcome.rejected.empty()) {
    response = PartlyRejected(outcome, request_id);
  } else if (v2 && exemplars != outcome.left_out.end()) {
    response = ExemplarsRefused(outcome, *exemplars, request_id);
  } else {
    response = http::NoContent();
    // Both senders of a pair were answered as the protocols want: what came is held, if by the other's samples.
    if (outcome.deduplicated) response.status = 202;
  }
  SayWritten(response, outcome.accepted - outcome.histograms_accepted, outcome.histograms_accepted);
  return response;
}

}  // namespace

bool IsRemoteWriteV2(const http::Request& request) {
  const auto type = request.headers.Find("Content-Type");
  return type && MediaTypeParameter(*type, "proto") == kMessageV2;
}

Result<void> CheckRemoteWriteType(const http::Request& request) {
  const std::string_view type = request.headers.Find("Content-Type").value_or("");
  const std::string_view message = MediaTypeParameter(type, "proto");
  const bool known = message.empty() || message == kMessageV1 || message == kMessageV2;
  if ((!type.empty() && request.ContentType() != "application/x-protobuf") || !known) {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_type",
                "cannot read the body: got Content-Type '{}'; want application/x-protobuf, with proto={} or proto={}",
                type, kMessageV1, kMessageV2);
  }
  if (const auto encoding = request.headers.Find("Content-Encoding"); encoding && *encoding != "snappy") {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_encoding",
                "cannot read the body: got Content-Encoding '{}'; want snappy", *encoding);
  }
  return {};
}

tenancy::Routes RemoteWriteIntakeRoutes(IntakePipeline& pipeline) {
  const auto handle = [&pipeline](const http::Request& request, const Context& context, tenancy::Reply reply) {
    const bool v2 = IsRemoteWriteV2(request);
    pipeline.Take(
        context,
        {.operation = "prometheusWrite",
         .bytes = request.body.size(),
         .decode = [&request, v2](DecodedRequest& out, Replica& replica) { return Decode(request, v2, out, replica); },
         .answer = [context, v2](const IntakeOutcome& outcome) { return Answer(outcome, v2, context->request_id); },
         .refuse =
             [context](const Refusal& refusal) {
               http::Response response = http::Problem(refusal.error, context->request_id);
               SayWritten(response, 0, 0);
               return response;
             }},
        std::move(reply));
  };
  return {{.method = http::Method::kPost,
           .pattern = "/api/v1/prometheus/write",
           .operation = "prometheusWrite",
           .permission = tenancy::Permission::kDataWrite,
           .rate_class = tenancy::RateClass::kIntake,
           .max_body_bytes = pipeline.limits().body_bytes,
           .handler = tenancy::InlineHandler(handle)}};
}

}  // namespace helios::ingest
