// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/notify_service.h"

#include "http/json.h"
#include "notify/deliveries.h"
#include "notify/notify_json.h"
#include "tenancy/page_answer.h"

namespace helios::notify {
namespace {

using http::Method;
using tenancy::Permission;

constexpr std::size_t kMaxBodyBytes = 64U << 10U;

/// An id of the path. One that is no uuid cannot be of anything: 404, as for an absent one.
Result<Uuid> PathId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "http.no_such_resource", "cannot find '{}': it is not an id",
              request.PathParameter("id").substr(0, 64));
}

}  // namespace

tenancy::Routes NotifyService::MakeRoutes() const {
  using Handler = Answer (NotifyService::*)(const http::Request&, const Context&) const;
  using tenancy::Replay;
  const auto route = [this](Method method, std::string pattern, std::string operation, Permission permission,
                            Handler handler, Replay replay = Replay::kNone) {
    return tenancy::Route{.method = method,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = permission,
                          .max_body_bytes = kMaxBodyBytes,
                          .audited = method != Method::kGet,
                          .replay = replay,
                          .handler = [this, handler](const http::Request& request, const Context& context) {
                            return (this->*handler)(request, context);
                          }};
  };
  using Self = NotifyService;
  return {
      route(Method::kPost, "/api/v1/notification-channels", "createNotificationChannel", Permission::kAlertingWrite,
            &Self::PostChannel, Replay::kSecret),
      route(Method::kGet, "/api/v1/notification-channels", "listNotificationChannels", Permission::kDataRead,
            &Self::GetChannels),
      route(Method::kGet, "/api/v1/notification-channels/{id}", "getNotificationChannel", Permission::kDataRead,
            &Self::GetChannelById),
      route(Method::kPatch, "/api/v1/notification-channels/{id}", "updateNotificationChannel",
            Permission::kAlertingWrite, &Self::PatchChannel),
      route(Method::kDelete, "/api/v1/notification-channels/{id}", "deleteNotificationChannel",
            Permission::kAlertingWrite, &Self::DeleteChannelById),
      route(Method::kPost, "/api/v1/notification-channels/{id}/test", "testNotificationChannel",
            Permission::kAlertingWrite, &Self::PostTest, Replay::kStored),
      route(Method::kPost, "/api/v1/notification-channels/{id}/rotate-secret", "rotateNotificationSecret",
            Permission::kAlertingWrite, &Self::PostRotation, Replay::kSecret),
      route(Method::kGet, "/api/v1/notification-channels/{id}/deliveries", "listNotificationDeliveries",
            Permission::kDataRead, &Self::GetDeliveries),
      route(Method::kPost, "/api/v1/notification-deliveries/{id}/replay", "replayNotificationDelivery",
            Permission::kAlertingWrite, &Self::PostReplay, Replay::kStored),
  };
}

NotifyService::Answer NotifyService::PostChannel(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  const std::string name = reader.String("name");
  const std::string type = reader.OptionalString("type").value_or("webhook");
  if (type != "webhook") reader.Reject("type", type, "webhook");
  const std::string url = reader.String("url", 8192);
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const ChannelWithSecret made, CreateChannel(environment_, context, name, url));
  return http::Json(201, ToJson(made));
}

NotifyService::Answer NotifyService::GetChannels(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto channels, ListChannels(environment_, context, page));
  return tenancy::PageAnswer(channels, page, request, context.tenant, cursors_);
}

NotifyService::Answer NotifyService::GetChannelById(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const Channel channel, GetChannel(environment_, context, id));
  return http::Json(200, ToJson(channel));
}

NotifyService::Answer NotifyService::PatchChannel(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  ChannelChange change;
  change.name = reader.OptionalString("name");
  change.url = reader.OptionalString("url", 8192);
  change.enabled = reader.OptionalBool("enabled");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const Channel channel, ChangeChannel(environment_, context, id, change));
  return http::Json(200, ToJson(channel));
}

NotifyService::Answer NotifyService::DeleteChannelById(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(DeleteChannel(environment_, context, id));
  return http::NoContent();
}

NotifyService::Answer NotifyService::PostTest(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const Delivery delivery, SendTest(environment_, context, id));
  return http::Json(202, ToJson(delivery));
}

NotifyService::Answer NotifyService::PostRotation(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const ChannelWithSecret made, RotateSecret(environment_, context, id));
  return http::Json(200, ToJson(made));
}

NotifyService::Answer NotifyService::GetDeliveries(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto deliveries, ListDeliveries(environment_, context, id, page));
  return tenancy::PageAnswer(deliveries, page, request, context.tenant, cursors_);
}

NotifyService::Answer NotifyService::PostReplay(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const Delivery delivery, ReplayDelivery(environment_, context, id));
  return http::Json(202, ToJson(delivery));
}

}  // namespace helios::notify
