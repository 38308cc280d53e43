// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/training_job.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/hex.h"
#include "crypto/digest.h"
#include "http/json.h"

namespace helios::training {

jobs::NewJob TrainingJob(const TrainingRequest& request) {
  boost::json::object payload{{"metric", request.metric}};
  if (request.labels != "{}") payload["labels"] = boost::json::parse(request.labels);
  // Hashed, so that a name of any length is within the key's bounds.
  const std::string key = ToHex(crypto::Sha256(boost::json::serialize(payload)));
  if (request.cause) payload["cause"] = {{"kind", request.cause->kind}, {"detail", request.cause->detail}};
  jobs::NewJob job{.kind = std::string(kTrainMetric), .payload = boost::json::serialize(payload)};
  job.pending_key = key;
  job.idempotency_key = request.once;
  job.created_by = request.created_by;
  return job;
}

Result<TrainingSubject> ParseTrainingPayload(const std::string& payload) {
  HELIOS_TRY(const auto json, http::ParseJson(payload));
  if (!json.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "training.bad_payload", "cannot train: the payload is no JSON object");
  }
  http::ObjectReader reader(json.as_object());
  TrainingSubject subject;
  subject.metric = reader.String("metric", tsdb::kMaxMetricNameBytes);
  const auto labels = reader.OptionalStringMap("labels");
  [[maybe_unused]] const auto* cause = reader.OptionalObject("cause");  // for people
  HELIOS_CHECK(reader.Finish());
  subject.chosen.metric = subject.metric;
  for (const auto& [name, value] : labels) {
    subject.chosen.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
  return subject;
}

}  // namespace helios::training
