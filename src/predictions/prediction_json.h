// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "predictions/prediction_rows.h"

namespace helios::predictions {

[[nodiscard]] boost::json::object ToJson(const KeptPrediction& prediction);

}  // namespace helios::predictions
