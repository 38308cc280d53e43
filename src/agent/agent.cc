// SPDX-License-Identifier: Apache-2.0
#include "agent/agent.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>

#include "agent/collector.h"
#include "agent/courier.h"
#include "agent/host.h"
#include "agent/outbox.h"
#include "agent/schedule.h"
#include "agent/sender.h"
#include "base/random.h"
#include "base/time.h"
#include "http/client.h"

namespace helios::agent {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Time = SteadyClock::time_point;

/// From the round that only reads counters to the first that is sent: a second of rates is better than none,
/// and a person who has just started the agent is waiting.
constexpr std::chrono::seconds kFirstRound{1};
constexpr std::chrono::seconds kFarewell{5};

/// A line for a person, on standard output.
void Announce(std::string_view line) {
  std::string text(line);
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// Waits for the signals that end the process.
class StopSignal {
 public:
  StopSignal() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGTERM);
    ::sigaddset(&signals_, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
  }

  /// True when a signal came before `deadline`.
  [[nodiscard]] bool WaitUntil(Time deadline) const {
    for (;;) {
      const auto left = std::max(deadline - SteadyClock::now(), SteadyClock::duration::zero());
      const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
      const timespec timeout{.tv_sec = static_cast<time_t>(seconds.count()),
                             .tv_nsec = static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
      if (::sigtimedwait(&signals_, nullptr, &timeout) > 0) return true;
      if (errno != EINTR) return false;
    }
  }

 private:
  sigset_t signals_{};
};

/// The thread that delivers.
class DeliveryThread {
 public:
  DeliveryThread(Courier& courier, Outbox& outbox)
      : courier_(courier), outbox_(outbox), thread_([this] { Deliver(); }) {}

  /// A batch was added.
  void Wake() {
    const std::lock_guard lock(mutex_);
    work_ = true;
    changed_.notify_all();
  }

  /// Makes a last attempt and ends the thread; false when it hangs in a request beyond `deadline`. The
  /// process must then end without destroying anything.
  [[nodiscard]] bool Stop(Time deadline) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    if (!changed_.wait_until(lock, deadline, [this] { return ended_; })) return false;
    lock.unlock();
    thread_.join();
    return true;
  }

 private:
  void Deliver() {
    std::unique_lock lock(mutex_);
    Time next = SteadyClock::now();
    while (!stopping_) {
      if (!work_) {
        changed_.wait(lock, [this] { return work_ || stopping_; });
      } else if (SteadyClock::now() < next) {
        changed_.wait_until(lock, next, [this] { return stopping_; });
      } else {
        work_ = false;
        lock.unlock();
        const auto pause = courier_.Step(SteadyClock::now());
        lock.lock();
        next = SteadyClock::now() + pause.value_or(Courier::Duration::zero());
        work_ = work_ || pause.has_value();
      }
    }
    lock.unlock();
    // One attempt: in good times a single batch waits, and a backlog is not for the last moment.
    static_cast<void>(courier_.Step(SteadyClock::now()));
    outbox_.Save();
    lock.lock();
    ended_ = true;
    changed_.notify_all();
  }

  Courier& courier_;
  Outbox& outbox_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool work_ = true;  ///< a batch may wait: one of an earlier run does at start
  bool stopping_ = false;
  bool ended_ = false;
  std::thread thread_;  ///< last: it uses all of the above
};

/// Measures, and adds what the agent has to say of itself.
class Rounds {
 public:
  Rounds(Collector& collector, Outbox& outbox, const Courier& courier, const Labels& machine)
      : collector_(collector), outbox_(outbox), courier_(courier), machine_(machine) {}

  void Take() {
    const Time now = SteadyClock::now();
    std::vector<Sample> samples = collector_.Collect(now);
    const Outbox::Status status = outbox_.status();
    const auto add = [&samples](std::string_view name, std::uint64_t value) {
      samples.push_back({.name = std::string(name), .value = static_cast<double>(value), .labels = {}});
    };
    add("helios_agent_waiting_batches", status.waiting_batches);
    add("helios_agent_dropped_samples_total", status.dropped_samples);
    add("helios_agent_rejected_samples_total", courier_.rejected_samples());
    add("helios_agent_damaged_records_total", status.damaged_records);
    outbox_.Add(MakeBatch(samples, SystemClock().Now(), machine_));
    Report(outbox_.status(), now);
  }

 private:
  /// Logs losses, at most once a minute each.
  void Report(const Outbox::Status& status, Time now) {
    if (status.dropped_samples > reported_.dropped_samples && dropped_log_.Allow(now)) {
      obs::LogWarning("agent.samples_dropped", {{"dropped_since_start", status.dropped_samples},
                                                {"cause", "the buffer is full: the oldest were dropped"}});
      reported_.dropped_samples = status.dropped_samples;
    }
    if (status.damaged_records > reported_.damaged_records && damaged_log_.Allow(now)) {
      obs::LogWarning("agent.records_damaged", {{"damaged_since_start", status.damaged_records}});
      reported_.damaged_records = status.damaged_records;
    }
    if (status.disk_error && disk_log_.Allow(now)) {
      obs::LogFailure("agent.buffering_in_memory", *status.disk_error, {{"waiting_batches", status.waiting_batches}});
    }
  }

  Collector& collector_;
  Outbox& outbox_;
  const Courier& courier_;
  const Labels& machine_;
  Outbox::Status reported_;
  Limit dropped_log_{std::chrono::seconds(60)};
  Limit damaged_log_{std::chrono::seconds(60)};
  Limit disk_log_{std::chrono::seconds(60)};
};

/// name{label="value",…} value, a line each.
void Print(const std::vector<Sample>& samples, const Labels& machine) {
  std::string text;
  for (const Sample& sample : samples) {
    text += sample.name;
    char before = '{';
    for (const Labels* labels : {&machine, &sample.labels}) {
      for (const auto& [name, value] : *labels) {
        text += before;
        text += name + "=\"";
        obs::AppendJsonEscaped(text, value);
        text += '"';
        before = ',';
      }
    }
    fmt::format_to(std::back_inserter(text), "}} {}\n", sample.value);
  }
  Announce(text);
}

int RunPrinting(const Options& options, Collector& collector, const StopSignal& stop, Schedule schedule) {
  while (!stop.WaitUntil(schedule.next())) {
    Print(collector.Collect(SteadyClock::now()), options.machine_labels);
    if (options.once) return 0;
    schedule.Advance(SteadyClock::now());
  }
  return 0;
}

int RunOnce(Rounds& rounds, Courier& courier, Outbox& outbox, const StopSignal& stop, const Schedule& schedule) {
  if (stop.WaitUntil(schedule.next())) return 1;
  rounds.Take();
  while (const auto pause = courier.Step(SteadyClock::now())) {
    if (courier.failing() || stop.WaitUntil(SteadyClock::now() + *pause)) {
      outbox.Save();
      return 1;
    }
  }
  return 0;
}

}  // namespace

Result<int> Run(const Options& options) {
  const StopSignal stop;
  obs::SetLogLevel(options.log_level);
  const SystemHost host;
  Collector collector(host);
  // Counters are read now, so that the first round that is sent has rates.
  static_cast<void>(collector.Collect(SteadyClock::now()));
  Schedule schedule(SteadyClock::now() + kFirstRound, options.interval);
  if (options.print) return RunPrinting(options, collector, stop, schedule);

  HELIOS_TRY(auto disk, DiskBuffer::Open(options.buffer_dir, options.buffer_max_bytes));
  Outbox outbox(std::move(disk));
  HELIOS_TRY(const auto client, http::Client::Create(options.endpoint, {.connect_timeout = std::chrono::seconds(5),
                                                                        .request_timeout = std::chrono::seconds(15),
                                                                        .max_response_bytes = 4U << 20U,
                                                                        .ca_file = options.ca_file}));
  Sender sender(*client, options.api_key, options.version);
  SystemRandom random;
  Courier courier(outbox, sender, random, Announce, options.endpoint);
  Rounds rounds(collector, outbox, courier, options.machine_labels);
  obs::LogInfo("agent.started", {{"version", options.version},
                                 {"endpoint", options.endpoint},
                                 {"interval_ms", options.interval.count()},
                                 {"buffer_dir", options.buffer_dir.string()},
                                 {"waiting_batches", outbox.status().waiting_batches}});
  if (options.once) return RunOnce(rounds, courier, outbox, stop, schedule);

  DeliveryThread delivery(courier, outbox);
  while (!stop.WaitUntil(schedule.next())) {
    rounds.Take();
    delivery.Wake();
    schedule.Advance(SteadyClock::now());
  }
  const bool ended = delivery.Stop(SteadyClock::now() + kFarewell);
  outbox.Save();
  obs::LogInfo("agent.stopped", {{"delivered_samples", courier.delivered_samples()},
                                 {"waiting_batches", outbox.status().waiting_batches}});
  obs::FlushLogs();
  if (!ended) ::_exit(0);  // a thread hangs in a request: what it carries is in the buffer
  return 0;
}

}  // namespace helios::agent
