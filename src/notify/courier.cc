// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/courier.h"

#include <string>
#include <vector>

#include "notify/channels.h"
#include "notify/deliveries.h"
#include "notify/outbox.h"
#include "notify/retry_schedule.h"
#include "notify/sql.h"
#include "notify/standard_webhook.h"
#include "obs/log.h"

namespace helios::notify {
namespace {

constexpr std::chrono::seconds kLease{60};  // an attempt takes 15 s at most
constexpr std::size_t kMaxErrorBytes = 500;
constexpr int kGone = 410;

}  // namespace

struct Courier::Claimed {
  Uuid id;
  Uuid channel;
  std::string message_id;
  std::string message_type;
  std::string body;
  std::string url;
  bool enabled = true;
  int attempt = 1;
  int tries = 1;
  std::vector<std::string> secrets;
};

Result<std::optional<Courier::Claimed>> Courier::Claim(TenantId tenant) {
  const TimestampMs now = clock_.Now();
  HELIOS_TRY(auto tx, database_.Begin(tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kClaimDelivery, {tenant, now, now + kLease}));
  if (rows.empty()) return std::nullopt;
  const auto row = rows.front();
  Claimed claimed{.id = row.Get<Uuid>("id"),
                  .channel = row.Get<Uuid>("channel_id"),
                  .message_id = row.Get<std::string>("message_id"),
                  .message_type = row.Get<std::string>("message_type"),
                  .body = row.Get<std::string>("body"),
                  .url = row.Get<std::string>("url"),
                  .enabled = row.Get<bool>("enabled"),
                  .attempt = static_cast<int>(row.Get<std::int64_t>("attempts")),
                  .tries = static_cast<int>(row.Get<std::int64_t>("tries")),
                  .secrets = {}};
  for (const char* column : {"secret", "previous_secret"}) {
    const auto sealed = row.Get<std::optional<std::string>>(column);
    if (!sealed) continue;
    auto secret = vault_.Open(tx, PlaceOfSecret(claimed.channel), *sealed);
    if (secret) {
      claimed.secrets.push_back(*std::move(secret));
    } else if (secret.error().code != ErrorCode::kDataCorruption) {
      return std::unexpected(std::move(secret).error());
    } else {
      obs::LogFailure("webhooks.secret_unreadable", secret.error(), {{"channel_id", claimed.channel.ToString()}});
    }
  }
  HELIOS_CHECK(tx.Commit());
  return claimed;
}

AttemptOutcome Courier::Try(const Claimed& claimed, TimestampMs time) const {
  const std::string signature = SignWebhook(claimed.secrets, claimed.message_id, time, claimed.body);
  if (signature.empty())
    return {.http_status = std::nullopt, .error = "the channel's secret cannot be read; rotate it"};
  http::Headers headers;
  headers.Add("Content-Type", "application/json");
  headers.Add("webhook-id", claimed.message_id);
  headers.Add("webhook-timestamp",
              std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
  headers.Add("webhook-signature", signature);
  return sender_.Send(claimed.url, headers, claimed.body);
}

Result<void> Courier::Record(TenantId tenant, const Claimed& claimed, TimestampMs started_at,
                             const AttemptOutcome& outcome) {
  const TimestampMs now = clock_.Now();
  std::string_view status = "delivered";
  std::optional<TimestampMs> next;
  if (!claimed.enabled) {
    status = "cancelled";
  } else if (outcome.http_status == kGone) {
    status = "failed";
  } else if (!outcome.error.empty()) {
    const auto wait = RetryWait(claimed.tries, random_.Uniform());
    status = wait ? "pending" : "failed";
    if (wait) next = now + *wait;
  }
  HELIOS_TRY(auto tx, database_.Begin(tenant));
  HELIOS_CHECK(tx.Execute(sql::kFinishAttempt, {tenant, claimed.id, claimed.attempt, status, next, now}));
  if (claimed.enabled) {
    std::optional<std::string> error;
    if (!outcome.error.empty()) error = outcome.error.substr(0, kMaxErrorBytes);
    HELIOS_CHECK(tx.Execute(sql::kInsertAttempt, {tenant, claimed.id, claimed.attempt, started_at, outcome.http_status,
                                                  outcome.latency.count(), error}));
  }
  if (outcome.http_status == kGone) {
    HELIOS_TRY(const auto disabled, tx.Execute(sql::kDisableGoneChannel, {tenant, claimed.channel, now}));
    HELIOS_CHECK(tx.Execute(sql::kCancelDeliveries, {tenant, claimed.channel, now}));
    if (!disabled.empty()) {
      HELIOS_CHECK(audit_.RecordSystem(tx, now, "notification_channel.disable", claimed.channel));
    }
  }
  return tx.Commit();
}

Result<bool> Courier::CarryAndDeliver(TenantId tenant) {
  HELIOS_CHECK(CarryOutbox(database_, tenant, random_, clock_.Now()));
  HELIOS_TRY(const auto claimed, Claim(tenant));
  if (!claimed) return false;
  const TimestampMs started_at = clock_.Now();
  AttemptOutcome outcome;
  if (claimed->enabled) outcome = Try(*claimed, started_at);
  HELIOS_CHECK(Record(tenant, *claimed, started_at, outcome));
  obs::LogInfo("webhooks.attempt", {{"org_id", tenant.ToString()},
                                    {"delivery_id", claimed->id.ToString()},
                                    {"number", claimed->attempt},
                                    {"status", outcome.http_status.value_or(0)},
                                    {"ms", outcome.latency.count()}});
  return true;
}

Result<std::optional<TimestampMs>> Courier::NextDue(TenantId tenant) {
  HELIOS_TRY(auto tx, database_.Begin(tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kNextDeliveryTime, {tenant, clock_.Now()}));
  HELIOS_CHECK(tx.Commit());
  return rows.front().Get<std::optional<TimestampMs>>("due");
}

Result<void> Courier::ForgetOld(TenantId tenant) {
  HELIOS_TRY(auto tx, database_.Begin(tenant));
  HELIOS_CHECK(tx.Execute(sql::kForgetDeliveries, {tenant, clock_.Now() - kLogKept}));
  return tx.Commit();
}

}  // namespace helios::notify
