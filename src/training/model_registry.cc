// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/model_registry.h"

#include "training/sql.h"

namespace helios::training {
namespace {

constexpr std::size_t kMaxRemembered = 100'000;

Model ModelOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .name = row.Get<std::string>("name"),
          .model_type = row.Get<std::string>("model_type"),
          .target_metric = row.Get<std::string>("target_metric"),
          .version = static_cast<int>(row.Get<std::int64_t>("version")),
          .status = row.Get<std::string>("status"),
          .metrics = row.Get<std::string>("metrics"),
          .trained_at = row.Get<TimestampMs>("trained_at"),
          .created_at = row.Get<TimestampMs>("created_at")};
}

}  // namespace

std::optional<Model> ModelRegistry::Remembered(const std::string& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = active_.find(key);
  if (found == active_.end()) return std::nullopt;
  return found->second;
}

Result<Model> ModelRegistry::FindOrRegister(const tenancy::RequestContext& context, const FirstVersion& first) {
  const std::string key = context.tenant.ToString() + first.metric;
  if (auto model = Remembered(key)) return *std::move(model);

  HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
  HELIOS_TRY(auto rows, tx.Execute(sql::kFindActiveModel, {tx.tenant(), first.metric}));
  if (rows.empty()) {
    HELIOS_CHECK(tx.Execute(sql::kInsertModel,
                            {tx.tenant(), Uuid::V7(context.now, random_), first.metric + "_forecast", first.model_type,
                             first.metric, first.metrics, first.history_start, first.history_end, context.now}));
    HELIOS_TRY(rows, tx.Execute(sql::kFindActiveModel, {tx.tenant(), first.metric}));
  }
  HELIOS_CHECK(tx.Commit());
  if (rows.empty()) {
    return Fail(ErrorCode::kFailedPrecondition, "training.model_withdrawn",
                "cannot forecast '{}': its model was withdrawn, and none has taken its place", first.metric);
  }
  Model model;
  model.id = rows.front().Get<Uuid>("id");
  model.name = rows.front().Get<std::string>("name");
  model.version = static_cast<int>(rows.front().Get<std::int64_t>("version"));
  model.target_metric = first.metric;
  const std::scoped_lock lock(mutex_);
  if (active_.size() >= kMaxRemembered) active_.clear();
  active_[key] = model;
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
