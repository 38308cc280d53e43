// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/line_protocol_intake.h"

#include "http/problem.h"
#include "ingest/intake_answers.h"
#include "ingest/line_protocol_decoder.h"

namespace helios::ingest {
namespace {

using Context = std::shared_ptr<const tenancy::RequestContext>;

/// Which of InfluxDB's interfaces is spoken.
struct Dialect {
  std::string_view pattern;
  std::string_view operation;
  std::string_view place;  ///< the parameter that names where the points go; it becomes a label of that name
};

Result<void> Decode(const http::Request& request, const Dialect& dialect, TimestampMs now, DecodedRequest& out) {
  const std::string_view precision = request.Query("precision").value_or("");
  const auto unit = PrecisionOf(precision);
  if (!unit) {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter",
                "cannot read precision: got '{}'; want ns, us, ms, s, m or h", precision.substr(0, 32));
  }
  const LineProtocolOptions options{.unit_ns = *unit,
                                    .now = now,
                                    .extra_label = dialect.place,
                                    .extra_value = request.Query(dialect.place).value_or("")};
  if (!request.headers.Find("Content-Encoding")) return DecodeLineProtocol(request.body, options, out);
  HELIOS_TRY(const std::string body, request.DecodedBody(out.limits().decoded_bytes));
  return DecodeLineProtocol(body, options, out);
}

/// A problem with InfluxDB's own members beside ours: `error` is version 1's, `message` version 2's.
boost::json::object WithInfluxMembers(boost::json::object members, std::string_view text) {
  members["error"] = text;
  members["message"] = text;
  return members;
}

http::Response Answer(const IntakeOutcome& outcome, std::string_view request_id) {
  if (outcome.rejected.empty()) return http::NoContent();
  const std::string text = RejectionText(outcome);
  return http::Problem(400, "ingest.samples_rejected", text, request_id,
                       WithInfluxMembers(RejectionMembers(outcome), fmt::format("partial write: {} dropped={}", text,
                                                                                outcome.total - outcome.accepted)));
}

tenancy::Route MakeRoute(IntakePipeline& pipeline, const Dialect& dialect) {
  const auto handle = [&pipeline, &dialect](const http::Request& request, const Context& context,
                                            tenancy::Reply reply) {
    pipeline.Take(context,
                  {.operation = dialect.operation,
                   .bytes = request.body.size(),
                   .decode = [&request, &dialect, now = context->now](
                                 DecodedRequest& out, Replica&) { return Decode(request, dialect, now, out); },
                   .answer = [context](const IntakeOutcome& outcome) { return Answer(outcome, context->request_id); },
                   .refuse =
                       [context](const Refusal& refusal) {
                         return http::Problem(refusal.error, context->request_id,
                                              WithInfluxMembers({}, refusal.error.message));
                       }},
                  std::move(reply));
  };
  return {.method = http::Method::kPost,
          .pattern = std::string(dialect.pattern),
          .operation = std::string(dialect.operation),
          .permission = tenancy::Permission::kDataWrite,
          .rate_class = tenancy::RateClass::kIntake,
          .max_body_bytes = pipeline.limits().body_bytes,
          .handler = tenancy::InlineHandler(handle)};
}

}  // namespace

tenancy::Routes LineProtocolIntakeRoutes(IntakePipeline& pipeline) {
  static constexpr Dialect kVersion1 = {.pattern = "/write", .operation = "influxWrite", .place = "db"};
  static constexpr Dialect kVersion2 = {
      .pattern = "/api/v2/write", .operation = "influxBucketWrite", .place = "bucket"};
  return {MakeRoute(pipeline, kVersion1), MakeRoute(pipeline, kVersion2)};
}

}  // namespace helios::ingest
