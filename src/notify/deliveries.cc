// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/deliveries.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "notify/sql.h"

namespace helios::notify {
namespace {

using tenancy::Permission;

Delivery DeliveryOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .channel = row.Get<Uuid>("channel_id"),
          .message_id = row.Get<std::string>("message_id"),
          .message_type = row.Get<std::string>("message_type"),
          .status = row.Get<std::string>("status"),
          .next_attempt_at = row.Get<std::optional<TimestampMs>>("next_attempt_at"),
          .created_at = row.Get<TimestampMs>("created_at"),
          .finished_at = row.Get<std::optional<TimestampMs>>("finished_at"),
          .attempts = row.Get<std::string>("attempts")};
}

std::unexpected<Error> NoSuchDelivery(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "notify.no_such_delivery", "cannot find the delivery {}", id);
}

Result<Delivery> FindDelivery(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindDelivery, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchDelivery(id);
  return DeliveryOf(rows.front());
}

Result<void> CheckEnabled(pg::TenantTransaction& tx, const Uuid& channel_id) {
  HELIOS_TRY(const Channel channel, FindChannel(tx, channel_id));
  if (channel.enabled) return {};
  return Fail(ErrorCode::kFailedPrecondition, "notify.channel_disabled",
              "cannot send to the channel {}: it is disabled{}; enable it first", channel_id,
              channel.disabled_reason ? ", for its receiver answered 410" : "");
}

void Wake(const Environment& environment, TenantId tenant) {
  if (environment.wake) environment.wake(tenant);
}

}  // namespace

Result<std::vector<Delivery>> ListDeliveries(const Environment& environment, const tenancy::RequestContext& context,
                                             const Uuid& channel, const tenancy::Page& page) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(FindChannel(tx, channel));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListDeliveries, {tx.tenant(), channel, page.limit + 1, page.offset}));
  std::vector<Delivery> deliveries;
  deliveries.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) deliveries.push_back(DeliveryOf(rows[i]));
  return deliveries;
}

Result<Delivery> ReplayDelivery(const Environment& environment, const tenancy::RequestContext& context,
                                const Uuid& id) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kReplayDelivery, {tx.tenant(), id, context.now}));
  if (rows.empty()) return NoSuchDelivery(id);
  HELIOS_CHECK(CheckEnabled(tx, rows.front().Get<Uuid>("channel_id")));
  HELIOS_CHECK(environment.audit.Record(tx, context, "notification_delivery.replay", id));
  HELIOS_TRY(Delivery delivery, FindDelivery(tx, id));
  HELIOS_CHECK(tx.Commit());
  Wake(environment, context.tenant);
  return delivery;
}

Result<Delivery> SendTest(const Environment& environment, const tenancy::RequestContext& context, const Uuid& channel) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(CheckEnabled(tx, channel));
  const Uuid id = Uuid::V7(context.now, environment.random);
  const std::string message_id = fmt::format("test_{}", id);
  const boost::json::object body{
      {"type", "test"}, {"timestamp", FormatRfc3339(context.now)}, {"data", {{"channel_id", channel.ToString()}}}};
  HELIOS_CHECK(
      tx.Execute(sql::kInsertDeliveries, {tx.tenant(), std::vector{id.ToString()}, std::vector{channel.ToString()},
                                          message_id, "test", boost::json::serialize(body), context.now}));
  HELIOS_CHECK(environment.audit.Record(tx, context, "notification_channel.test", channel));
  HELIOS_TRY(Delivery delivery, FindDelivery(tx, id));
  HELIOS_CHECK(tx.Commit());
  Wake(environment, context.tenant);
  return delivery;
}

}  // namespace helios::notify
