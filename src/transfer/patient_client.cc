// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/patient_client.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "http/json.h"

namespace helios::transfer {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstWait{1'000};
constexpr milliseconds kLongestWait{30'000};
constexpr std::int64_t kLongestRetryAfter = 600;
constexpr std::size_t kMostShown = 300;

bool Passing(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDeadlineExceeded;
}

bool Passing(int status) {
  return status == 408 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

std::optional<milliseconds> RetryAfter(const http::ClientResponse& response) {
  const auto field = response.headers.Find("Retry-After");
  if (!field) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(field->data(), field->data() + field->size(), seconds);
  if (error != std::errc{} || end != field->data() + field->size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds{std::min(seconds, kLongestRetryAfter)};
}

}  // namespace

PatientClient::PatientClient(http::Client& client, http::Headers headers, Random& random, Sleep sleep,
                             milliseconds patience)
    : client_(client), headers_(std::move(headers)), random_(random), sleep_(std::move(sleep)), patience_(patience) {}

Result<http::ClientResponse> PatientClient::Send(http::Method method, std::string_view target,
                                                 std::string_view content_type, std::string_view body) {
  http::Headers headers = headers_;
  if (!content_type.empty()) headers.Set("Content-Type", std::string(content_type));
  milliseconds waited{0};
  for (milliseconds ceiling = kFirstWait;; ceiling = std::min(2 * ceiling, kLongestWait)) {
    auto response = client_.Send(method, target, headers, body);
    if (response ? !Passing(response->status) : !Passing(response.error())) return response;
    if (waited >= patience_) return response;
    const auto asked = response ? RetryAfter(*response) : std::nullopt;
    const milliseconds wait = asked ? std::max(*asked, milliseconds{1})
                                    : ceiling / 2 + milliseconds{static_cast<std::int64_t>(
                                                        random_.Uniform() * static_cast<double>(ceiling.count() / 2))};
    if (on_wait) on_wait(response ? Says(*response) : response.error().message, wait);
    sleep_(wait);
    waited += wait;
  }
}

std::string Says(const http::ClientResponse& response) {
  std::string text = std::to_string(response.status);
  const auto body = http::ParseJson(response.body);
  const auto* object = body ? body->if_object() : nullptr;
  const auto add = [&](std::string_view name, std::string_view before) {
    const auto* value = object != nullptr ? object->if_contains(name) : nullptr;
    if (value != nullptr && value->is_string()) {
      text += fmt::format("{}{}", before, std::string_view(value->as_string()).substr(0, kMostShown));
    }
  };
  add("code", " ");
  add("detail", ": ");
  add("errorType", " ");  // of a Prometheus
  add("error", ": ");
  if (object == nullptr && !response.body.empty()) {
    text +=
        ": " + std::string(std::string_view(response.body).substr(0, std::min(kMostShown, response.body.find('\n'))));
  }
  return text;
}

}  // namespace helios::transfer
