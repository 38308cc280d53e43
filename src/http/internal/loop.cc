// SPDX-License-Identifier: Apache-2.0
#include "http/internal/loop.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "http/internal/connection.h"

namespace helios::http::internal {
namespace {

/// Often enough for the shortest time-out, and at most four times a second.
std::chrono::milliseconds TickOf(const ServerConfig& config) {
  using namespace std::chrono_literals;
  return std::clamp(std::min({config.header_timeout, config.body_timeout, config.idle_timeout}) / 4, 5ms, 250ms);
}

}  // namespace

void Mailbox::Post(Delivery delivery) {
  if (std::this_thread::get_id() == thread_) {
    if (const auto connection = delivery.to.lock()) connection->Deliver(std::move(delivery));
    return;
  }
  const std::scoped_lock lock(mutex_);
  if (context_ == nullptr) return;
  waiting_.push_back(std::move(delivery));
  if (waiting_.size() == 1) boost::asio::post(*context_, [this] { Drain(); });
}

void Mailbox::Drain() {
  std::vector<Delivery> taken;
  {
    const std::scoped_lock lock(mutex_);
    taken.swap(waiting_);
  }
  for (Delivery& delivery : taken) {
    if (const auto connection = delivery.to.lock()) connection->Deliver(std::move(delivery));
  }
}

void Mailbox::Close() {
  std::vector<Delivery> dropped;
  const std::scoped_lock lock(mutex_);
  context_ = nullptr;
  dropped.swap(waiting_);
}

Loop::Loop(std::shared_ptr<Core> shared)
    : core(std::move(shared)),
      mailbox(std::make_shared<Mailbox>(context)),
      now(std::chrono::steady_clock::now()),
      timer_(context),
      tick_(TickOf(core->config)) {}

Loop::~Loop() = default;

void Loop::Run() {
  mailbox->SetThread(std::this_thread::get_id());
  const auto guard = boost::asio::make_work_guard(context);
  ArmTimer();
  context.run();
}

void Loop::ArmTimer() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    Tick();
    ArmTimer();
  });
}

void Loop::Tick() {
  now = std::chrono::steady_clock::now();
  // From the back: a connection that closes is replaced by the last one, which was looked at already.
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i >= connections_.size()) continue;
    const auto connection = connections_[i];
    connection->Tick();
  }
}

void Loop::Adopt(boost::asio::ip::tcp::socket socket, bool over_limit) {
  now = std::chrono::steady_clock::now();
  const auto connection = std::make_shared<Connection>(*this, std::move(socket));
  connection->index = connections_.size();
  connections_.push_back(connection);
  connection->Start(over_limit);
}

void Loop::Remove(Connection& connection) {
  const std::size_t index = connection.index;
  const auto keep = std::move(connections_[index]);  // its last owner, perhaps
  if (index + 1 < connections_.size()) {
    connections_[index] = std::move(connections_.back());
    connections_[index]->index = index;
  }
  connections_.pop_back();
}

void Loop::BeginStop() {
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i < connections_.size()) connections_[i]->CloseIfIdle();
  }
}

void Loop::Finish() {
  while (!connections_.empty()) {
    const auto last = connections_.back();
    last->Close();
  }
  context.stop();
}

void Loop::Drain() {
  context.restart();
  context.poll();
}

}  // namespace helios::http::internal
