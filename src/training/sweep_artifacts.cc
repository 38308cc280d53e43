// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/sweep_artifacts.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <vector>

#include "training/sql.h"

namespace helios::training {
namespace {

constexpr int kMost = 10'000;  ///< in one run; the next night's goes on

struct Spent {
  Uuid id;
  std::string metric;
};

Result<std::vector<Spent>> FindSpent(pg::Database& database, TenantId tenant, TimestampMs now) {
  HELIOS_TRY(auto tx, database.Begin(tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindSpentArtifacts, {tx.tenant(), kKeptRetired, now - kKeptFor, kMost}));
  std::vector<Spent> spent;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    spent.push_back({.id = rows[i].Get<Uuid>("id"), .metric = rows[i].Get<std::string>("target_metric")});
  }
  return spent;
}

}  // namespace

Result<std::string> SweepArtifacts::Run(jobs::JobContext& context) {
  const TimestampMs now = clock_.Now();
  HELIOS_TRY(const auto found, FindSpent(database_, context.tenant(), now));
  std::int64_t deleted = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (context.stop().stop_requested()) {
      return Fail(ErrorCode::kUnavailable, "training.stopped", "cannot go on deleting artifacts: it was asked to stop");
    }
    HELIOS_TRY(auto tx, context.Begin());
    HELIOS_CHECK(tx.Execute(sql::kLockModels, {tx.tenant(), found[i].metric}));
    HELIOS_TRY(const auto rows, tx.Execute(sql::kMarkArtifactDeleted, {tx.tenant(), found[i].id, now}));
    if (rows.empty()) continue;  // activated meanwhile
    HELIOS_TRY(const auto key, objects::ObjectKey::Parse(rows.front().Get<std::string>("artifact_path")));
    HELIOS_CHECK(objects_.Delete(context.tenant(), key));
    HELIOS_CHECK(tx.Commit());
    ++deleted;
    context.Report(static_cast<double>(i + 1) / static_cast<double>(found.size()), key.text());
  }
  std::string result = boost::json::serialize(boost::json::object{{"deleted", deleted}});
  HELIOS_TRY(auto tx, context.Begin());
  HELIOS_CHECK(context.SucceedIn(tx, result));
  HELIOS_CHECK(tx.Commit());
  return result;
}

}  // namespace helios::training
