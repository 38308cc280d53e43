// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>

#include "base/manual_clock.h"
#include "live/event_stream.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::live {

inline const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
inline const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");
inline constexpr TimestampMs kStart = FromUnixMs(1'767'441'600'000);

/// Takes every piece of a stream, as a connection that is never slow does.
class Reader {
 public:
  explicit Reader(std::shared_ptr<EventStream> stream) : stream_(std::move(stream)) { Ask(); }
  /// What came since the last time.
  std::string Take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(text_, {});
  }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void Ask() {
    stream_->Next([this](const Result<std::string>& piece) {
      if (!piece || piece->empty()) {
        ended_ = true;
        return;
      }
      {
        const std::scoped_lock lock(mutex_);
        text_ += *piece;
      }
      Ask();
    });
  }
  std::mutex mutex_;
  std::string text_;
  std::atomic<bool> ended_ = false;
  std::shared_ptr<EventStream> stream_;
};

/// A store that two tenants may send to.
class LiveFixture : public ::testing::Test {
 protected:
  LiveFixture() {
    store_ = tsdb::OpenEmbeddedStore({.directory = directory_.path() / "store", .segment_bytes = 1U << 20U}, clock_,
                                     metrics_)
                 .value();
  }
  /// A sample `seconds` after kStart; stored when it returns.
  void Send(const tsdb::SeriesKey& key, int seconds, double value, TenantId tenant = kAcme) {
    tsdb::KeyedBatch batch(key);
    batch.AddSample(0, kStart + std::chrono::seconds{seconds}, value);
    std::promise<Result<tsdb::AppendOutcome>> done;
    store_->Append(tenant, {}, batch.batch(),
                   [&done](Result<tsdb::AppendOutcome> outcome) { done.set_value(std::move(outcome)); });
    const auto outcome = done.get_future().get();
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_TRUE(outcome->rejected.empty());
  }

  ManualClock clock_{kStart};
  obs::Metrics metrics_;
  tsdb::ScratchDirectory directory_;
  std::unique_ptr<tsdb::EmbeddedStore> store_;
};

}  // namespace helios::live
