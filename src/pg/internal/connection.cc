// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/internal/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "obs/log.h"

namespace helios::pg::internal {
namespace {

// Milliseconds for poll(), rounded up so that a deadline has truly passed when poll() returns 0.
int PollTimeout(SteadyTime deadline) {
  if (deadline == SteadyTime::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

// Whether the socket became ready before the deadline.
bool Await(int socket, short events, SteadyTime deadline) {
  pollfd descriptor{socket, events, 0};
  while (true) {
    const int timeout = PollTimeout(deadline);
    const int ready = poll(&descriptor, 1, timeout);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (ready == 0 && timeout < 1'000'000) return false;
  }
}

std::string FirstLine(const char* text) {
  const std::string_view all = text == nullptr ? "" : text;
  return std::string(all.substr(0, all.find('\n')));
}

void LogNotice(void* /*context*/, const PGresult* result) {
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  obs::LogDebug("pg.notice", {{"message", message == nullptr ? "" : message}});
}

}  // namespace

Result<ConnectOptions> ConnectOptions::Parse(const std::string& url, std::span<const std::string> settings) {
  char* problem = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(url.c_str(), &problem);
  PQfreemem(problem);  // may quote the url, and with it a password
  if (parsed == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "pg.bad_url",
                "cannot connect to the database: its url cannot be read; want a URI such as "
                "postgresql://user:password@host/database, or a libpq connection string");
  }
  ConnectOptions options;
  std::string session;
  for (const PQconninfoOption* option = parsed; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (std::string_view(option->keyword) == "options") {
      session = option->val;
    } else {
      options.parameters_.emplace_back(option->keyword, option->val);
    }
  }
  PQconninfoFree(parsed);
  for (const std::string& setting : settings) session += fmt::format(" -c {}", setting);
  options.parameters_.emplace_back("options", session);
  options.parameters_.emplace_back("fallback_application_name", "helios");
  options.parameters_.emplace_back("client_encoding", "UTF8");
  return options;
}

std::vector<const char*> ConnectOptions::Keywords() const {
  std::vector<const char*> keywords;
  for (const auto& parameter : parameters_) keywords.push_back(parameter.first.c_str());
  keywords.push_back(nullptr);
  return keywords;
}

std::vector<const char*> ConnectOptions::Values() const {
  std::vector<const char*> values;
  for (const auto& parameter : parameters_) values.push_back(parameter.second.c_str());
  values.push_back(nullptr);
  return values;
}

Result<std::unique_ptr<Connection>> Connection::Open(const ConnectOptions& options, SteadyTime deadline) {
  const auto keywords = options.Keywords();
  const auto values = options.Values();
  auto connection = std::unique_ptr<Connection>(
      new Connection(PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/0)));
  PGconn* raw = connection->connection_.get();
  const auto fail = [&](std::string_view cause) {
    return Fail(ErrorCode::kUnavailable, "pg.unavailable", "cannot connect to the database: {}", cause);
  };
  if (raw == nullptr) return fail("out of memory");
  PQsetNoticeReceiver(raw, LogNotice, nullptr);

  // As libpq's manual has it: first wait as though PQconnectPoll() had asked to write.
  auto state = PGRES_POLLING_WRITING;
  while (PQstatus(raw) != CONNECTION_BAD && state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
    if (!Await(PQsocket(raw), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
      return fail("it did not answer in time");
    }
    state = PQconnectPoll(raw);
  }
  if (PQstatus(raw) != CONNECTION_OK) return fail(FirstLine(PQerrorMessage(raw)));
  if (PQsetnonblocking(raw, 1) != 0 || PQenterPipelineMode(raw) != 1) return fail(FirstLine(PQerrorMessage(raw)));
  return connection;
}

Result<void> Connection::CheckText(const Statement& statement, std::span<const Param> params) {
  for (const Param& param : params) {
    if (param.text() && param.text()->find('\0') != std::string::npos) {
      return Fail(ErrorCode::kInvalidArgument, "pg.bad_text", "cannot run {}: a text holds a NUL character",
                  statement.name);
    }
  }
  return {};
}

Result<void> Connection::Queue(const Statement& statement, std::span<const Param> params) {
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) values.push_back(param.text() ? param.text()->c_str() : nullptr);

  // A failure to queue shows as a broken connection at Run().
  const std::string name(statement.name);
  if (!prepared_.contains(statement.name)) {
    // The server keeps 63 bytes of a name; two longer ones could be taken for each other.
    if (name.size() > 63) {
      return Fail(ErrorCode::kInternal, "pg.query_failed", "cannot prepare {}: want a name of at most 63 bytes", name);
    }
    broken_ |= PQsendPrepare(connection_.get(), name.c_str(), std::string(statement.text).c_str(), 0, nullptr) != 1;
    queued_.push_back({statement.name, true});
  }
  broken_ |= PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()), values.data(),
                                 nullptr, nullptr, /*resultFormat=*/0) != 1;
  queued_.push_back({statement.name, false});
  return {};
}

QueryFailure Connection::Lost(std::string_view name) {
  broken_ = true;
  return ConnectionLost(name, FirstLine(PQerrorMessage(connection_.get())));
}

std::expected<void, QueryFailure> Connection::AwaitAnswer(std::string_view name, SteadyTime deadline) {
  PGconn* raw = connection_.get();
  // Reading goes on while writing is not done: a server that cannot send stops reading, and both would wait for ever.
  bool unsent = true;
  while (true) {
    if (unsent) {
      const int flushed = PQflush(raw);
      if (flushed < 0) {
        // The server may have said why before it closed: let the caller read that first.
        if (PQconsumeInput(raw) == 1 && PQisBusy(raw) == 0) return {};
        return std::unexpected(Lost(name));
      }
      unsent = flushed == 1;
    }
    if (PQisBusy(raw) == 0) return {};
    if (!Await(PQsocket(raw), static_cast<short>(unsent ? POLLIN | POLLOUT : POLLIN), deadline)) {
      broken_ = true;
      return std::unexpected(TimedOut(name));
    }
    if (PQconsumeInput(raw) != 1 && PQisBusy(raw) != 0) return std::unexpected(Lost(name));
  }
}

std::expected<ResultPtr, QueryFailure> Connection::NextResult(std::string_view name, SteadyTime deadline) {
  if (auto ready = AwaitAnswer(name, deadline); !ready) return std::unexpected(std::move(ready).error());
  return ResultPtr(PQgetResult(connection_.get()));
}

std::expected<ResultPtr, QueryFailure> Connection::Run(SteadyTime deadline) {
  const auto queued = std::exchange(queued_, {});
  if (broken_ || PQpipelineSync(connection_.get()) != 1) {
    return std::unexpected(Lost(queued.empty() ? "pg.sync" : queued.front().name));
  }
  ResultPtr last;
  std::optional<QueryFailure> failure;
  for (const Entry& entry : queued) {
    auto result = NextResult(entry.name, deadline);
    if (!result) return std::unexpected(std::move(result).error());
    if (*result == nullptr) return std::unexpected(Lost(entry.name));
    const ExecStatusType status = PQresultStatus(result->get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      if (entry.prepares) prepared_.insert(entry.name);
      last = *std::move(result);
    } else if (status != PGRES_PIPELINE_ABORTED && !failure) {
      failure = ToFailure(entry.name, **result);
      if (failure->lost) {
        broken_ = true;
        return std::unexpected(*std::move(failure));
      }
    }
    // A null result ends each statement's answer.
    auto end = NextResult(entry.name, deadline);
    if (!end) return std::unexpected(std::move(end).error());
    if (*end != nullptr) return std::unexpected(Lost(entry.name));
  }
  auto sync = NextResult("pg.sync", deadline);
  if (!sync) return std::unexpected(std::move(sync).error());
  if (PQresultStatus(sync->get()) != PGRES_PIPELINE_SYNC) return std::unexpected(Lost("pg.sync"));
  if (failure) return std::unexpected(*std::move(failure));
  return last;
}

Heard Connection::AwaitNotification(int stop_descriptor, SteadyTime deadline) {
  PGconn* raw = connection_.get();
  while (true) {
    bool heard = false;
    while (PGnotify* notification = PQnotifies(raw)) {
      PQfreemem(notification);
      heard = true;
    }
    if (heard) return Heard::kSomething;
    std::array<pollfd, 2> descriptors{pollfd{PQsocket(raw), POLLIN, 0}, pollfd{stop_descriptor, POLLIN, 0}};
    const int ready = poll(descriptors.data(), descriptors.size(), PollTimeout(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || descriptors[1].revents != 0) return Heard::kNothing;
    if (PQconsumeInput(raw) != 1) {
      broken_ = true;
      return Heard::kLost;
    }
  }
}

bool Connection::reusable() const {
  return alive() && queued_.empty() && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

}  // namespace helios::pg::internal
