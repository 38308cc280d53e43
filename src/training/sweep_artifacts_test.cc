// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/sweep_artifacts.h"

#include <gtest/gtest.h>

#include "jobs/testing/handler_trial.h"
#include "training/testing/training_fixture.h"

namespace helios::training {
namespace {

using jobs::kAcme;

class SweepArtifactsTest : public TrainingHandlerTest {
 protected:
  /// Versions 1 to `count` of "cpu", the newest active, each trained a day after the one before, the newest now.
  void AddVersions(int count) {
    for (int version = 1; version <= count; ++version) {
      const auto age = std::chrono::days{count - version};
      root.Must(fmt::format(
          "INSERT INTO shared.models (org_id, id, name, model_type, target_metric, version, status, artifact_path, "
          "trained_at) VALUES ('{}', gen_random_uuid(), 'cpu_forecast', 'automatic', 'cpu', {}, '{}', 'cpu/v{}', '{}')",
          kAcme.ToString(), version, version == count ? "active" : "retired", version,
          FormatRfc3339(samples_clock.Now() - age)));
      ASSERT_TRUE(objects->Put(kAcme, objects::ObjectKey::Parse(fmt::format("cpu/v{}", version)).value(), "artifact"));
    }
  }
  std::string Deleted() {
    std::string versions;
    for (const auto& row : root.Must("SELECT version FROM shared.models WHERE artifact_deleted_at IS NOT NULL "
                                     "ORDER BY version")
                               .rows) {
      versions += *row[0] + " ";
    }
    return versions;
  }
  std::string Kept() {
    std::string keys;
    for (const auto& object : objects->List(kAcme, "", "", 1000).value()) keys += object.key.text() + " ";
    return keys;
  }
  const jobs::NewJob job{.kind = std::string(kSweepArtifacts)};
};

TEST_F(SweepArtifactsTest, KeepsTheActiveOneAndTheSevenNewestRetired) {
  AddVersions(11);
  EXPECT_EQ(Run(job).result, "{\"deleted\": 3}");
  EXPECT_EQ(Deleted(), "1 2 3 ");
  EXPECT_EQ(Kept(), "cpu/v10 cpu/v11 cpu/v4 cpu/v5 cpu/v6 cpu/v7 cpu/v8 cpu/v9 ");
  EXPECT_EQ(Run(job).result, "{\"deleted\": 0}");
}

TEST_F(SweepArtifactsTest, KeepsWhatIsYoungHoweverManyThereAre) {
  AddVersions(11);
  root.Must(fmt::format("UPDATE shared.models SET trained_at = '{}'", FormatRfc3339(samples_clock.Now())));
  EXPECT_EQ(Run(job).result, "{\"deleted\": 0}");
}

TEST_F(SweepArtifactsTest, KeepsAnOldOneThatWasActivatedAgain) {
  AddVersions(11);
  root.Must("UPDATE shared.models SET status = CASE version WHEN 1 THEN 'active' ELSE 'retired' END");
  Run(job);
  EXPECT_EQ(Deleted(), "2 3 ") << "version 4 is one too many, but no more than a week old";
}

TEST_F(SweepArtifactsTest, LeavesTheSameHoweverItIsKilled) {
  const jobs::HandlerTrial trial{
      .database = database,
      .queue = queue,
      .tenant = kAcme,
      .job = job,
      .reset =
          [this] {
            ForgetEverything();
            AddVersions(10);
          },
      .handler = [this] { return std::make_unique<SweepArtifacts>(database, *objects, samples_clock); },
      .state = [this] { return Deleted() + Kept(); }};
  EXPECT_GE(trial.Run(), 8) << "of each artifact stop, begin, report; begin, success";
}

TEST_F(SweepArtifactsTest, AnArtifactThatIsGoneAlreadyIsMarked) {
  AddVersions(9);
  ASSERT_TRUE(objects->Delete(kAcme, objects::ObjectKey::Parse("cpu/v1").value()));
  EXPECT_EQ(Run(job).result, "{\"deleted\": 1}");
  EXPECT_EQ(Deleted(), "1 ");
}

TEST_F(SweepArtifactsTest, AVersionWithoutItsArtifactIsNotActivatedAndSaysWhy) {
  AddVersions(9);
  Run(job);
  ModelRegistry models(database, random);
  const tenancy::AuditTrail audit(random);
  auto principal = std::make_shared<tenancy::Principal>();
  principal->permissions = {tenancy::Permission::kTrain};
  tenancy::RequestContext context;
  context.principal = principal;
  context.tenant = kAcme;
  context.now = clock.Now();
  context.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  const auto id = [this](int version) {
    return *Uuid::Parse(root.Must(fmt::format("SELECT id FROM shared.models WHERE version = {}", version)).value());
  };
  const auto gone = models.Activate(context, audit, id(1));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().reason, "training.artifact_gone");
  EXPECT_EQ(gone.error().code, ErrorCode::kFailedPrecondition);
  const auto kept = models.Activate(context, audit, id(2));
  EXPECT_TRUE(kept) << kept.error().message;
}

}  // namespace
}  // namespace helios::training
