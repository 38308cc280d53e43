// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/fitted_model.h"
#include "ml/model_description.h"
#include "ml/xgboost_model.h"

namespace helios::ml {

// Parts of an artifact other than a FittedForecaster's, which makes its own (FittedForecaster::Save()). Each begins
// with its description, which ReadDescription() reads.

/// What a part restores to.
enum class PartKind : std::uint8_t {
  kForecaster,       ///< FittedForecaster::Restore()
  kNamedModel,       ///< RestoreNamedModel()
  kMetricModel,      ///< ReadMetricModel(): one model of all series, under the empty key
  kNamedForecaster,  ///< NamedForecaster::Restore()
};

/// Errors: kDataCorruption ml.bad_artifact; kFailedPrecondition ml.newer_format  a kind that is not known here.
[[nodiscard]] Result<PartKind> ReadPartKind(std::string_view part);

/// The part of a series that a model chosen by name serves. Errors: FittedModel::Save()'s.
[[nodiscard]] Result<std::string> SaveNamedModel(const ModelDescription& description, const FittedModel& model);

/// Errors: those of RestoreModel().
[[nodiscard]] Result<std::unique_ptr<FittedModel>> RestoreNamedModel(std::string_view part,
                                                                     const RegularHistory& history);

/// One set of trees for all series of a metric, and whose they are, in the order of XgboostModel's series.
struct MetricModel {
  std::vector<std::string> keys;
  std::string model;  ///< for XgboostModel::FromBytes()
};

/// Requires one key for each series of the model. Errors: XgboostModel::Bytes()'s.
[[nodiscard]] Result<std::string> SaveMetricModel(const ModelDescription& description, const XgboostModel& model,
                                                  std::span<const std::string> keys);

/// Errors: kDataCorruption ml.bad_artifact; kFailedPrecondition ml.newer_format.
[[nodiscard]] Result<MetricModel> ReadMetricModel(std::string_view part);

}  // namespace helios::ml
