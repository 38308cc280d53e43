// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Runs jobs of kind "work" until it is killed: work_until_killed DATABASE-URL. Each leaves its mark before and with its
// success, and says so on standard output.
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "jobs/job_runner.h"

namespace helios::jobs {
namespace {

constexpr pg::Statement kStarted{"kill.started", "INSERT INTO effects (mark) VALUES ($1)"};
constexpr pg::Statement kDone{"kill.done", "INSERT INTO done (job) VALUES ($1)"};

class Handler final : public JobHandler {
 public:
  Result<std::string> Run(JobContext& context) override {
    const std::string id = context.job().id.ToString();
    {
      HELIOS_TRY(auto tx, context.Begin());
      HELIOS_CHECK(tx.Execute(kStarted, {id}));
      HELIOS_CHECK(tx.Commit());
    }
    [[maybe_unused]] const auto said = ::write(STDOUT_FILENO, ".", 1);
    for (int i = 0; i < 10; ++i) {
      context.Report(i / 10.0, "counting");
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    HELIOS_TRY(auto tx, context.Begin());
    HELIOS_CHECK(tx.Execute(kDone, {id}));
    HELIOS_CHECK(context.SucceedIn(tx, "{}"));
    HELIOS_CHECK(tx.Commit());
    return "{}";
  }
};

}  // namespace
}  // namespace helios::jobs

int main(int argc, char** argv) {
  using namespace helios;
  if (argc != 2) return 2;
  obs::Metrics metrics;
  pg::Database database({.url = argv[1]}, metrics);
  SystemRandom random;
  const SystemClock clock;
  jobs::JobKinds kinds;
  kinds.Add("work", std::make_unique<jobs::Handler>(), {.max_running = 4});
  const jobs::JobRunner runner(database, std::move(kinds), nullptr, clock, random, metrics,
                               {.threads = 4,
                                .owner = jobs::MakeOwner(random),
                                .listen_url = argv[1],
                                .lease = std::chrono::milliseconds{1'500},
                                .poll = std::chrono::milliseconds{50}});
  while (true) ::pause();
}
