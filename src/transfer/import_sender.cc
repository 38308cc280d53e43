// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/import_sender.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <utility>

#include "http/json.h"

namespace helios::transfer {
namespace {

namespace json = boost::json;

std::optional<std::uint64_t> Whole(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->as_int64() < 0) return std::nullopt;
  return static_cast<std::uint64_t>(value->as_int64());
}

std::string_view Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

std::unexpected<Error> Refuse(const http::ClientResponse& response) {
  const std::string says = Says(response);
  switch (response.status) {
    case 401:
      return Fail(ErrorCode::kUnauthenticated, "transfer.refused",
                  "cannot import: the platform does not accept the API key ({}); it is mistyped, expired or revoked",
                  says);
    case 402:
      return Fail(ErrorCode::kPermissionDenied, "transfer.refused",
                  "cannot import: the organization's spending cap is reached ({})", says);
    case 403:
      return Fail(ErrorCode::kPermissionDenied, "transfer.refused",
                  "cannot import: the API key may not ({}); it needs the scope 'write'", says);
    case 404:
      return Fail(ErrorCode::kInvalidArgument, "transfer.refused",
                  "cannot import: what answers at the endpoint knows no POST /api/v1/import ({})", says);
    default: break;
  }
  if (response.status == 408 || response.status == 429 || response.status >= 500) {
    return Fail(ErrorCode::kUnavailable, "transfer.gave_up", "cannot import: the platform takes nothing for long ({})",
                says);
  }
  return Fail(ErrorCode::kInvalidArgument, "transfer.refused", "cannot import: the platform answers {}", says);
}

}  // namespace

ImportSender::ImportSender(PatientClient& client, OnRefused on_refused)
    : client_(client), on_refused_(std::move(on_refused)) {}

Result<void> ImportSender::Add(const tsdb::SeriesKey& series, const ImportSample& sample) {
  const auto [found, added] = position_.try_emplace(&series, batch_.series.size());
  if (added) batch_.series.push_back({.key = &series, .samples = {}});
  batch_.series[found->second].samples.push_back(sample);
  ++batch_.samples;
  if (batch_.samples < kSamplesPerRequest && batch_.series.size() < kSeriesPerRequest) return {};
  return Flush();
}

Result<void> ImportSender::Flush() {
  ImportBatch batch = std::exchange(batch_, {});
  position_.clear();
  if (batch.samples == 0) return {};
  batch.Sort();
  return Send(batch);
}

Result<void> ImportSender::Send(const ImportBatch& batch) {
  HELIOS_TRY(const http::ClientResponse response,
             client_.Send(http::Method::kPost, "/api/v1/import", "application/x-protobuf", batch.WriteRequest()));
  if (response.status == 413 && batch.samples >= 2) {
    const auto [first, second] = batch.Halve();
    HELIOS_CHECK(Send(first));
    return Send(second);
  }
  if ((response.status == 200 || response.status == 400) && Count(batch, response)) return {};
  return Refuse(response);
}

bool ImportSender::Count(const ImportBatch& batch, const http::ClientResponse& response) {
  const auto body = http::ParseJson(response.body);
  const json::object* answer = body ? body->if_object() : nullptr;
  if (answer == nullptr) return false;
  const auto accepted = Whole(*answer, "accepted");
  const auto rejected = Whole(*answer, "rejected");
  const std::uint64_t duplicates = Whole(*answer, "duplicates").value_or(0);
  if (!accepted || !rejected || *accepted + *rejected != batch.samples || duplicates > *accepted) return false;
  tally_.stored += *accepted - duplicates;
  tally_.duplicates += duplicates;
  tally_.refused += *rejected;
  std::uint64_t told = 0;
  const json::value* errors = answer->if_contains("errors");
  if (errors != nullptr && errors->is_array()) {
    for (const json::value& error : errors->as_array()) {
      if (!error.is_object() || told == *rejected) break;
      const json::object& one = error.as_object();
      on_refused_({.sample = batch.At(Whole(one, "index").value_or(batch.samples)),
                   .code = Text(one, "code"),
                   .detail = Text(one, "detail")});
      ++told;
    }
  }
  if (told < *rejected) on_refused_({.count = *rejected - told, .code = Text(*answer, "code"), .detail = {}});
  return true;
}

}  // namespace helios::transfer
