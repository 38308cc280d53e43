// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Processes that are killed in the middle of their jobs lose none and double none.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "jobs/testing/queue_fixture.h"

namespace helios::jobs {
namespace {

/// A run of work_until_killed.
class Worker {
 public:
  explicit Worker(const std::string& url) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "jobs_work_until_killed";
    int pipe[2];
    EXPECT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
    words_ = pipe[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string texts[] = {program.string(), url};
    char* arguments[] = {texts[0].data(), texts[1].data(), nullptr};
    EXPECT_EQ(::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
  }
  ~Worker() { Kill(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Until it is in the middle of a job.
  void AwaitWord() const {
    char byte = 0;
    EXPECT_EQ(::read(words_, &byte, 1), 1) << "the program ended by itself";
  }
  void Kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the program ended by itself";
    ::close(words_);
  }

 private:
  pid_t pid_ = -1;
  int words_ = -1;
};

TEST_F(QueueTest, KilledWorkersLoseNoJobAndDoubleNone) {
  root.Must("CREATE TABLE directory.done (job text); GRANT ALL ON directory.done TO helios_app");
  constexpr int kJobs = 300;
  for (int i = 0; i < kJobs; ++i) {
    Enqueue(i % 2 == 0 ? kAcme : kGlobex, {.kind = "work", .max_attempts = 50}, clock.Now());
  }
  std::minstd_rand chance(std::random_device{}());
  for (int round = 0; round < 6; ++round) {
    Worker one(scratch.app_url);
    Worker two(scratch.app_url);
    one.AwaitWord();
    std::this_thread::sleep_for(std::chrono::milliseconds(chance() % 40));
    one.Kill();
    two.Kill();
  }
  const auto count = [&](const std::string& what) {
    return root.Must("SELECT count(*) FROM directory." + what).value();
  };
  EXPECT_NE(count("job_queue WHERE lease_until IS NOT NULL"), "0") << "nobody was killed in the middle";
  Worker last(scratch.app_url);
  EXPECT_TRUE(Eventually([&] { return QueueLength() == "0"; }));
  last.Kill();
  EXPECT_EQ(count("jobs WHERE status = 'succeeded'"), std::to_string(kJobs));
  EXPECT_EQ(root.Must("SELECT count(DISTINCT job) || ' ' || count(*) FROM directory.done").value(),
            fmt::format("{0} {0}", kJobs));
  EXPECT_GT(std::stoi(count("effects")), kJobs) << "no job was begun twice, so that nothing was tried";
}

}  // namespace
}  // namespace helios::jobs
