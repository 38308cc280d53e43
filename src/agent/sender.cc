// SPDX-License-Identifier: Apache-2.0
#include "agent/sender.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace helios::agent {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDetailBytes = 300;

/// The parts of an answer that matter here; absent ones stay empty.
struct Answer {
  std::optional<std::uint64_t> accepted;
  std::optional<std::uint64_t> rejected;
  std::string code;             ///< of a problem document
  std::string detail;           ///< of a problem document
  std::string first_rejection;  ///< "code: detail"
};

std::optional<std::uint64_t> Count(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->as_int64() < 0) return std::nullopt;
  return static_cast<std::uint64_t>(value->as_int64());
}

/// Text for a log: what a stranger sends may be long.
std::string Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(std::string_view(value->as_string()).substr(0, kMaxDetailBytes));
}

std::optional<json::object> ParseObject(std::string_view text) {
  json::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

Answer ParseAnswer(std::string_view body) {
  Answer answer;
  const auto object = ParseObject(body);
  if (!object) return answer;
  answer.accepted = Count(*object, "accepted");
  answer.rejected = Count(*object, "rejected");
  answer.code = Text(*object, "code");
  answer.detail = Text(*object, "detail");
  if (answer.detail.empty()) answer.detail = Text(*object, "title");
  if (const json::value* errors = object->if_contains("errors"); errors != nullptr && errors->is_array()) {
    if (!errors->as_array().empty() && errors->as_array().front().is_object()) {
      const json::object& first = errors->as_array().front().as_object();
      answer.first_rejection = Text(first, "code") + ": " + Text(first, "detail");
    }
  }
  return answer;
}

/// " (401 auth.bad_key: no such key)"
std::string Says(int status, const Answer& answer) {
  std::string text = fmt::format(" ({}", status);
  if (!answer.code.empty()) text += " " + answer.code;
  if (!answer.detail.empty()) text += ": " + answer.detail;
  return text + ")";
}

std::optional<std::chrono::milliseconds> RetryAfter(const http::Headers& headers) {
  const auto field = headers.Find("Retry-After");
  if (!field) return std::nullopt;
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(field->data(), field->data() + field->size(), seconds);
  if (error != std::errc{} || end != field->data() + field->size()) return std::nullopt;  // a date: not used by Helios
  return std::min<std::chrono::milliseconds>(std::chrono::seconds(seconds), kLongestRetryAfter);
}

Delivery Failed(Verdict verdict, std::string detail) {
  Delivery delivery;
  delivery.verdict = verdict;
  delivery.detail = std::move(detail);
  return delivery;
}

Delivery Judge(const http::ClientResponse& response, const Batch& batch) {
  const int status = response.status;
  const Answer answer = ParseAnswer(response.body);
  const std::string says = Says(status, answer);
  if (status == 200 && answer.accepted) {
    return {.verdict = Verdict::kDelivered,
            .accepted = *answer.accepted,
            .rejected = answer.rejected.value_or(0),
            .retry_after = {},
            .detail = answer.first_rejection};
  }
  if (status == 400 && answer.accepted && answer.rejected) {
    return {.verdict = Verdict::kDelivered,
            .accepted = *answer.accepted,
            .rejected = *answer.rejected,
            .retry_after = {},
            .detail = answer.first_rejection};
  }
  if (status == 400 && !answer.code.empty()) {  // the platform refuses the batch as a whole, and always will
    return {.verdict = Verdict::kDelivered,
            .accepted = 0,
            .rejected = batch.samples,
            .retry_after = {},
            .detail = answer.code + ": " + answer.detail};
  }
  switch (status) {
    case 401:
      return Failed(Verdict::kRetrySlowly,
                    "the platform does not accept this API key" + says +
                        ": it is mistyped, expired or revoked; check --api-key or HELIOS_API_KEY");
    case 402: return Failed(Verdict::kRetrySlowly, "the organization's spending cap is reached" + says);
    case 403:
      return Failed(Verdict::kRetrySlowly, "this API key may not send samples" + says + ": it needs the scope 'write'");
    case 408: return Failed(Verdict::kRetry, "the platform gave up waiting for the request" + says);
    default: break;
  }
  if (status == 429 || status >= 500) {
    Delivery delivery = Failed(Verdict::kRetry, "the platform asks to come back later" + says);
    delivery.retry_after = RetryAfter(response.headers);
    return delivery;
  }
  if (status >= 300 && status < 400) {
    const auto location = response.headers.Find("Location").value_or("elsewhere");
    return Failed(Verdict::kRetrySlowly,
                  fmt::format("the endpoint redirects ({}) to {}: give that address as --endpoint", status,
                              location.substr(0, kMaxDetailBytes)));
  }
  return Failed(Verdict::kRetrySlowly, "what answers at the endpoint is not a Helios platform" + says +
                                           ": check the address given as --endpoint");
}

}  // namespace

Sender::Sender(http::Client& client, std::string api_key, std::string_view version) : client_(client) {
  headers_.Add("X-API-Key", std::move(api_key));
  headers_.Add("Content-Type", "application/json");
  headers_.Add("Accept", "application/json, application/problem+json");
  headers_.Add("User-Agent", fmt::format("helios-agent/{}", version));
}

Delivery Sender::Deliver(const Batch& batch) {
  const auto response = client_.Send(http::Method::kPost, "/api/v1/ingest", headers_, IngestBody(batch));
  if (!response) return Failed(Verdict::kRetry, response.error().message);
  if (response->status == 413) return DeliverHalves(batch);
  return Judge(*response, batch);
}

Delivery Sender::DeliverHalves(const Batch& batch) {
  if (batch.samples < 2) {
    return {.verdict = Verdict::kDelivered,
            .accepted = 0,
            .rejected = batch.samples,
            .retry_after = {},
            .detail = "one sample is too large for the platform"};
  }
  const auto [first, second] = Halve(batch);
  Delivery total = Deliver(first);
  if (total.verdict != Verdict::kDelivered) return total;
  Delivery rest = Deliver(second);
  // Not both: the whole batch is sent again, and the platform recognises what it has.
  if (rest.verdict != Verdict::kDelivered) return rest;
  total.accepted += rest.accepted;
  total.rejected += rest.rejected;
  if (total.detail.empty()) total.detail = std::move(rest.detail);
  return total;
}

Sight Sender::Look(const Batch& batch) {
  const auto sample = ParseObject(std::string_view(batch.lines).substr(0, batch.lines.find('\n')));
  if (!sample) return Sight::kUnknown;
  const std::string time = FormatRfc3339(batch.time);
  const json::value question = {
      {"metric", sample->at("name")}, {"labels", sample->at("labels")}, {"start", time}, {"end", time}};
  const auto response = client_.Send(http::Method::kPost, "/api/v1/query", headers_, json::serialize(question));
  if (!response) return Sight::kUnknown;
  if (response->status == 403) return Sight::kMayNotLook;
  if (response->status != 200) return Sight::kUnknown;
  const auto answer = ParseObject(response->body);
  const json::value* series = answer ? answer->if_contains("series") : nullptr;
  if (series == nullptr || !series->is_array()) return Sight::kUnknown;
  const auto has_points = [](const json::value& one) {
    const json::value* points = one.is_object() ? one.as_object().if_contains("points") : nullptr;
    return points != nullptr && points->is_array() && !points->as_array().empty();
  };
  return std::ranges::any_of(series->as_array(), has_points) ? Sight::kSeen : Sight::kNotSeen;
}

}  // namespace helios::agent
