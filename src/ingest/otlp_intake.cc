// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/otlp_intake.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <protozero/pbf_writer.hpp>

#include "http/json.h"
#include "http/problem.h"
#include "ingest/intake_answers.h"
#include "ingest/otlp_json.h"
#include "ingest/otlp_protobuf.h"
#include "ingest/otlp_translator.h"

namespace helios::ingest {
namespace {

using Context = std::shared_ptr<const tenancy::RequestContext>;

constexpr std::string_view kProtobufType = "application/x-protobuf";
constexpr std::string_view kJsonType = "application/json";

enum class Encoding : std::uint8_t { kProtobuf, kJson, kUnknown };

Encoding EncodingOf(const http::Request& request) {
  const std::string type = request.ContentType();
  if (type == kProtobufType || type == "application/protobuf") return Encoding::kProtobuf;
  return type == kJsonType ? Encoding::kJson : Encoding::kUnknown;
}

/// google.rpc.Code of an error: what Status::code holds.
int RpcCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 3;
    case ErrorCode::kDeadlineExceeded: return 4;
    case ErrorCode::kNotFound: return 5;
    case ErrorCode::kPermissionDenied: return 7;
    case ErrorCode::kQuotaExceeded:
    case ErrorCode::kTooLarge: return 8;
    case ErrorCode::kConflict:
    case ErrorCode::kFailedPrecondition: return 9;
    case ErrorCode::kUnsupportedType: return 3;
    case ErrorCode::kUnavailable: return 14;
    case ErrorCode::kDataCorruption: return 15;
    case ErrorCode::kUnauthenticated: return 16;
    case ErrorCode::kInternal: break;
  }
  return 13;
}

Result<void> DecodeBody(std::string_view body, Encoding encoding, OtlpSink& sink) {
  return encoding == Encoding::kJson ? DecodeOtlpJson(body, sink) : DecodeOtlpProtobuf(body, sink);
}

Result<void> Decode(const http::Request& request, Encoding encoding, std::size_t max_bytes, OtlpSink& sink) {
  if (encoding == Encoding::kUnknown) {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_type",
                "cannot read the body: got Content-Type '{}'; want {} or {}",
                request.headers.Find("Content-Type").value_or("").substr(0, 128), kProtobufType, kJsonType);
  }
  const std::size_t limit = encoding == Encoding::kJson ? std::min(max_bytes, http::kMaxJsonBytes) : max_bytes;
  if (request.headers.Find("Content-Encoding")) {
    HELIOS_TRY(const std::string body, request.DecodedBody(limit));
    return DecodeBody(body, encoding, sink);
  }
  if (request.body.size() > limit) {
    return Fail(ErrorCode::kTooLarge, "http.body_too_large", "cannot take the body: it has {} bytes; want at most {}",
                request.body.size(), limit);
  }
  return DecodeBody(request.body, encoding, sink);
}

http::Response Answer(const IntakeOutcome& outcome, Encoding encoding) {
  const std::size_t rejected = outcome.total - outcome.accepted;
  const std::string text = rejected == 0 ? std::string() : RejectionText(outcome);
  if (encoding == Encoding::kJson) {
    boost::json::object body;
    if (rejected > 0) {
      body["partialSuccess"] =
          boost::json::object{{"rejectedDataPoints", std::to_string(rejected)}, {"errorMessage", text}};
    }
    return http::Json(200, body);
  }
  std::string body;
  if (rejected > 0) {
    protozero::pbf_writer response(body);
    protozero::pbf_writer partial(response, 1);
    partial.add_int64(1, static_cast<std::int64_t>(rejected));
    partial.add_string(2, text);
  }
  return http::Text(200, std::move(body), kProtobufType);
}

/// google.rpc.Status, whose message begins with the stable code.
http::Response Refuse(const Refusal& refusal, Encoding encoding, std::string_view request_id) {
  if (encoding == Encoding::kUnknown) return http::Problem(refusal.error, request_id);
  const http::Status status = http::StatusOf(refusal.error.code);
  const std::string text = status == 500
                               ? fmt::format("{}: something went wrong on our side; tell support the request id {}",
                                             refusal.error.reason, request_id)
                               : fmt::format("{}: {}", refusal.error.reason, refusal.error.message);
  const int code = RpcCodeOf(refusal.error.code);
  if (encoding == Encoding::kJson) {
    return http::Json(status,
                      boost::json::object{{"code", code}, {"message", text}, {"details", boost::json::array{}}});
  }
  std::string body;
  protozero::pbf_writer writer(body);
  writer.add_int32(1, code);
  writer.add_string(2, text);
  return http::Text(status, std::move(body), kProtobufType);
}

tenancy::Route MakeRoute(IntakePipeline& pipeline, DeltaSums& sums, std::string pattern, std::string_view operation) {
  const auto handle = [&pipeline, &sums, operation](const http::Request& request, const Context& context,
                                                    tenancy::Reply reply) {
    const Encoding encoding = EncodingOf(request);
    const auto steps = std::make_shared<std::vector<DeltaSums::Step>>();
    pipeline.Take(
        context,
        {.operation = operation,
         .bytes = request.body.size(),
         .decode = [&request, &sums, encoding, context, steps](DecodedRequest& out, Replica&) -> Result<void> {
           OtlpTranslator translator(context->tenant, context->now, sums, out);
           const Result<void> decoded = Decode(request, encoding, out.limits().decoded_bytes, translator);
           *steps = translator.TakeSteps();
           HELIOS_CHECK(decoded);
           return out.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
         },
         .answer = [encoding](const IntakeOutcome& outcome) { return Answer(outcome, encoding); },
         .refuse =
             [&sums, encoding, context, steps](const Refusal& refusal) {
               sums.Undo(context->tenant, *steps);
               return Refuse(refusal, encoding, context->request_id);
             }},
        std::move(reply));
  };
  return {.method = http::Method::kPost,
          .pattern = std::move(pattern),
          .operation = std::string(operation),
          .permission = tenancy::Permission::kDataWrite,
          .rate_class = tenancy::RateClass::kIntake,
          .max_body_bytes = pipeline.limits().body_bytes,
          .handler = tenancy::InlineHandler(handle)};
}

}  // namespace

tenancy::Routes OtlpIntakeRoutes(IntakePipeline& pipeline, DeltaSums& sums) {
  return {MakeRoute(pipeline, sums, "/v1/metrics", "otlpMetrics"),
          MakeRoute(pipeline, sums, "/api/v1/otlp/v1/metrics", "otlpMetricsUnderApi")};
}

}  // namespace helios::ingest
