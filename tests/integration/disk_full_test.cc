// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A server whose samples have a small disk of their own, which is full.
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>

#include "base/file.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace fs = std::filesystem;

class DiskFullTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // The first start makes the directory, for the user that the server becomes.
    ASSERT_TRUE(server_.Start());
    server_.Kill();
    struct stat made{};
    ASSERT_EQ(::stat(samples().c_str(), &made), 0);
    const std::string options = fmt::format("size=1g,mode=0700,uid={},gid={}", made.st_uid, made.st_gid);
    if (::mount("tmpfs", samples().c_str(), "tmpfs", 0, options.c_str()) != 0) {
      GTEST_SKIP() << "needs the right to mount a tmpfs: " << ErrnoMessage(errno);
    }
    mounted_ = true;
    ASSERT_TRUE(server_.Start());
  }
  void TearDown() override {
    if (server_.running()) server_.Kill();
    if (mounted_) ::umount2(samples().c_str(), MNT_DETACH);
  }

  [[nodiscard]] fs::path samples() const { return server_.data_dir() / "samples"; }
  [[nodiscard]] fs::path ballast() const { return samples() / "ballast"; }

  /// Leaves so little that the journal gets no further segment.
  void FillDisk() const {
    std::ofstream file(ballast(), std::ios::binary);
    const std::string piece(1U << 20U, 'x');
    while (fs::space(samples()).available > (64U << 20U) && file.write(piece.data(), 1U << 20U).flush()) {
    }
  }
  [[nodiscard]] int Readiness() const { return server_.NewClient().Get("/readyz").status; }

  static Answer IngestOne(Tenant& tenant, TimestampMs time, double value) {
    const Sample sample{.metric = "kept", .time = time, .value = value};
    return tenant.Ingest(std::span(&sample, 1));
  }

  Server server_;
  bool mounted_ = false;
};

TEST_F(DiskFullTest, Gives503UntilThereIsRoomAndThenGoesOnByItself) {
  const Tenant tenant = server_.NewTenant("acme");
  const TimestampMs now = SystemClock().Now();
  std::vector<Point> stored;
  const auto ingest = [&](Tenant& sender) {
    const TimestampMs time = now + std::chrono::milliseconds{static_cast<int>(stored.size())};
    Answer answer = IngestOne(sender, time, 0.5);
    if (answer.status == 200) stored.push_back({ToUnixMs(time), 0.5});
    return answer;
  };
  {
    Tenant sender = server_.Again(tenant);
    ASSERT_EQ(ingest(sender).status, 200);
    ASSERT_EQ(Readiness(), 200);
    FillDisk();
    EXPECT_EQ(ingest(sender).status, 200) << "the journal's segment was written to its end before it was used";
  }

  // What is full is met where the journal needs its next segment, which is so at every start.
  server_.Kill();
  ASSERT_TRUE(server_.Start());
  Tenant sender = server_.Again(tenant);
  for (int i = 0; i < 3; ++i) {
    const Answer refused = ingest(sender);
    EXPECT_EQ(refused.status, 503) << refused;
    EXPECT_EQ(refused.Code(), "tsdb.disk_full") << refused;
    EXPECT_EQ(refused.Header("Retry-After"), "1") << refused;
  }
  EXPECT_EQ(Readiness(), 503);
  EXPECT_EQ(server_.NewClient().Get("/healthz").status, 200);
  EXPECT_EQ(sender.Query("kept"), stored) << "it still reads, what was replayed as well";

  const pid_t before = server_.pid();
  fs::remove(ballast());
  EXPECT_TRUE(Eventually([&] { return Readiness() == 200; }));
  EXPECT_TRUE(Eventually([&] { return ingest(sender).status == 200; }));
  EXPECT_EQ(server_.pid(), before);
  EXPECT_TRUE(server_.AwaitEvent("tsdb.disk_recovered").has_value());
  EXPECT_EQ(sender.Query("kept"), stored);

  server_.Kill();
  ASSERT_TRUE(server_.Start());
  Tenant reader = server_.Again(tenant);
  EXPECT_EQ(reader.Query("kept"), stored);
}

}  // namespace
}  // namespace helios::testing
