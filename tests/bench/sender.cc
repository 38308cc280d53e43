// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/sender.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <numeric>
#include <random>
#include <thread>

#include "tests/bench/connection.h"

namespace helios::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double OwnCpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Prepared {
  std::string bytes;
  std::size_t samples = 0;
};

/// One connection, the series that it owns, and what it has to send.
class Lane {
 public:
  Lane(const Intake& intake, const LoadPlan& plan, Connection connection, std::size_t first, std::size_t count)
      : intake_(intake), plan_(plan), connection_(std::move(connection)), series_(count), random_(first) {
    std::iota(series_.begin(), series_.end(), static_cast<std::uint32_t>(first));
  }

  /// Builds whole rounds up to `rounds`, and stops after the one that passes `bytes`.
  void Build(BodyBuilder& bodies, std::size_t rounds, std::size_t bytes) {
    for (std::size_t built = 0; built < bytes && round_ < rounds; ++round_) {
      if (plan_.shuffled) std::ranges::shuffle(series_, random_);
      // The first round is of every series, so that none is late before it has a sample.
      const std::size_t late = round_ == 0 ? 0 : series_.size() * plan_.late_percent / 100;
      if (late > 0) std::ranges::rotate(series_, series_.begin() + static_cast<std::ptrdiff_t>(late));
      const std::span<const std::uint32_t> all = series_;
      for (Prepared& request : BuildRequests(bodies, all.subspan(late))) {
        built += request.bytes.size();
        queue_.push_back(std::move(request));
      }
      for (Prepared& request : BuildRequests(bodies, all.first(late))) {
        built += request.bytes.size();
        late_.emplace(round_ + 1 + random_() % kMostRoundsLate, std::move(request));
      }
      const bool last = round_ + 1 == plan_.rounds;
      while (!late_.empty() && (last || late_.begin()->first <= round_)) {
        queue_.push_back(std::move(late_.begin()->second));
        late_.erase(late_.begin());
      }
    }
  }

  void Send(SteadyClock::time_point deadline, const std::function<bool()>& stop) {
    constexpr int kMostAgain = 100;
    int again = 0;
    while (!queue_.empty() && SteadyClock::now() < deadline && !stop()) {
      const auto begin = SteadyClock::now();
      const auto answer = connection_.Exchange(queue_.front().bytes);
      if (!answer) {
        failure_ = answer.error();
        return;
      }
      if (answer->status == 503 && ++again <= kMostAgain) {
        ++result_.sent_again;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        continue;
      }
      if (answer->status / 100 != 2) {
        failure_ = Fail(ErrorCode::kFailedPrecondition, "bench.refused",
                        "cannot send samples: the server answered {} {}", answer->status, answer->body.substr(0, 500))
                       .error();
        return;
      }
      again = 0;
      result_.latencies_ms.push_back(std::chrono::duration<float, std::milli>(SteadyClock::now() - begin).count());
      result_.samples += queue_.front().samples;
      ++result_.requests;
      queue_.pop_front();
    }
  }

  [[nodiscard]] bool empty() const { return queue_.empty(); }
  [[nodiscard]] bool at_end() const { return round_ >= plan_.rounds; }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  void AddTo(LoadResult& total) const {
    total.samples += result_.samples;
    total.requests += result_.requests;
    total.sent_again += result_.sent_again;
    total.latencies_ms.insert(total.latencies_ms.end(), result_.latencies_ms.begin(), result_.latencies_ms.end());
  }

 private:
  static constexpr std::size_t kMostRoundsLate = 120;  // of 15 s

  /// Requests of one sample of each of `series`, of the round in hand.
  std::vector<Prepared> BuildRequests(BodyBuilder& bodies, std::span<const std::uint32_t> series) const {
    std::vector<Prepared> requests;
    std::string body;
    while (!series.empty()) {
      const auto part = series.first(std::min(series.size(), plan_.series_per_request));
      series = series.subspan(part.size());
      bodies.Build(part, round_, body);
      requests.push_back({PostRequest(intake_.path, intake_.headers, body), part.size()});
    }
    return requests;
  }

  const Intake& intake_;
  const LoadPlan& plan_;
  Connection connection_;
  std::vector<std::uint32_t> series_;
  std::minstd_rand random_;
  std::size_t round_ = 0;
  std::deque<Prepared> queue_;
  std::multimap<std::size_t, Prepared> late_;  // by the round they are sent behind
  LoadResult result_;
  std::optional<Error> failure_;
};

template <class Work>
void OnEach(std::deque<Lane>& lanes, const Work& work) {
  std::vector<std::jthread> threads;
  threads.reserve(lanes.size());
  for (Lane& lane : lanes) threads.emplace_back([&lane, &work] { work(lane); });
}

}  // namespace

Result<LoadResult> SendLoad(const Intake& intake, BodyBuilder& bodies, std::size_t series, const LoadPlan& plan,
                            const std::function<void()>& after_first_round, const std::function<bool()>& stop) {
  std::deque<Lane> lanes;
  const std::size_t connections = std::min(plan.connections, series);
  for (std::size_t i = 0; i < connections; ++i) {
    HELIOS_TRY(Connection connection, Connection::Open(intake.port));
    const std::size_t first = series * i / connections;
    lanes.emplace_back(intake, plan, std::move(connection), first, series * (i + 1) / connections - first);
  }

  LoadResult total;
  auto time_left = std::chrono::duration_cast<SteadyClock::duration>(plan.time_limit);
  for (std::size_t rounds = std::min<std::size_t>(1, plan.rounds);; rounds = plan.rounds) {
    const double before = OwnCpuSeconds();
    OnEach(lanes, [&](Lane& lane) { lane.Build(bodies, rounds, plan.bytes_ahead / connections); });
    const double built = OwnCpuSeconds();
    const auto begin = SteadyClock::now();
    OnEach(lanes, [&](Lane& lane) { lane.Send(begin + time_left, stop); });
    const auto took = SteadyClock::now() - begin;
    time_left -= took;
    total.seconds += std::chrono::duration<double>(took).count();
    total.builder_cpu += built - before;
    total.sender_cpu += OwnCpuSeconds() - built;
    for (const Lane& lane : lanes) {
      if (lane.failure()) return std::unexpected(*lane.failure());
    }
    if (rounds == 1) after_first_round();
    const bool sent_all = std::ranges::all_of(lanes, &Lane::empty);
    if (!sent_all || std::ranges::all_of(lanes, &Lane::at_end)) break;
  }
  for (const Lane& lane : lanes) lane.AddTo(total);
  return total;
}

}  // namespace helios::bench
