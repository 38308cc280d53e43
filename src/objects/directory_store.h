// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <memory>

#include "base/random.h"
#include "base/result.h"
#include "crypto/sealed_file.h"
#include "objects/object_store.h"

namespace helios::objects {

/// Objects as files below `directory`, which is made: tenant_<id>/<key>~sealed, each sealed with AES-256-GCM under a
/// key of its own, derived from `key` and bound to its tenant and its object key. Format: docs/formats/object.md.
/// Errors: kUnavailable objects.unavailable.
[[nodiscard]] Result<std::unique_ptr<ObjectStore>> OpenDirectoryStore(const std::filesystem::path& directory,
                                                                      const crypto::SealKey& key, Random& random);

}  // namespace helios::objects
