// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "notify/channels.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"

namespace helios::notify {

/// /api/v1/notification-channels and /api/v1/notification-deliveries. Thread-safe.
class NotifyService {
 public:
  /// What they refer to must outlive the service.
  NotifyService(const Environment& environment, const tenancy::CursorCodec& cursors)
      : environment_(environment), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  using Context = tenancy::RequestContext;
  using Answer = Result<http::Response>;

  [[nodiscard]] Answer PostChannel(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetChannels(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetChannelById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PatchChannel(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer DeleteChannelById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostTest(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostRotation(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetDeliveries(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostReplay(const http::Request& request, const Context& context) const;

  const Environment environment_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::notify
