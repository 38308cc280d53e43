// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/model_artifacts.h"

#include <utility>

#include "base/hex.h"
#include "crypto/digest.h"
#include "tsdb/sample_batch.h"

namespace helios::training {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kFailedFor{10};
constexpr std::size_t kMostFailed = 10'000;
constexpr std::size_t kKeyDigits = 32;

}  // namespace

std::string PartKey(const tsdb::SeriesKey& series) {
  std::string name;
  tsdb::EncodeName(series, name);
  return ToHex(crypto::Sha256(name)).substr(0, kKeyDigits);
}

Result<objects::ObjectKey> ArtifactKey(const std::string& metric, int version) {
  return objects::ObjectKey::Parse(fmt::format("{}/v{}", objects::EncodePart(metric), version));
}

bool IsLost(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kDataCorruption;
}

Result<std::shared_ptr<const LoadedArtifact>> ModelArtifacts::Read(TenantId tenant, const Model& model) {
  HELIOS_TRY(const auto key, objects::ObjectKey::Parse(*model.artifact_path));
  auto loaded = std::make_shared<LoadedArtifact>();
  HELIOS_TRY(loaded->bytes, objects_.Get(tenant, key));
  HELIOS_TRY(loaded->bundle, ml::ModelBundle::Open(loaded->bytes));
  return loaded;
}

Result<std::shared_ptr<const LoadedArtifact>> ModelArtifacts::Load(TenantId tenant, const Model& model) {
  const std::string id = model.id.ToString();
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = kept_.find(id); found != kept_.end()) {
      recent_.splice(recent_.begin(), recent_, found->second);
      return found->second->artifact;
    }
    if (const auto failed = failed_.find(id); failed != failed_.end()) {
      if (steady_clock::now() < failed->second.until) return std::unexpected(failed->second.error);
      failed_.erase(failed);
    }
  }
  auto read = Read(tenant, model);
  const std::scoped_lock lock(mutex_);
  if (!read) {
    if (failed_.size() >= kMostFailed) failed_.clear();
    failed_.insert_or_assign(id, Failed{.error = read.error(), .until = steady_clock::now() + kFailedFor});
    return read;
  }
  if (kept_.contains(id)) return read;
  recent_.push_front({.model = model.id, .artifact = *read});
  kept_.emplace(id, recent_.begin());
  bytes_ += (*read)->bytes.size();
  while (bytes_ > max_bytes_ && recent_.size() > 1) {
    bytes_ -= recent_.back().artifact->bytes.size();
    kept_.erase(recent_.back().model.ToString());
    recent_.pop_back();
  }
  return read;
}

}  // namespace helios::training
