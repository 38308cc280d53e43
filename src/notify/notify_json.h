// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "notify/channels.h"
#include "notify/deliveries.h"

namespace helios::notify {

[[nodiscard]] boost::json::object ToJson(const Channel& channel);
[[nodiscard]] boost::json::object ToJson(const ChannelWithSecret& made);
[[nodiscard]] boost::json::object ToJson(const Delivery& delivery);

}  // namespace helios::notify
