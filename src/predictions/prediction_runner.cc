// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/prediction_runner.h"

#include <utility>

#include "obs/log.h"
#include "predictions/meet_predictions.h"

namespace helios::predictions {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kWritePatience{5};

bool WillPass(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDeadlineExceeded;
}

double PointsOf(const std::vector<AskedPrediction>& asked) {
  std::size_t points = 0;
  for (const AskedPrediction& prediction : asked) points += prediction.points.size();
  return static_cast<double>(points);
}

}  // namespace

PredictionRunner::PredictionRunner(Needs needs, const Config& config)
    : needs_(std::move(needs)), config_(config), thread_([this] { Run(); }) {}

PredictionRunner::~PredictionRunner() {
  Stop();
}

void PredictionRunner::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  thread_.join();
}

bool PredictionRunner::Stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void PredictionRunner::Run() {
  auto next_meet = steady_clock::now() + config_.meet_every;
  auto next_forget = steady_clock::now() + config_.meet_every;
  for (bool last = false; !last;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, config_.write_every, [this] { return stopping_; });
      last = stopping_;
    }
    Write();
    if (last) return;
    if (steady_clock::now() >= next_meet) {
      Meet();
      next_meet = steady_clock::now() + config_.meet_every;
    }
    if (steady_clock::now() >= next_forget) {
      Forget();
      next_forget = steady_clock::now() + config_.forget_every;
    }
  }
}

Result<void> PredictionRunner::WriteTenant(TenantId tenant, const std::vector<AskedPrediction>& asked) {
  HELIOS_TRY(auto tx, needs_.database.Begin(tenant, steady_clock::now() + kWritePatience));
  HELIOS_CHECK(InsertPredictions(tx, asked, needs_.random, needs_.clock.Now()));
  return tx.Commit();
}

void PredictionRunner::Write() {
  bool passing = false;  // the database is away: for every tenant
  for (auto& [tenant, asked] : needs_.book.Take()) {
    if (passing) {
      needs_.book.PutBack(tenant, std::move(asked));
      continue;
    }
    const auto written = WriteTenant(tenant, asked);
    if (written) {
      needs_.metrics.kept.Increment(PointsOf(asked));
      if (std::exchange(away_, false)) obs::LogInfo("predictions.written");
    } else if (WillPass(written.error())) {
      if (!std::exchange(away_, true)) obs::LogFailure("predictions.wait", written.error());
      passing = true;
      needs_.book.PutBack(tenant, std::move(asked));
    } else {
      obs::LogFailure("predictions.refused", written.error(), {{"org_id", tenant.ToString()}});
      needs_.metrics.refused.Increment(PointsOf(asked));
    }
  }
}

void PredictionRunner::Meet() {
  for (const TenantId tenant : needs_.tenants()) {
    const auto outcome =
        MeetPredictions(needs_.database, needs_.store, tenant, needs_.clock.Now(), [this] { return !Stopping(); });
    if (!outcome) {
      obs::LogFailure("predictions.not_met", outcome.error(), {{"org_id", tenant.ToString()}});
      if (WillPass(outcome.error())) return;
      continue;
    }
    needs_.metrics.met.Increment(static_cast<double>(outcome->met));
    needs_.metrics.missed.Increment(static_cast<double>(outcome->missed));
    if (Stopping()) return;
  }
}

void PredictionRunner::Forget() {
  for (const TenantId tenant : needs_.tenants()) {
    if (Stopping()) return;
    if (const auto gone = ForgetPredictions(needs_.database, tenant, needs_.clock.Now() - kKeepFor); !gone) {
      obs::LogFailure("predictions.not_forgotten", gone.error(), {{"org_id", tenant.ToString()}});
      if (WillPass(gone.error())) return;
    }
  }
}

}  // namespace helios::predictions
