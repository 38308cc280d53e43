// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "notify/channels.h"

namespace helios::notify {

/// One message to one channel, and how it went.
struct Delivery {
  Uuid id;
  Uuid channel;
  std::string message_id;
  std::string message_type;
  std::string status;                          ///< pending, delivered, failed (given up), cancelled (channel disabled)
  std::optional<TimestampMs> next_attempt_at;  ///< of a pending one
  TimestampMs created_at;
  std::optional<TimestampMs> finished_at;
  std::string attempts;  ///< JSON: [{number, started_at (unix ms), http_status, latency_ms, error}, …], oldest first
};

/// The delivery log of a channel, newest first; one more than the page asks for, where there are more. It goes back
/// kLogKept. Errors: kNotFound notify.no_such_channel.
[[nodiscard]] Result<std::vector<Delivery>> ListDeliveries(const Environment& environment,
                                                           const tenancy::RequestContext& context, const Uuid& channel,
                                                           const tenancy::Page& page);
inline constexpr std::chrono::hours kLogKept{30 * 24};

/// Sends the same message, under the same id, again: at once, and then by the whole schedule.
/// Errors: kPermissionDenied; kNotFound notify.no_such_delivery; kFailedPrecondition notify.channel_disabled.
[[nodiscard]] Result<Delivery> ReplayDelivery(const Environment& environment, const tenancy::RequestContext& context,
                                              const Uuid& id);

/// Sends a message of type "test" to the channel.
/// Errors: kPermissionDenied; kNotFound notify.no_such_channel; kFailedPrecondition notify.channel_disabled.
[[nodiscard]] Result<Delivery> SendTest(const Environment& environment, const tenancy::RequestContext& context,
                                        const Uuid& channel);

}  // namespace helios::notify
