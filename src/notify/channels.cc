// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/channels.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <limits>

#include "notify/sql.h"
#include "notify/standard_webhook.h"
#include "notify/webhook_sender.h"
#include "tenancy/placement.h"

namespace helios::notify {
namespace {

using tenancy::Permission;

constexpr std::size_t kMaxNameBytes = 255;

Result<void> CheckName(std::string_view name) {
  const bool control =
      std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!name.empty() && name.size() <= kMaxNameBytes && !control) return {};
  return Fail(ErrorCode::kInvalidArgument, "notify.bad_name",
              "cannot use the channel's name: want 1 to {} bytes without control characters; got {}", kMaxNameBytes,
              name.size());
}

std::unexpected<Error> NoSuchChannel(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "notify.no_such_channel", "cannot find the notification channel {}", id);
}

Channel ChannelOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .name = row.Get<std::string>("name"),
          .type = row.Get<std::string>("channel_type"),
          .url = row.Get<std::string>("url"),
          .enabled = row.Get<bool>("enabled"),
          .disabled_reason = row.Get<std::optional<std::string>>("disabled_reason"),
          .previous_secret_until = row.Get<std::optional<TimestampMs>>("previous_secret_until"),
          .created_at = row.Get<TimestampMs>("created_at"),
          .updated_at = row.Get<TimestampMs>("updated_at")};
}

}  // namespace

secrets::Place PlaceOfSecret(const Uuid& channel) {
  // A secret keeps its seal when it becomes the previous one: both columns are one place.
  return {.table = "notification_channels", .column = "secret", .row = channel};
}

Result<Channel> FindChannel(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindChannel, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchChannel(id);
  return ChannelOf(rows.front());
}

Result<std::vector<Uuid>> ListWebhookIds(pg::TenantTransaction& tx) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListWebhookIds, {tx.tenant()}));
  std::vector<Uuid> ids;
  ids.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) ids.push_back(rows[i].Get<Uuid>("id"));
  return ids;
}

Result<ChannelWithSecret> CreateChannel(const Environment& environment, const tenancy::RequestContext& context,
                                        const std::string& name, const std::string& url) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_CHECK(CheckName(name));
  HELIOS_CHECK(ParseWebhookUrl(url, environment.policy));
  HELIOS_CHECK(tenancy::EnsurePlaced(environment.database, context.tenant, context.deadline));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  const Uuid id = Uuid::V7(context.now, environment.random);
  ChannelWithSecret made;
  made.secret = MakeWebhookSecret(environment.random);
  HELIOS_TRY(const std::string sealed, environment.vault.Seal(tx, PlaceOfSecret(id), made.secret));
  const std::size_t most = tenancy::LimitsOf(context.principal->plan).max_notification_channels;
  const std::int64_t limit = most == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(most);
  const std::string config = boost::json::serialize(boost::json::object{{"url", url}});
  HELIOS_TRY(const auto inserted,
             tx.Execute(sql::kInsertChannel, {tx.tenant(), id, name, "webhook", config, sealed, limit, context.now}));
  if (inserted.empty()) {
    return Fail(ErrorCode::kQuotaExceeded, "notify.channel_limit",
                "cannot add a notification channel: the plan '{}' has {}, and they are used up; delete one, or change "
                "the plan",
                tenancy::PlanName(context.principal->plan), most);
  }
  HELIOS_CHECK(environment.audit.Record(tx, context, "notification_channel.create", id));
  HELIOS_TRY(made.channel, FindChannel(tx, id));
  HELIOS_CHECK(tx.Commit());
  return made;
}

Result<std::vector<Channel>> ListChannels(const Environment& environment, const tenancy::RequestContext& context,
                                          const tenancy::Page& page) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListChannels, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<Channel> channels;
  channels.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) channels.push_back(ChannelOf(rows[i]));
  return channels;
}

Result<Channel> GetChannel(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  return FindChannel(tx, id);
}

Result<Channel> ChangeChannel(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id,
                              const ChannelChange& change) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  if (change.name) HELIOS_CHECK(CheckName(*change.name));
  if (change.url) HELIOS_CHECK(ParseWebhookUrl(*change.url, environment.policy));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto changed,
             tx.Execute(sql::kUpdateChannel, {tx.tenant(), id, change.name, change.url, change.enabled, context.now}));
  if (changed.empty()) return NoSuchChannel(id);
  if (change.enabled == false) HELIOS_CHECK(tx.Execute(sql::kCancelDeliveries, {tx.tenant(), id, context.now}));
  HELIOS_CHECK(environment.audit.Record(tx, context, "notification_channel.update", id));
  HELIOS_TRY(const Channel channel, FindChannel(tx, id));
  HELIOS_CHECK(tx.Commit());
  return channel;
}

Result<void> DeleteChannel(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto gone, tx.Execute(sql::kDeleteChannel, {tx.tenant(), id}));
  if (gone.empty()) return NoSuchChannel(id);
  HELIOS_CHECK(environment.audit.Record(tx, context, "notification_channel.delete", id));
  return tx.Commit();
}

Result<ChannelWithSecret> RotateSecret(const Environment& environment, const tenancy::RequestContext& context,
                                       const Uuid& id) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kLockChannelSecret, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchChannel(id);
  ChannelWithSecret made;
  made.secret = MakeWebhookSecret(environment.random);
  HELIOS_TRY(const std::string sealed, environment.vault.Seal(tx, PlaceOfSecret(id), made.secret));
  HELIOS_CHECK(tx.Execute(sql::kRotateChannelSecret,
                          {tx.tenant(), id, sealed, rows.front().Get<std::optional<std::string>>("secret"),
                           context.now + kRotation, context.now}));
  HELIOS_CHECK(environment.audit.Record(tx, context, "notification_channel.rotate_secret", id));
  HELIOS_TRY(made.channel, FindChannel(tx, id));
  HELIOS_CHECK(tx.Commit());
  return made;
}

}  // namespace helios::notify
