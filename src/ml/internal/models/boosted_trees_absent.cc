// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/models/boosted_trees.h"

namespace helios::ml {
namespace {

std::unexpected<Error> NotBuilt() {
  return Fail(ErrorCode::kFailedPrecondition, "inference.model_not_built",
              "cannot use XGBoost: this build has been made without it");
}

}  // namespace

class BoostedTrees::Library {};

bool BoostedTrees::Available() {
  return false;
}

Result<BoostedTrees> BoostedTrees::Train(std::span<const float> /*rows*/, std::span<const float> /*targets*/,
                                         const BoostedTreesOptions& /*options*/) {
  return NotBuilt();
}

Result<std::vector<float>> BoostedTrees::Predict(std::span<const float> /*rows*/, std::size_t /*features*/) const {
  return NotBuilt();
}

Result<std::string> BoostedTrees::Bytes() const {
  return NotBuilt();
}

Result<BoostedTrees> BoostedTrees::FromBytes(std::string_view /*bytes*/) {
  return NotBuilt();
}

}  // namespace helios::ml
