// SPDX-License-Identifier: Apache-2.0
#include "agent/outbox.h"

namespace helios::agent {

void Outbox::Add(Batch batch) {
  const std::lock_guard lock(mutex_);
  memory_.push_back(std::move(batch));
  if (memory_.size() > 1 || !disk_->empty()) SaveLocked();
  while (memory_.size() > kMaxInMemory) {
    dropped_in_memory_ += memory_.front().samples;
    memory_.pop_front();
    if (taken_ == Taken::kMemory) taken_ = Taken::kNothing;
  }
}

std::optional<Batch> Outbox::FrontOfDisk() {
  while (auto record = disk_->Front()) {
    taken_number_ = record->number;
    if (auto batch = Decode(record->payload)) return *std::move(batch);
    ++undecodable_;
    disk_->Pop(record->number);
  }
  return std::nullopt;
}

std::optional<Batch> Outbox::Front() {
  const std::lock_guard lock(mutex_);
  if (auto batch = FrontOfDisk()) {
    taken_ = Taken::kDisk;
    return batch;
  }
  taken_ = memory_.empty() ? Taken::kNothing : Taken::kMemory;
  if (memory_.empty()) return std::nullopt;
  return memory_.front();
}

void Outbox::Pop() {
  const std::lock_guard lock(mutex_);
  if (taken_ == Taken::kDisk) disk_->Pop(taken_number_);
  if (taken_ == Taken::kMemory) memory_.pop_front();
  taken_ = Taken::kNothing;
}

void Outbox::Save() {
  const std::lock_guard lock(mutex_);
  SaveLocked();
}

void Outbox::SaveLocked() {
  disk_error_.reset();
  while (!memory_.empty()) {
    const auto number = disk_->Append(Encode(memory_.front()), memory_.front().samples);
    if (!number) {
      disk_error_ = number.error();
      return;
    }
    memory_.pop_front();
    if (taken_ == Taken::kMemory) {  // the batch being delivered has moved
      taken_ = Taken::kDisk;
      taken_number_ = *number;
    }
  }
}

Outbox::Status Outbox::status() const {
  const std::lock_guard lock(mutex_);
  return {.waiting_batches = disk_->records() + memory_.size(),
          .dropped_samples = disk_->losses().dropped_weight + dropped_in_memory_,
          .damaged_records = disk_->losses().damaged_records + undecodable_,
          .disk_error = memory_.empty() ? std::nullopt : disk_error_};
}

}  // namespace helios::agent
