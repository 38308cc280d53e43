// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace helios::ml {

struct BoostedTreesOptions {
  std::size_t rounds = 60;     ///< trees
  std::size_t depth = 4;       ///< splits above a leaf
  double learning_rate = 0.1;  ///< share of each tree that counts
  double least_rows = 20.0;    ///< in a leaf
  double shrinkage = 1.0;      ///< of leaves towards 0
};

/// Gradient boosted trees for the squared error, by the XGBoost library in one thread (for the absolute error it would
/// start others, whatever it is told). A build without the library
/// (HELIOS_XGBOOST=OFF, and every build with the thread sanitizer, under which it does not finish) has this interface
/// with nothing behind it.
///
/// A value: copies share the trees, which never change. Const members are not to be called at once on copies of one
/// another: the library keeps its answers in the model.
class BoostedTrees {
 public:
  /// Whether this build has the library.
  [[nodiscard]] static bool Available();

  /// Learns `targets` from `rows`, one after another with targets.size() of them; NaN where a feature is unknown.
  /// About 30 ms for 4,000 rows of 32 features with the default options.
  /// Errors: kFailedPrecondition inference.model_not_built; kInternal inference.model_failed (the library's message).
  [[nodiscard]] static Result<BoostedTrees> Train(std::span<const float> rows, std::span<const float> targets,
                                                  const BoostedTreesOptions& options);

  /// One answer a row of `features` values. About 10 us, and 2 us a row.
  /// Errors: kInternal inference.model_failed.
  [[nodiscard]] Result<std::vector<float>> Predict(std::span<const float> rows, std::size_t features) const;

  /// The trees in the library's own format, which its later versions read.
  [[nodiscard]] Result<std::string> Bytes() const;

  /// Reads Bytes() of the same or an older version. The bytes must be trusted or covered by a checksum: the library
  /// does not bear all that can be wrong with them.
  /// Errors: kFailedPrecondition inference.model_not_built; kDataCorruption ml.bad_artifact.
  [[nodiscard]] static Result<BoostedTrees> FromBytes(std::string_view bytes);

 private:
  class Library;
  explicit BoostedTrees(std::shared_ptr<Library> library) : library_(std::move(library)) {}

  std::shared_ptr<Library> library_;
};

}  // namespace helios::ml
