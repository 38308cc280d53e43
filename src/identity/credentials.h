// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/time.h"
#include "pg/database.h"
#include "tenancy/request_context.h"

namespace helios::identity {

/// A session ends after this long without a request, and this long after sign-in whatever happens.
inline constexpr std::chrono::hours kSessionIdle{12};
inline constexpr std::chrono::hours kSessionLife{7 * 24};

/// A key or a session token as it came, reduced to what may be kept: never the secret itself.
struct CredentialHash {
  tenancy::Principal::Kind kind = tenancy::Principal::Kind::kApiKey;
  std::string hex;  ///< HMAC-SHA256(pepper, secret), 64 digits
  bool operator==(const CredentialHash&) const = default;
};

/// Turns secrets into principals, and remembers the recent ones so that a request costs no query.
///
/// A remembered principal is used for at most ten seconds: a key revoked, a role changed or a plan
/// changed by another process holds from then on; by this process, at once. Thread-safe.
class Credentials {
 public:
  Credentials(pg::Database& database, const Clock& clock, const std::array<std::uint8_t, 32>& pepper);

  [[nodiscard]] CredentialHash HashApiKey(std::string_view key) const;
  [[nodiscard]] CredentialHash HashSessionToken(std::string_view token) const;

  /// The principal where it is remembered and still valid; never waits.
  [[nodiscard]] std::shared_ptr<const tenancy::Principal> Remembered(const CredentialHash& hash) const;

  /// Asks the database. Errors: kUnauthenticated identity.unknown_key, identity.expired_key,
  /// identity.signed_out; kPermissionDenied identity.organization_suspended; kUnavailable.
  [[nodiscard]] Result<std::shared_ptr<const tenancy::Principal>> Load(const CredentialHash& hash,
                                                                       pg::Deadline deadline);

  /// Forgets what was remembered of a tenant: after any change to its keys, members or plan.
  void Forget(TenantId tenant);

 private:
  struct Entry {
    std::shared_ptr<const tenancy::Principal> principal;
    TimestampMs loaded_at;
  };
  /// How often Forget() was called.
  [[nodiscard]] std::uint64_t Forgets() const;
  [[nodiscard]] Result<tenancy::Principal> LoadApiKey(const std::string& hash, pg::Deadline deadline);
  [[nodiscard]] Result<tenancy::Principal> LoadSession(const std::string& hash, pg::Deadline deadline);
  [[nodiscard]] Result<tenancy::RetentionSettings> LoadRetention(TenantId tenant, pg::Deadline deadline);
  /// Records that the credential was used.
  [[nodiscard]] Result<void> Touch(const pg::Statement& statement, const tenancy::Principal& principal, TimestampMs now,
                                   pg::Deadline deadline);

  pg::Database& database_;
  const Clock& clock_;
  std::array<std::uint8_t, 32> pepper_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::uint64_t forgets_ = 0;
};

}  // namespace helios::identity
