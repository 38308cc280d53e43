// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/event_stream.h"

#include <prometheus/counter.h>

#include <algorithm>
#include <utility>

#include "live/event_text.h"

namespace helios::live {

EventStream::EventStream(Owner owner, std::size_t max_queued_bytes, std::shared_ptr<void> held,
                         prometheus::Counter& gaps)
    : owner_(std::move(owner)),
      max_queued_bytes_(max_queued_bytes),
      held_(std::move(held)),
      gaps_(gaps),
      taken_at_(std::chrono::steady_clock::now()) {}

void EventStream::Next(std::function<void(Result<std::string>)> ready) {
  std::unique_lock lock(mutex_);
  waiting_ = std::move(ready);
  Serve(std::move(lock));
}

void EventStream::Push(const StreamEvent& event) {
  std::unique_lock lock(mutex_);
  if (ending_) return;
  if (queue_.empty()) {
    queued_first_ = event.first;
    queued_last_ = event.last;
  }
  queued_first_ = std::min(queued_first_, event.first);
  queued_last_ = std::max(queued_last_, event.last);
  queued_bytes_ += event.text->size();
  queue_.push_back(event.text);
  // An event larger than the queue may be goes through where the reader waits for it.
  if (queued_bytes_ > max_queued_bytes_ && !waiting_) {
    if (!lost_) {
      lost_ = StreamEvent{.text = nullptr, .first = queued_first_, .last = queued_last_};
      gaps_.Increment();
    }
    lost_->first = std::min(lost_->first, queued_first_);
    lost_->last = std::max(lost_->last, queued_last_);
    queue_.clear();
    queued_bytes_ = 0;
  }
  Serve(std::move(lock));
}

void EventStream::Beat(Time now, std::chrono::milliseconds quiet) {
  static const auto kComment = std::make_shared<const std::string>(": still here\n\n");
  std::unique_lock lock(mutex_);
  if (!waiting_ || ending_ || now - taken_at_ < quiet) return;
  queue_.push_back(kComment);
  queued_bytes_ += kComment->size();
  Serve(std::move(lock));
}

void EventStream::End(std::string text) {
  std::unique_lock lock(mutex_);
  if (std::exchange(ending_, true)) return;
  queued_bytes_ += text.size();
  queue_.push_back(std::make_shared<const std::string>(std::move(text)));
  Serve(std::move(lock));
}

bool EventStream::ended() const {
  const std::scoped_lock lock(mutex_);
  return ending_;
}

std::string EventStream::TakeAll() {
  std::string out;
  if (const auto lost = std::exchange(lost_, std::nullopt)) out = GapText(lost->first, lost->last);
  out.reserve(out.size() + queued_bytes_);
  for (const auto& text : queue_) out += *text;
  queue_.clear();
  queued_bytes_ = 0;
  return out;
}

void EventStream::Serve(std::unique_lock<std::mutex> lock) {
  if (!waiting_) return;
  std::string text = TakeAll();
  if (text.empty() && !ending_) return;  // an empty piece is the end
  taken_at_ = std::chrono::steady_clock::now();
  const auto ready = std::exchange(waiting_, nullptr);
  lock.unlock();
  ready(std::move(text));
}

}  // namespace helios::live
