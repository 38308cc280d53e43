// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a tenant transaction costs over a UNIX socket, PostgreSQL's own work included.
#include <benchmark/benchmark.h>

#include "pg/database.h"
#include "tests/support/scratch_postgres.h"

namespace helios::pg {
namespace {

constexpr Statement kCount{"bench.count_models", "SELECT count(*) AS n FROM models WHERE org_id = $1"};

void BM_TenantTransaction(benchmark::State& state) {
  static const auto database = helios::testing::ScratchPostgres::Shared().NewDatabase();
  obs::Metrics metrics;
  Database db({.url = database.app_url}, metrics);
  const TenantId tenant = *TenantId::Parse("01900000-0000-7000-8000-00000000000a");
  for (auto _ : state) {
    auto tx = db.Begin(tenant);
    for (int i = 0; i < state.range(0); ++i) {
      auto rows = tx->Execute(kCount, {tenant});
      if (!rows) return state.SkipWithError(rows.error().message.c_str());
      benchmark::DoNotOptimize(rows->front().Get<std::int64_t>("n"));
    }
    if (!tx->Commit()) return state.SkipWithError("no commit");
  }
}
BENCHMARK(BM_TenantTransaction)->ArgName("queries")->Arg(1)->Arg(5)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace helios::pg
