// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/training_request.h"

#include <boost/json/object.hpp>

#include <utility>

#include "http/json.h"

namespace helios::transfer {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPollEvery{1'000};
constexpr std::string_view kPath = "/api/v1/models/train";

std::string Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->as_string())) : std::string();
}

const json::object* Member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr ? value->if_object() : nullptr;
}

/// The object of an answer with this status.
Result<json::object> ObjectOf(const Result<http::ClientResponse>& response, int status) {
  if (!response) return std::unexpected(response.error());
  auto body = http::ParseJson(response->body);
  if (response->status != status || !body || !body->is_object()) {
    return Fail(ErrorCode::kPermissionDenied, "transfer.refused", "cannot train: the platform answers {}",
                Says(*response));
  }
  return std::move(body->as_object());
}

}  // namespace

Result<TrainingTally> TrainMetrics(PatientClient& client, const std::vector<std::string>& metrics,
                                   const PatientClient::Sleep& sleep, Progress& progress) {
  std::vector<std::pair<std::string, std::string>> jobs;  // metric and id
  for (const std::string& metric : metrics) {
    const std::string wanted = http::JsonBytes(json::object{{"metric", metric}});
    HELIOS_TRY(const json::object answer,
               ObjectOf(client.Send(http::Method::kPost, kPath, "application/json", wanted), 202));
    const json::object* job = Member(answer, "job");
    jobs.emplace_back(metric, job != nullptr ? Text(*job, "id") : std::string());
  }
  TrainingTally tally;
  for (const auto& [metric, id] : jobs) {
    for (;;) {
      HELIOS_TRY(const json::object job, ObjectOf(client.Send(http::Method::kGet, "/api/v1/jobs/" + id, {}, {}), 200));
      const std::string status = Text(job, "status");
      if (status == "queued" || status == "running") {
        sleep(kPollEvery);
        continue;
      }
      if (status == "succeeded") {
        ++tally.succeeded;
        const json::object* result = Member(job, "result");
        for (const char* name : {"promoted", "carried_over"}) {
          const json::value* count = result != nullptr ? result->if_contains(name) : nullptr;
          if (count != nullptr && count->is_int64()) tally.series += static_cast<std::size_t>(count->as_int64());
        }
      } else {
        ++tally.failed;
        const json::object* error = Member(job, "error");
        progress.Note(fmt::format("training of {} {}: {}", metric, status,
                                  error != nullptr ? Text(*error, "detail") : std::string("no reason is given")));
      }
      break;
    }
  }
  return tally;
}

}  // namespace helios::transfer
