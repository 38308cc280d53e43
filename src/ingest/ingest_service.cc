// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/ingest_service.h"

#include <algorithm>

#include "http/json.h"
#include "http/problem.h"
#include "ingest/json_decoder.h"
#include "ingest/remote_write_decoder.h"

namespace helios::ingest {
namespace {

constexpr std::size_t kMaxBodyBytes = 16U << 20U;
constexpr std::size_t kMaxErrorsShown = 100;

bool IsRemoteWriteTwo(const http::Request& request) {
  const auto type = request.headers.Find("Content-Type");
  return type && type->find("io.prometheus.write.v2") != std::string_view::npos;
}

/// The answer to a request of which something was refused: what was kept, and each refusal's reason.
http::Response PartlyRejected(const std::vector<RejectedSample>& rejected, std::size_t accepted,
                              std::string_view request_id) {
  boost::json::array errors;
  for (const RejectedSample& sample : rejected) {
    if (errors.size() == kMaxErrorsShown) break;
    errors.push_back(boost::json::object{{"index", sample.index}, {"code", sample.code}, {"detail", sample.detail}});
  }
  const std::string detail = fmt::format("{} of {} samples were refused; the first: sample {}: {}", rejected.size(),
                                         rejected.size() + accepted, rejected.front().index, rejected.front().detail);
  return http::Problem(400, "ingest.samples_rejected", detail, request_id,
                       {{"accepted", accepted}, {"rejected", rejected.size()}, {"errors", std::move(errors)}});
}

}  // namespace

IngestService::IngestService(tsdb::SampleStore& store, const Clock& clock) : store_(store), rate_(clock) {}

tenancy::Routes IngestService::MakeRoutes() {
  const auto route = [this](std::string pattern, std::string operation, Protocol protocol, std::size_t max_body) {
    return tenancy::Route{
        .method = http::Method::kPost,
        .pattern = std::move(pattern),
        .operation = std::move(operation),
        .permission = tenancy::Permission::kDataWrite,
        .rate_class = tenancy::RateClass::kIntake,
        .max_body_bytes = max_body,
        .handler = tenancy::InlineHandler(
            [this, protocol](const http::Request& request, const Context& context, const tenancy::Reply& reply) {
              Handle(protocol, request, context, reply);
            })};
  };
  return {route("/api/v1/ingest", "ingest", Protocol::kJson, http::kMaxJsonBytes),
          route("/api/v1/prometheus/write", "prometheusWrite", Protocol::kRemoteWrite, kMaxBodyBytes)};
}

Result<DecodedBatch> IngestService::Decode(Protocol protocol, const http::Request& request, TimestampMs now) {
  const std::string type = request.ContentType();
  if (protocol == Protocol::kJson) {
    if (!type.empty() && type != "application/json") {
      return Fail(ErrorCode::kUnsupportedType, "http.unsupported_type",
                  "cannot read the body: got Content-Type '{}'; want application/json", type);
    }
    if (!request.headers.Find("Content-Encoding")) return DecodeJson(request.body, now);
    HELIOS_TRY(const std::string body, request.DecodedBody(http::kMaxJsonBytes));
    return DecodeJson(body, now);
  }
  if ((!type.empty() && type != "application/x-protobuf") || IsRemoteWriteTwo(request)) {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_type",
                "cannot read the body: got Content-Type '{}'; want application/x-protobuf of remote write 1.0",
                request.headers.Find("Content-Type").value_or(""));
  }
  if (const auto encoding = request.headers.Find("Content-Encoding"); encoding && *encoding != "snappy") {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_encoding",
                "cannot read the body: got Content-Encoding '{}'; want snappy", *encoding);
  }
  return DecodeRemoteWrite(request.body);
}

void IngestService::Handle(Protocol protocol, const http::Request& request, const Context& context,
                           const tenancy::Reply& reply) {
  auto decoded = Decode(protocol, request, context->now);
  if (!decoded) {
    reply(std::unexpected(std::move(decoded).error()));
    return;
  }
  const tenancy::PlanLimits limits = tenancy::LimitsOf(context->principal->plan);
  if (const std::int64_t wait =
          rate_.Take(context->tenant, limits.samples_per_second, decoded->batch.batch().rows.size());
      wait > 0) {
    // 503, not 429: Prometheus drops what is answered 429, and sends again what is answered 503.
    http::Response response =
        http::Problem(503, "ingest.rate_limited",
                      fmt::format("cannot take the samples: the plan allows {} samples a second; send again in {} s",
                                  limits.samples_per_second, wait),
                      context->request_id);
    response.headers.Set("Retry-After", std::to_string(wait));
    reply(std::move(response));
    return;
  }

  const tsdb::TenantPolicy policy{.max_active_series = limits.max_active_series, .raw_retention = limits.raw_retention};
  auto done = [protocol, reply, context, positions = std::move(decoded->positions),
               rejected = std::move(decoded->rejected)](Result<tsdb::AppendOutcome> outcome) mutable {
    if (!outcome) {
      reply(std::unexpected(std::move(outcome).error()));
      return;
    }
    for (tsdb::Rejection& rejection : outcome->rejected) {
      rejected.push_back(
          {.index = positions[rejection.index], .code = rejection.code, .detail = std::move(rejection.detail)});
    }
    const std::size_t accepted = outcome->stored + outcome->duplicates;
    if (!rejected.empty()) {
      std::ranges::sort(rejected, {}, &RejectedSample::index);
      reply(PartlyRejected(rejected, accepted, context->request_id));
    } else if (protocol == Protocol::kRemoteWrite) {
      reply(http::NoContent());
    } else {
      reply(http::JsonText(200, fmt::format("{{\"accepted\":{},\"rejected\":0}}", accepted)));
    }
  };
  store_.Append(context->tenant, policy, decoded->batch.batch(), std::move(done));
}

}  // namespace helios::ingest
