// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "alerting/alert_rule.h"

namespace helios::alerting {

[[nodiscard]] boost::json::object ToJson(const AlertRule& rule);

}  // namespace helios::alerting
