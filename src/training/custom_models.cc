// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/custom_models.h"

#include <boost/json/serialize.hpp>

#include "obs/log.h"
#include "training/sql.h"

namespace helios::training {
namespace {

Result<CustomModelDefinition> ParseDefinition(const std::string& text) {
  HELIOS_TRY(const auto parsed, http::ParseJson(text));
  if (!parsed.is_object()) {
    return Fail(ErrorCode::kInternal, "http.bad_json", "cannot read a custom model: it is no object");
  }
  http::ObjectReader reader(parsed.as_object());
  auto definition = ReadDefinition(reader);
  HELIOS_CHECK(reader.Finish());
  return definition;
}

Result<CustomModel> ModelOf(const pg::Rows::Row& row) {
  HELIOS_TRY(auto definition, ParseDefinition(row.Get<std::string>("definition")));
  return CustomModel{.id = row.Get<Uuid>("id"),
                     .metric = row.Get<std::string>("target_metric"),
                     .definition = std::move(definition),
                     .created_at = row.Get<TimestampMs>("created_at"),
                     .updated_at = row.Get<TimestampMs>("updated_at")};
}

}  // namespace

Result<std::optional<CustomModelDefinition>> ReadCustomModel(pg::TenantTransaction& tx, const std::string& metric) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindCustomModelOfMetric, {tx.tenant(), metric}));
  if (rows.empty()) return std::nullopt;
  auto definition = ParseDefinition(rows.front().Get<std::string>("definition"));
  if (definition) return *std::move(definition);
  obs::LogFailure("models.custom_definition_unusable", definition.error(), {{"metric", metric}});
  return std::nullopt;
}

Result<std::vector<CustomModel>> ListCustomModels(pg::TenantTransaction& tx, const tenancy::Page& page) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListCustomModels, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<CustomModel> models;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    HELIOS_TRY(auto model, ModelOf(rows[i]));
    models.push_back(std::move(model));
  }
  return models;
}

Result<CustomModel> FindCustomModel(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindCustomModel, {tx.tenant(), id}));
  if (rows.empty()) {
    return Fail(ErrorCode::kNotFound, "training.no_such_custom_model", "cannot find the custom model {}", id);
  }
  return ModelOf(rows.front());
}

Result<PutCustomModelOutcome> PutCustomModel(pg::TenantTransaction& tx, const tenancy::RequestContext& context,
                                             Random& random, const tenancy::AuditTrail& audit,
                                             const std::string& metric, const CustomModelDefinition& definition) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kTrain));
  if (!HasCustomModels(context.principal->plan)) {
    return Fail(ErrorCode::kPermissionDenied, "training.plan_without_custom_models",
                "cannot set a custom model: the {} plan has none; want the professional plan or a higher one, which an "
                "owner of the organization can change to; until then models are chosen by themselves",
                tenancy::PlanName(context.principal->plan));
  }
  const Uuid id = Uuid::V7(context.now, random);
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kPutCustomModel, {tx.tenant(), id, metric, boost::json::serialize(ToJson(definition)),
                                               context.now, kMostCustomModels}));
  if (rows.empty()) {
    return Fail(ErrorCode::kFailedPrecondition, "training.too_many_custom_models",
                "cannot add a custom model: there are {} already, which is the most; delete one", kMostCustomModels);
  }
  HELIOS_TRY(auto model, ModelOf(rows.front()));
  const bool created = model.id == id;
  HELIOS_CHECK(audit.Record(tx, context, created ? "custom_model.create" : "custom_model.update", model.id));
  return PutCustomModelOutcome{.model = std::move(model), .created = created};
}

Result<CustomModel> DeleteCustomModel(pg::TenantTransaction& tx, const tenancy::RequestContext& context,
                                      const tenancy::AuditTrail& audit, const Uuid& id) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kTrain));
  HELIOS_TRY(auto model, FindCustomModel(tx, id));
  HELIOS_CHECK(tx.Execute(sql::kDeleteCustomModel, {tx.tenant(), id}));
  HELIOS_CHECK(audit.Record(tx, context, "custom_model.delete", id));
  return model;
}

}  // namespace helios::training
