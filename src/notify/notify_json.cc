// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/notify_json.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace helios::notify {
namespace {

boost::json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  if (!time) return nullptr;
  return boost::json::value(FormatRfc3339(*time));
}

}  // namespace

boost::json::object ToJson(const Channel& channel) {
  boost::json::value reason;
  if (channel.disabled_reason) reason = *channel.disabled_reason;
  return {{"id", channel.id.ToString()},
          {"name", channel.name},
          {"type", channel.type},
          {"url", channel.url},
          {"enabled", channel.enabled},
          {"disabled_reason", std::move(reason)},
          {"previous_secret_until", TimeOrNull(channel.previous_secret_until)},
          {"created_at", FormatRfc3339(channel.created_at)},
          {"updated_at", FormatRfc3339(channel.updated_at)}};
}

boost::json::object ToJson(const ChannelWithSecret& made) {
  boost::json::object json = ToJson(made.channel);
  json["secret"] = made.secret;
  return json;
}

boost::json::object ToJson(const Delivery& delivery) {
  boost::json::array attempts = boost::json::parse(delivery.attempts).as_array();
  for (boost::json::value& attempt : attempts) {
    boost::json::value& time = attempt.as_object()["started_at"];
    time = FormatRfc3339(FromUnixMs(time.to_number<std::int64_t>()));
  }
  return {{"id", delivery.id.ToString()},
          {"channel_id", delivery.channel.ToString()},
          {"message_id", delivery.message_id},
          {"message_type", delivery.message_type},
          {"status", delivery.status},
          {"next_attempt_at", TimeOrNull(delivery.next_attempt_at)},
          {"created_at", FormatRfc3339(delivery.created_at)},
          {"finished_at", TimeOrNull(delivery.finished_at)},
          {"attempts", std::move(attempts)}};
}

}  // namespace helios::notify
