// SPDX-License-Identifier: Apache-2.0
#include <xgboost/c_api.h>

#include <limits>
#include <string>
#include <utility>

#include "ml/internal/models/boosted_trees.h"

namespace helios::ml {
namespace {

std::unexpected<Error> Failed(std::string_view what) {
  return Fail(ErrorCode::kInternal, "inference.model_failed", "cannot {} with XGBoost: {}", what, XGBGetLastError());
}

/// Rows as the library wants them; owns them.
class Matrix {
 public:
  explicit Matrix(std::span<const float> rows, std::size_t count) {
    // In one thread: the plain call starts one a processor, and those that wait for work spin.
    made_ = XGDMatrixCreateFromMat_omp(rows.data(), count, rows.size() / count, std::numeric_limits<float>::quiet_NaN(),
                                       &handle_, 1) == 0;
  }
  ~Matrix() {
    if (made_) XGDMatrixFree(handle_);
  }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;

  [[nodiscard]] bool made() const { return made_; }
  [[nodiscard]] DMatrixHandle handle() const { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
  bool made_ = false;
};

}  // namespace

/// A booster; owns it.
class BoostedTrees::Library {
 public:
  Library() = default;
  ~Library() {
    if (handle_ != nullptr) XGBoosterFree(handle_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  [[nodiscard]] bool Create(std::span<const DMatrixHandle> matrices) {
    return XGBoosterCreate(matrices.data(), matrices.size(), &handle_) == 0 && Set("nthread", "1") &&
           Set("verbosity", "0");
  }
  [[nodiscard]] bool Set(const char* name, const std::string& value) {
    return XGBoosterSetParam(handle_, name, value.c_str()) == 0;
  }
  [[nodiscard]] BoosterHandle handle() const { return handle_; }

 private:
  BoosterHandle handle_ = nullptr;
};

bool BoostedTrees::Available() {
  return true;
}

Result<BoostedTrees> BoostedTrees::Train(std::span<const float> rows, std::span<const float> targets,
                                         const BoostedTreesOptions& options) {
  if (targets.empty() || rows.size() % targets.size() != 0) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_frame",
                "cannot train with XGBoost: {} values are no whole number of features for {} rows", rows.size(),
                targets.size());
  }
  const Matrix matrix(rows, targets.size());
  if (!matrix.made() || XGDMatrixSetFloatInfo(matrix.handle(), "label", targets.data(), targets.size()) != 0) {
    return Failed("train");
  }
  auto library = std::make_shared<Library>();
  const DMatrixHandle matrices[] = {matrix.handle()};
  // Nothing is sampled, so the same rows give the same trees.
  if (!library->Create(matrices) || !library->Set("objective", "reg:squarederror") ||
      !library->Set("tree_method", "hist") || !library->Set("max_bin", "64") ||
      !library->Set("max_depth", std::to_string(options.depth)) ||
      !library->Set("eta", std::to_string(options.learning_rate)) ||
      !library->Set("min_child_weight", std::to_string(options.least_rows)) ||
      !library->Set("lambda", std::to_string(options.shrinkage)) || !library->Set("seed", "0")) {
    return Failed("train");
  }
  for (std::size_t i = 0; i < options.rounds; ++i) {
    if (XGBoosterUpdateOneIter(library->handle(), static_cast<int>(i), matrix.handle()) != 0) return Failed("train");
  }
  return BoostedTrees(std::move(library));
}

Result<std::vector<float>> BoostedTrees::Predict(std::span<const float> rows, std::size_t features) const {
  if (rows.empty()) return std::vector<float>{};
  const Matrix matrix(rows, rows.size() / features);
  bst_ulong length = 0;
  const float* answers = nullptr;
  if (!matrix.made() || XGBoosterPredict(library_->handle(), matrix.handle(), 0, 0, 0, &length, &answers) != 0) {
    return Failed("forecast");
  }
  return std::vector<float>(answers, answers + length);
}

Result<std::string> BoostedTrees::Bytes() const {
  bst_ulong length = 0;
  const char* bytes = nullptr;
  if (XGBoosterSaveModelToBuffer(library_->handle(), R"({"format": "ubj"})", &length, &bytes) != 0) {
    return Failed("save a model");
  }
  return std::string(bytes, length);
}

Result<BoostedTrees> BoostedTrees::FromBytes(std::string_view bytes) {
  auto library = std::make_shared<Library>();
  if (bytes.empty() || !library->Create({}) ||
      XGBoosterLoadModelFromBuffer(library->handle(), bytes.data(), bytes.size()) != 0) {
    return Fail(ErrorCode::kDataCorruption, "ml.bad_artifact", "cannot read an XGBoost model: {}", XGBGetLastError());
  }
  return BoostedTrees(std::move(library));
}

}  // namespace helios::ml
