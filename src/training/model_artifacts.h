// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "ml/model_bundle.h"
#include "objects/object_store.h"
#include "training/model_registry.h"
#include "tsdb/series.h"

namespace helios::training {

/// The key of a series' part in an artifact: 128 bits of the SHA-256 of its name, in hex.
[[nodiscard]] std::string PartKey(const tsdb::SeriesKey& series);

/// Where version `version` of a metric's artifact lies: "cpu/v3".
[[nodiscard]] Result<objects::ObjectKey> ArtifactKey(const std::string& metric, int version);

/// An artifact in memory.
struct LoadedArtifact {
  std::string bytes;
  std::optional<ml::ModelBundle> bundle;  ///< over `bytes`
};

/// Reads the artifacts of models and keeps those last used, up to `max_bytes` of them. A failure is remembered too, for
/// ten seconds, so that requests do not wait for a store that is away. Thread-safe.
class ModelArtifacts {
 public:
  explicit ModelArtifacts(objects::ObjectStore& objects, std::size_t max_bytes = std::size_t{256} << 20U)
      : objects_(objects), max_bytes_(max_bytes) {}

  /// Requires model.artifact_path. Errors: those of ObjectStore::Get() and ModelBundle::Open().
  [[nodiscard]] Result<std::shared_ptr<const LoadedArtifact>> Load(TenantId tenant, const Model& model);

  [[nodiscard]] objects::ObjectStore& objects() { return objects_; }

 private:
  struct Kept {
    Uuid model;
    std::shared_ptr<const LoadedArtifact> artifact;
  };
  struct Failed {
    Error error;
    std::chrono::steady_clock::time_point until;
  };
  [[nodiscard]] Result<std::shared_ptr<const LoadedArtifact>> Read(TenantId tenant, const Model& model);

  objects::ObjectStore& objects_;
  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Kept> recent_;                                           ///< the last used one first
  std::unordered_map<std::string, std::list<Kept>::iterator> kept_;  ///< by model
  std::unordered_map<std::string, Failed> failed_;
};

/// Whether an error says that an artifact is lost, not that it cannot be read at the moment.
[[nodiscard]] bool IsLost(const Error& error);

}  // namespace helios::training
