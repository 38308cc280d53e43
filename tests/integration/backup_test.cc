// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What `helios backup` took of a platform, running or stopped, `helios restore` gives back: all of it, or a refusal.
#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <cmath>
#include <fstream>
#include <numbers>

#include "tests/support/child_process.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr std::chrono::minutes kLongest{2};

struct Ended {
  int status = -1;
  std::string words;  ///< of both outputs
};

class BackupTest : public ServerTest {
 protected:
  void SetUp() override {
    server.options().environment = {{"HELIOS_DETECTION_SCORE_SERIES", "false"}};  // series are counted
    ServerTest::SetUp();
    // The server is another user than a test that runs as root.
    scratch_ = server.directory() / "backups";
    fs::create_directory(scratch_);
    fs::permissions(scratch_, fs::perms::all);
  }

  Ended Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), HELIOS_PROGRAM);
    ChildProcess program({.command = std::move(arguments),
                          .environment = {},
                          .scratch = server.directory(),
                          .name = fmt::format("run-{}", ++runs_)});
    const auto status = program.Wait(kLongest);
    return {.status = status.value_or(-1), .words = program.Output() + program.Errors()};
  }
  Ended BackUp(const fs::path& to) { return Run({"backup", to.string(), "--data-dir", server.data_dir().string()}); }
  Ended Restore(const fs::path& from, const fs::path& to) {
    return Run({"restore", from.string(), "--data-dir", to.string(), "--master-key",
                (server.data_dir() / "master.key").string()});
  }

  static std::vector<Sample> Batch(TimestampMs newest, int count) {
    std::vector<Sample> samples;
    for (int i = count - 1; i >= 0; --i) {
      for (const char* host : {"a", "b", "c"}) {
        samples.push_back({.metric = "cpu", .time = newest - i * 1s, .value = 0.1 * i, .labels = {{"host", host}}});
      }
    }
    return samples;
  }

  static void FlipAByte(const fs::path& file) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(fs::file_size(file) / 2));
    const char byte = static_cast<char>(bytes.peek() ^ 0x10);
    bytes.seekp(bytes.tellg());
    bytes.write(&byte, 1);
  }

  fs::path scratch_;
  int runs_ = 0;
};

TEST_F(BackupTest, ARestoredPlatformIsTheOneOfTheBackup) {
  Tenant acme = server.NewTenant("acme");
  const TimestampMs now = SystemClock().Now() - 60s;
  ASSERT_EQ(acme.Ingest(Batch(now, 200)).status, 200);
  const auto before = acme.QueryBy("host", "cpu");
  ASSERT_EQ(before.size(), 3U);

  const Ended backup = BackUp(scratch_ / "first");
  ASSERT_EQ(backup.status, 0) << backup.words;
  EXPECT_THAT(backup.words, HasSubstr("and the control database"));
  EXPECT_THAT(backup.words, HasSubstr("keep master.key"));

  ASSERT_EQ(acme.Ingest(Batch(now + 50s, 30)).status, 200);
  const Tenant later = server.NewTenant("later");

  const fs::path data = server.directory() / "restored";
  const Ended restored = Restore(scratch_ / "first", data);
  ASSERT_EQ(restored.status, 0) << restored.words;
  EXPECT_THAT(restored.words, HasSubstr("3 series with 600 samples and the control database"));

  Server second({.data_dir = data});
  ASSERT_TRUE(second.Start());
  Tenant again = second.Again(acme);
  EXPECT_EQ(again.QueryBy("host", "cpu"), before);
  EXPECT_EQ(second.Again(later).api.Get("/api/v1/me").status, 401);
  EXPECT_EQ(again.Ingest(Batch(now + 55s, 5)).status, 200);
  EXPECT_EQ(second.Stop(), 0);

  const Ended over = Restore(scratch_ / "first", data);
  EXPECT_EQ(over.status, 1);
  EXPECT_THAT(over.words, HasSubstr("backup.data_dir_not_empty"));
  const Ended twice = BackUp(scratch_ / "first");
  EXPECT_EQ(twice.status, 1);
  EXPECT_THAT(twice.words, HasSubstr("want a new or an empty directory"));
}

/// A daily sine of 60 to 140.
std::vector<Sample> Days(int days, TimestampMs newest) {
  std::vector<Sample> samples;
  for (int i = days * 288 - 1; i >= 0; --i) {
    const TimestampMs time = newest - i * 5min;
    const double turn = 2 * std::numbers::pi * static_cast<double>(ToUnixMs(time) % 86'400'000) / 86'400'000;
    samples.push_back(
        {.metric = "requests", .time = time, .value = 100 + 40 * std::sin(turn), .labels = {{"host", "a"}}});
  }
  return samples;
}

TEST_F(BackupTest, ARestoredPlatformPredictsFromTheTrainedModelAndKnowsWhatDetectionLearnt) {
  Tenant acme = server.NewTenant("acme", "professional");
  const TimestampMs newest = std::chrono::floor<std::chrono::minutes>(SystemClock().Now());
  ASSERT_EQ(acme.Ingest(Days(5, newest)).status, 200);
  const Answer training = acme.api.Post("/api/v1/models/train", boost::json::object{{"metric", "requests"}});
  ASSERT_EQ(training.status, 202) << training;
  const auto prediction = [](Tenant& tenant) {
    const Answer answer = tenant.Predict("requests");
    return answer.status == 200 ? answer.Json().at("predictions").at(0) : boost::json::value();
  };
  const auto trained = [&] {
    const auto one = prediction(acme);
    return one.is_object() && one.at("model").is_object() && one.at("model").at("version") == 1;
  };
  ASSERT_TRUE(Eventually(trained));
  const auto before = prediction(acme);
  ASSERT_EQ(BackUp(scratch_ / "running").status, 0);

  // A stop saves what detection learnt, and the ledger.
  ASSERT_EQ(server.Stop(), 0);
  const Ended backup = BackUp(scratch_ / "stopped");
  ASSERT_EQ(backup.status, 0) << backup.words;
  EXPECT_TRUE(fs::exists(scratch_ / "stopped/states/detection/manifest.json.sealed"));
  for (const char* from : {"running", "stopped"}) {
    const fs::path data = server.directory() / from;
    const Ended restored = Restore(scratch_ / from, data);
    ASSERT_EQ(restored.status, 0) << restored.words;
    EXPECT_TRUE(fs::exists(data / "objects" / ("tenant_" + acme.id()) / "requests/v1~sealed"));
    Server second({.data_dir = data});
    ASSERT_TRUE(second.Start());
    Tenant again = second.Again(acme);
    const auto after = prediction(again);
    ASSERT_TRUE(after.is_object());
    EXPECT_EQ(after.at("model"), before.at("model"));
    EXPECT_EQ(after.at("points"), before.at("points"));
    EXPECT_THAT(second.Words(), Not(HasSubstr("detection.state_lost")));
    EXPECT_THAT(second.Words(), Not(HasSubstr("forecasts.ledger_lost")));
    if (from == std::string_view("stopped")) {
      EXPECT_THAT(second.Words(), HasSubstr(R"("event":"detection.started","series":1,)"));
      EXPECT_TRUE(fs::exists(data / "accuracy/ledger"));
    }
    EXPECT_EQ(second.Stop(), 0);
  }

  const std::string artifact = "objects/tenant_" + acme.id() + "/requests/v1~sealed";
  for (const std::string& file : {artifact, std::string("states/detection/manifest.json.sealed")}) {
    FlipAByte(scratch_ / "stopped" / file);
    const Ended refused = Restore(scratch_ / "stopped", server.directory() / "refused");
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.words, HasSubstr(file + " is damaged"));
    FlipAByte(scratch_ / "stopped" / file);
  }
}

TEST_F(BackupTest, ADamagedBackupIsRefusedByTheNameOfTheFile) {
  Tenant acme = server.NewTenant("acme");
  ASSERT_EQ(acme.Ingest(Batch(SystemClock().Now() - 60s, 50)).status, 200);
  const fs::path backup = scratch_ / "damaged";
  ASSERT_EQ(BackUp(backup).status, 0);

  std::vector<std::string> files = {"database.sealed"};
  for (const auto& entry : fs::directory_iterator(backup / "samples/chunks")) {
    if (entry.path().extension() == ".sst") files.push_back("samples/chunks/" + entry.path().filename().string());
  }
  ASSERT_GE(files.size(), 2U);
  for (const std::string& file : files) {
    FlipAByte(backup / file);
    const Ended refused = Restore(backup, server.directory() / "refused");
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.words, HasSubstr(file + " is damaged"));
    EXPECT_TRUE(fs::is_empty(server.directory() / "refused"));
    FlipAByte(backup / file);  // and back
  }

  std::ofstream(server.directory() / "other.key") << std::string(64, 'a') << "\n";
  fs::permissions(server.directory() / "other.key", fs::perms::owner_read | fs::perms::owner_write);
  const Ended foreign = Run({"restore", backup.string(), "--data-dir", (server.directory() / "refused").string(),
                             "--master-key", (server.directory() / "other.key").string()});
  EXPECT_EQ(foreign.status, 1);
  EXPECT_THAT(foreign.words, HasSubstr("backup.bad_manifest"));

  const Ended whole = Restore(backup, server.directory() / "refused");
  EXPECT_EQ(whole.status, 0) << whole.words;
}

TEST_F(BackupTest, AStoppedPlatformIsBackedUpToo) {
  Tenant acme = server.NewTenant("acme");
  ASSERT_EQ(acme.Ingest(Batch(SystemClock().Now() - 60s, 50)).status, 200);
  const auto before = acme.QueryBy("host", "cpu");
  server.Kill();  // so that the operator's address is still there, and nobody behind it
  const Ended backup = BackUp(scratch_ / "stopped");
  ASSERT_EQ(backup.status, 0) << backup.words;
  const fs::path data = server.directory() / "restored";
  ASSERT_EQ(Restore(scratch_ / "stopped", data).status, 0);
  Server second({.data_dir = data});
  ASSERT_TRUE(second.Start());
  EXPECT_EQ(second.Again(acme).QueryBy("host", "cpu"), before);
}

TEST_F(BackupTest, NobodyWithoutTheMasterKeyHasTheServerWriteOne) {
  ApiClient client = server.NewOperatorClient();
  const boost::json::object body{{"directory", (scratch_ / "stolen").string()},
                                 {"issued_at", FormatRfc3339(SystemClock().Now())}};
  const Answer answer = client.Post("/backup", body);
  EXPECT_EQ(answer.status, 401) << answer;
  EXPECT_EQ(answer.Code(), "backup.bad_signature");
  EXPECT_FALSE(fs::exists(scratch_ / "stolen"));
}

TEST_F(BackupTest, ADirectoryThatIsNoPlatformIsNotBackedUp) {
  const Ended nothing = Run({"backup", (scratch_ / "x").string(), "--data-dir", (server.directory() / "no").string()});
  EXPECT_EQ(nothing.status, 1);
  EXPECT_THAT(nothing.words, HasSubstr("backup.no_data"));
  EXPECT_FALSE(fs::exists(server.directory() / "no"));
}

}  // namespace
}  // namespace helios::testing
