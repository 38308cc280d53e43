// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// `helios worker`: beside a database, without a server.
#include <signal.h>

#include "tests/support/child_process.h"
#include "tests/support/scratch_postgres.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using ::testing::HasSubstr;

class WorkerTest : public ::testing::Test {
 protected:
  WorkerTest() {
    std::string name = "/tmp/helios-worker-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    directory = name;
    std::filesystem::permissions(directory, std::filesystem::perms(0755));
  }
  ~WorkerTest() override { std::filesystem::remove_all(directory); }
  WorkerTest(const WorkerTest&) = delete;
  WorkerTest& operator=(const WorkerTest&) = delete;

  ChildProcess::Start Command(std::vector<std::string> environment) const {
    return {.command = {HELIOS_PROGRAM, "worker", "--data-dir", (directory / "data").string()},
            .environment = std::move(environment),
            .scratch = directory,
            .name = "worker"};
  }

  std::filesystem::path directory;
};

TEST_F(WorkerTest, FiresSchedulesLeavesWhatItCannotDoAndStopsWhenAsked) {
  const auto scratch = ScratchPostgres::Shared().NewDatabase();
  SqlClient root(scratch.superuser_url);
  root.Must(
      "SET search_path = directory; INSERT INTO organizations (id, name, slug) VALUES "
      "('01900000-0000-7000-8000-00000000000a', 'Acme', 'acme');"
      "INSERT INTO schedules (org_id, id, name, kind, cron) SELECT id, id, 'nightly', 'test.nobody', '0 2 * * *' FROM "
      "organizations;"
      "INSERT INTO schedule_queue (schedule_id, tenant_id, due_at) SELECT id, id, '2026-01-03T02:00:00Z' FROM "
      "organizations");
  ChildProcess worker(Command({"HELIOS_DATABASE_URL=" + scratch.app_url}));
  EXPECT_TRUE(Eventually([&] { return root.Must("SELECT count(*) FROM directory.jobs").value() == "1"; }))
      << worker.Errors();
  EXPECT_EQ(root.Must("SELECT status FROM directory.jobs").value(), "queued") << "of a kind that it cannot do";
  worker.Signal(SIGTERM);
  EXPECT_EQ(worker.Wait(), 0) << worker.Errors();
  EXPECT_THAT(worker.Output(), HasSubstr("helios worker is ready"));
}

TEST_F(WorkerTest, RefusesToWorkWithoutADatabaseToShare) {
  ChildProcess worker(Command({}));
  EXPECT_EQ(worker.Wait(), 1);
  EXPECT_THAT(worker.Errors(), HasSubstr("[config.worker_needs_database]"));
}

}  // namespace
}  // namespace helios::testing
