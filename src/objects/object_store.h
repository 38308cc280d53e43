// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/uuid.h"
#include "objects/object_key.h"

namespace helios::objects {

struct ObjectInfo {
  ObjectKey key;
  std::uint64_t bytes = 0;  ///< of the object itself, not of its form at rest
};

/// Home of what is large, written whole and read back later: model artifacts, exports.
///
/// Every object is one tenant's; there is no call without a tenant, and no key leads from one to another. An object is
/// there whole or not at all, also after a crash, and is encrypted at rest. Reading it checks it. Writers of one key at
/// the same time: one of them wins. No call is atomic over several keys: write the objects first, and the row that
/// names them then. Thread-safe.
///
/// What an implementation over GCS or S3 can do, and no more: no append, no rename, no locks.
/// Errors of all calls: kUnavailable objects.unavailable, which may pass.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Replaces what is there. Durable when it returns. Errors: kTooLarge objects.too_large above kMaxObjectBytes.
  [[nodiscard]] virtual Result<void> Put(TenantId tenant, const ObjectKey& key, std::string_view bytes) = 0;

  /// Errors: kNotFound objects.no_such_object; kDataCorruption objects.damaged.
  [[nodiscard]] virtual Result<std::string> Get(TenantId tenant, const ObjectKey& key) = 0;

  /// `length` bytes from `offset` on; fewer where the object ends before. Reads about as much as it gives.
  /// Errors: as Get(); kInvalidArgument objects.bad_range where `offset` is beyond the object's end.
  [[nodiscard]] virtual Result<std::string> GetRange(TenantId tenant, const ObjectKey& key, std::uint64_t offset,
                                                     std::uint64_t length) = 0;

  /// Up to `limit` objects whose key starts with `prefix` and comes after `after` ("" for the first page), in the order
  /// of their keys by byte. `prefix` need not end at a '/'.
  [[nodiscard]] virtual Result<std::vector<ObjectInfo>> List(TenantId tenant, std::string_view prefix,
                                                             std::string_view after, std::size_t limit) = 0;

  /// No error where there is none. Durable when it returns.
  [[nodiscard]] virtual Result<void> Delete(TenantId tenant, const ObjectKey& key) = 0;
};

inline constexpr std::uint64_t kMaxObjectBytes = 1ULL << 30U;

}  // namespace helios::objects
