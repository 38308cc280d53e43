// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/uuid.h"
#include "http/response.h"

namespace prometheus {
class Counter;
}

namespace helios::live {

/// A piece of text for many streams, which share it.
struct StreamEvent {
  std::shared_ptr<const std::string> text;
  TimestampMs first{};  ///< with `last`: the time that has to be read again where the event is lost
  TimestampMs last{};
};

/// One reader of server-sent events. Thread-safe; nothing of it blocks.
///
/// What the reader has not taken waits in a queue. Where that grows beyond `max_queued_bytes`, everything in it is
/// dropped, and the reader's next event is a `gap` over the time that was dropped; an event has no id before that, so a
/// reader that leaves meanwhile resumes without a hole.
class EventStream final : public http::BodyStream {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Owner {
    TenantId tenant;
    std::string credential;  ///< as CredentialWatch knows it
  };

  /// `held` goes away with the stream. `gaps` counts gaps.
  EventStream(Owner owner, std::size_t max_queued_bytes, std::shared_ptr<void> held, prometheus::Counter& gaps);

  void Next(std::function<void(Result<std::string>)> ready) override;

  void Push(const StreamEvent& event);
  /// A comment, where nothing was taken since `quiet` before `now`.
  void Beat(Time now, std::chrono::milliseconds quiet);
  /// The last words; nothing is taken after them. Idempotent.
  void End(std::string text);

  [[nodiscard]] const Owner& owner() const { return owner_; }
  [[nodiscard]] bool ended() const;

 private:
  /// What there is to write, with the lock held; "" for nothing.
  [[nodiscard]] std::string TakeAll();
  /// Answers who waits in Next(), if there is something to write. Releases the lock first.
  void Serve(std::unique_lock<std::mutex> lock);

  const Owner owner_;
  const std::size_t max_queued_bytes_;
  const std::shared_ptr<void> held_;
  prometheus::Counter& gaps_;

  mutable std::mutex mutex_;
  std::function<void(Result<std::string>)> waiting_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t queued_bytes_ = 0;
  TimestampMs queued_first_{};  ///< of the events in the queue
  TimestampMs queued_last_{};
  std::optional<StreamEvent> lost_;  ///< the time alone
  Time taken_at_;
  bool ending_ = false;
};

}  // namespace helios::live
