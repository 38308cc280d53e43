// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/model_registry.h"

#include "training/sql.h"

namespace helios::training {
namespace {

constexpr std::size_t kMaxRemembered = 100'000;
constexpr std::chrono::seconds kRememberedFor{15};
constexpr std::size_t kLongestName = 255;

Model ModelOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .name = row.Get<std::string>("name"),
          .model_type = row.Get<std::string>("model_type"),
          .target_metric = row.Get<std::string>("target_metric"),
          .version = static_cast<int>(row.Get<std::int64_t>("version")),
          .status = row.Get<std::string>("status"),
          .artifact_path = row.Get<std::optional<std::string>>("artifact_path"),
          .artifact_deleted_at = row.Get<std::optional<TimestampMs>>("artifact_deleted_at"),
          .metrics = row.Get<std::string>("metrics"),
          .trained_at = row.Get<TimestampMs>("trained_at"),
          .created_at = row.Get<TimestampMs>("created_at")};
}

std::string KeyOf(TenantId tenant, const std::string& metric) {
  return tenant.ToString() + metric;
}

/// Within the column, whose limit counts characters; a metric has at most 255 bytes.
std::string NameOf(const std::string& metric) {
  return metric.size() + 9 > kLongestName ? metric : metric + "_forecast";
}

}  // namespace

std::optional<ModelRegistry::Remembered> ModelRegistry::Recall(const std::string& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = active_.find(key);
  if (found == active_.end()) return std::nullopt;
  return found->second;
}

void ModelRegistry::Remember(const std::string& key, std::optional<Model> model) {
  const std::scoped_lock lock(mutex_);
  if (active_.size() >= kMaxRemembered) active_.clear();
  active_[key] = {.model = std::move(model), .until = std::chrono::steady_clock::now() + kRememberedFor};
}

void ModelRegistry::Forget(TenantId tenant, const std::string& metric) {
  const std::scoped_lock lock(mutex_);
  active_.erase(KeyOf(tenant, metric));
}

Result<std::optional<Model>> ModelRegistry::ReadActive(pg::TenantTransaction& tx, const std::string& metric) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindActiveModel, {tx.tenant(), metric}));
  if (rows.empty()) return std::nullopt;
  return ModelOf(rows.front());
}

Result<std::optional<Model>> ModelRegistry::FindActive(TenantId tenant, const std::string& metric,
                                                       pg::Deadline deadline) {
  const std::string key = KeyOf(tenant, metric);
  auto remembered = Recall(key);
  if (remembered && std::chrono::steady_clock::now() < remembered->until) return std::move(remembered->model);
  const auto read = [&]() -> Result<std::optional<Model>> {
    HELIOS_TRY(auto tx, database_.Begin(tenant, deadline));
    return ReadActive(tx, metric);
  };
  auto model = read();
  if (model) {
    Remember(key, *model);
  } else if (remembered && model.error().code == ErrorCode::kUnavailable) {
    return std::move(remembered->model);
  }
  return model;
}

Result<Model> ModelRegistry::FindOrRegister(const tenancy::RequestContext& context, const FirstVersion& first) {
  HELIOS_TRY(auto active, FindActive(context.tenant, first.metric, context.deadline));
  if (active) return *std::move(active);

  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(tx.Execute(sql::kInsertModel,
                          {tx.tenant(), Uuid::V7(context.now, random_), NameOf(first.metric), first.model_type,
                           first.metric, first.metrics, first.history_start, first.history_end, context.now}));
  HELIOS_TRY(auto model, ReadActive(tx, first.metric));
  HELIOS_CHECK(tx.Commit());
  if (!model) {
    return Fail(ErrorCode::kFailedPrecondition, "training.model_withdrawn",
                "cannot forecast '{}': its model was withdrawn, and none has taken its place", first.metric);
  }
  Remember(KeyOf(context.tenant, first.metric), *model);
  return *std::move(model);
}

Result<int> ModelRegistry::NextVersion(pg::TenantTransaction& tx, const std::string& metric) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kNewestVersion, {tx.tenant(), metric}));
  return static_cast<int>(rows.front().Get<std::optional<std::int64_t>>("version").value_or(0)) + 1;
}

Result<Uuid> ModelRegistry::Promote(pg::TenantTransaction& tx, const TrainedVersion& trained, TimestampMs now) const {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kLockModels, {tx.tenant(), trained.metric}));
  int newest = 0;
  std::optional<Uuid> active;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0) newest = static_cast<int>(rows[i].Get<std::int64_t>("version"));
    if (!active && rows[i].Get<std::string>("status") == "active") active = rows[i].Get<Uuid>("id");
  }
  if (newest + 1 != trained.version || active != trained.base) {
    return Fail(ErrorCode::kConflict, "training.superseded",
                "cannot register version {} of '{}': another version was made or activated while it was trained",
                trained.version, trained.metric);
  }
  const Uuid id = Uuid::V7(now, random_);
  HELIOS_CHECK(tx.Execute(sql::kInsertCandidate,
                          {tx.tenant(), id, NameOf(trained.metric), trained.model_type, trained.metric, trained.version,
                           trained.artifact_path, trained.metrics, trained.history_start, trained.history_end, now}));
  HELIOS_CHECK(tx.Execute(sql::kActivateModel, {tx.tenant(), trained.metric, id}));
  return id;
}

Result<Model> ModelRegistry::Activate(const tenancy::RequestContext& context, const tenancy::AuditTrail& audit,
                                      const Uuid& id) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kTrain));
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto named, tx.Execute(sql::kFindModel, {tx.tenant(), id}));
  if (named.empty()) return Fail(ErrorCode::kNotFound, "training.no_such_model", "cannot find the model {}", id);
  HELIOS_CHECK(tx.Execute(sql::kLockModels, {tx.tenant(), ModelOf(named.front()).target_metric}));
  // As it is now that nobody else changes it: its artifact may have gone meanwhile.
  HELIOS_TRY(const auto found, tx.Execute(sql::kFindModel, {tx.tenant(), id}));
  Model model = ModelOf(found.front());
  if (!model.artifact_path) {
    return Fail(ErrorCode::kFailedPrecondition, "training.no_artifact",
                "cannot activate version {} of '{}': it has no artifact; want a version that a training made",
                model.version, model.target_metric);
  }
  if (model.artifact_deleted_at) {
    return Fail(
        ErrorCode::kFailedPrecondition, "training.artifact_gone",
        "cannot activate version {} of '{}': its artifact was deleted on {}; want a newer version, or a training "
        "of the metric",
        model.version, model.target_metric, FormatRfc3339(*model.artifact_deleted_at));
  }
  if (model.status == "withdrawn") {
    return Fail(ErrorCode::kFailedPrecondition, "training.model_withdrawn",
                "cannot activate version {} of '{}': it was withdrawn, for it did worse than seasonal naive",
                model.version, model.target_metric);
  }
  HELIOS_CHECK(tx.Execute(sql::kActivateModel, {tx.tenant(), model.target_metric, id}));
  HELIOS_CHECK(audit.Record(tx, context, "model.activate", id));
  HELIOS_CHECK(tx.Commit());
  Forget(context.tenant, model.target_metric);
  model.status = "active";
  return model;
}

Result<std::vector<Model>> ModelRegistry::List(const tenancy::RequestContext& context, const tenancy::Page& page) {
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListModels, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<Model> models;
  models.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) models.push_back(ModelOf(rows[i]));
  return models;
}

Result<Model> ModelRegistry::Find(const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindModel, {tx.tenant(), id}));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "training.no_such_model", "cannot find the model {}", id);
  return ModelOf(rows.front());
}

}  // namespace helios::training
