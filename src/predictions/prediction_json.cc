// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/prediction_json.h"

#include <boost/json/parse.hpp>

namespace helios::predictions {
namespace {

boost::json::value NumberOrNull(const std::optional<double>& number) {
  if (!number) return nullptr;
  return *number;
}

}  // namespace

boost::json::object ToJson(const KeptPrediction& prediction) {
  boost::json::object json{{"id", prediction.id.ToString()},
                           {"metric", prediction.metric},
                           {"labels", boost::json::parse(prediction.labels)},
                           {"time", FormatRfc3339(prediction.time)},
                           {"horizon_minutes", prediction.horizon_minutes},
                           {"origin", nullptr},
                           {"model_id", nullptr},
                           {"predicted_value", prediction.value},
                           {"confidence_lower", NumberOrNull(prediction.lower)},
                           {"confidence_upper", NumberOrNull(prediction.upper)},
                           {"level", NumberOrNull(prediction.level)},
                           {"actual_value", NumberOrNull(prediction.actual)},
                           {"state", prediction.state},
                           {"created_at", FormatRfc3339(prediction.created_at)}};
  if (prediction.origin) json["origin"] = FormatRfc3339(*prediction.origin);
  if (prediction.model) json["model_id"] = prediction.model->ToString();
  return json;
}

}  // namespace helios::predictions
