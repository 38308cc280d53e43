// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "pg/database.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"

namespace helios::training {

/// A version of a metric's model.
struct Model {
  Uuid id;
  std::string name;
  std::string model_type;
  std::string target_metric;
  int version = 1;
  std::string status;   ///< candidate, active, retired or withdrawn
  std::string metrics;  ///< a JSON object: mase, smape, mae, coverage
  TimestampMs trained_at;
  TimestampMs created_at;
};

/// The first version of a metric's model, as its first forecast describes it.
struct FirstVersion {
  std::string metric;
  std::string model_type;
  std::string metrics;  ///< a JSON object
  TimestampMs history_start;
  TimestampMs history_end;
};

/// The models of each tenant: one row a metric and version. Thread-safe.
class ModelRegistry {
 public:
  ModelRegistry(pg::Database& database, Random& random) : database_(database), random_(random) {}

  /// The metric's active model; registers version 1 where the metric has none yet. Active models are
  /// remembered, so that a forecast costs no query.
  [[nodiscard]] Result<Model> FindOrRegister(const tenancy::RequestContext& context, const FirstVersion& first);

  /// One more than the page asks for, where there are more.
  [[nodiscard]] Result<std::vector<Model>> List(const tenancy::RequestContext& context, const tenancy::Page& page);

  /// Errors: kNotFound training.no_such_model.
  [[nodiscard]] Result<Model> Find(const tenancy::RequestContext& context, const Uuid& id);

 private:
  [[nodiscard]] std::optional<Model> Remembered(const std::string& key) const;

  pg::Database& database_;
  Random& random_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Model> active_;  ///< by tenant and metric
};

}  // namespace helios::training
