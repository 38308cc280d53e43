// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/credentials.h"

#include <algorithm>

#include "base/hex.h"
#include "crypto/digest.h"
#include "identity/sql.h"
#include "identity/words.h"

namespace helios::identity {
namespace {

constexpr std::chrono::seconds kRememberedFor{10};
constexpr std::size_t kMaxRemembered = 100'000;
/// Written no more often than this, so that a busy key costs no write a request.
constexpr std::chrono::minutes kTouchEvery{5};

std::unexpected<Error> Unknown() {
  return Fail(
      ErrorCode::kUnauthenticated, "identity.unknown_key",
      "cannot sign in with this API key: it does not exist or was revoked; create one under Settings, API keys");
}

/// The columns that keys and sessions have in common.
Result<tenancy::Principal> PrincipalOf(const pg::Rows::Row& row) {
  tenancy::Principal principal;
  principal.tenant = row.Get<TenantId>("org_id");
  principal.organization_slug = row.Get<std::string>("slug");
  principal.organization_name = row.Get<std::string>("org_name");
  principal.timezone = row.Get<std::string>("timezone");
  principal.plan = tenancy::ParsePlan(row.Get<std::string>("plan")).value_or(tenancy::Plan::kStarter);
  const auto status = row.Get<std::string>("org_status");
  if (status == "deleted") return Unknown();
  if (status != "active") {
    return Fail(ErrorCode::kPermissionDenied, "identity.organization_suspended",
                "cannot serve {}: the organization is suspended; an owner can settle it under Billing",
                principal.organization_slug);
  }
  return principal;
}

/// A setting from before it had a meaning may be any number.
std::optional<std::chrono::days> DaysOf(const std::optional<double>& days) {
  if (!days || *days < 1 || *days > 36'500) return std::nullopt;
  return std::chrono::days{static_cast<int>(*days)};
}

}  // namespace

Credentials::Credentials(pg::Database& database, const Clock& clock, const std::array<std::uint8_t, 32>& pepper)
    : database_(database), clock_(clock), pepper_(pepper) {}

CredentialHash Credentials::HashApiKey(std::string_view key) const {
  return {.kind = tenancy::Principal::Kind::kApiKey, .hex = ToHex(crypto::HmacSha256(pepper_, key))};
}

CredentialHash Credentials::HashSessionToken(std::string_view token) const {
  return {.kind = tenancy::Principal::Kind::kSession, .hex = ToHex(crypto::HmacSha256(pepper_, token))};
}

std::shared_ptr<const tenancy::Principal> Credentials::Remembered(const CredentialHash& hash) const {
  const TimestampMs now = clock_.Now();
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(hash.hex);
  if (found == entries_.end() || now - found->second.loaded_at > kRememberedFor) return nullptr;
  const auto& principal = found->second.principal;
  if (principal->kind != hash.kind || (principal->expires_at && *principal->expires_at <= now)) return nullptr;
  return principal;
}

Result<std::shared_ptr<const tenancy::Principal>> Credentials::Load(const CredentialHash& hash, pg::Deadline deadline) {
  const std::uint64_t forgets_before = Forgets();
  auto loaded =
      hash.kind == tenancy::Principal::Kind::kApiKey ? LoadApiKey(hash.hex, deadline) : LoadSession(hash.hex, deadline);
  if (!loaded) {
    const std::scoped_lock lock(mutex_);
    entries_.erase(hash.hex);
    return std::unexpected(std::move(loaded).error());
  }
  HELIOS_TRY(loaded->retention, LoadRetention(loaded->tenant, deadline));
  auto principal = std::make_shared<const tenancy::Principal>(*std::move(loaded));
  const std::scoped_lock lock(mutex_);
  // What was read before a revocation must not be remembered after it.
  if (forgets_ != forgets_before) return principal;
  if (entries_.size() >= kMaxRemembered) entries_.clear();
  entries_[hash.hex] = {.principal = principal, .loaded_at = clock_.Now()};
  return principal;
}

Result<tenancy::Principal> Credentials::LoadApiKey(const std::string& hash, pg::Deadline deadline) {
  HELIOS_TRY(auto lookup, database_.BeginWithoutTenant(deadline));
  HELIOS_TRY(const auto rows, lookup.Execute(sql::kFindApiKey, {hash}));
  HELIOS_CHECK(lookup.Commit());
  if (rows.empty()) return Unknown();
  const auto row = rows.front();
  HELIOS_TRY(tenancy::Principal principal, PrincipalOf(row));
  principal.kind = tenancy::Principal::Kind::kApiKey;
  principal.credential_id = row.Get<Uuid>("api_key_id");
  principal.key_name = row.Get<std::string>("key_name");
  principal.scopes = SplitWords(row.Get<std::string>("scopes"));
  principal.expires_at = row.Get<std::optional<TimestampMs>>("expires_at");
  for (const std::string& scope : principal.scopes) {
    if (const auto permissions = tenancy::PermissionsOfScope(scope)) principal.permissions.Add(*permissions);
  }
  if (principal.expires_at && *principal.expires_at <= clock_.Now()) {
    return Fail(ErrorCode::kUnauthenticated, "identity.expired_key",
                "cannot sign in with the API key '{}': it expired at {}", principal.key_name,
                FormatRfc3339(*principal.expires_at));
  }
  const auto last_used = row.Get<std::optional<TimestampMs>>("last_used_at");
  if (const TimestampMs now = clock_.Now(); !last_used || now - *last_used > kTouchEvery) {
    HELIOS_CHECK(Touch(sql::kTouchApiKey, principal, now, deadline));
  }
  return principal;
}

Result<tenancy::RetentionSettings> Credentials::LoadRetention(TenantId tenant, pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database_.Begin(tenant, deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kReadRetention, {tx.tenant()}));
  if (rows.empty()) return tenancy::RetentionSettings{};
  return tenancy::RetentionSettings{.raw = DaysOf(rows.front().Get<std::optional<double>>("raw_days")),
                                    .rollups = DaysOf(rows.front().Get<std::optional<double>>("rollup_days"))};
}

Result<void> Credentials::Touch(const pg::Statement& statement, const tenancy::Principal& principal, TimestampMs now,
                                pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database_.Begin(principal.tenant, deadline));
  HELIOS_CHECK(tx.Execute(statement, {tx.tenant(), principal.credential_id, now}));
  return tx.Commit();
}

Result<tenancy::Principal> Credentials::LoadSession(const std::string& hash, pg::Deadline deadline) {
  HELIOS_TRY(auto lookup, database_.BeginWithoutTenant(deadline));
  HELIOS_TRY(const auto rows, lookup.Execute(sql::kFindSession, {hash}));
  HELIOS_CHECK(lookup.Commit());
  const auto signed_out = [] {
    return Fail(ErrorCode::kUnauthenticated, "identity.signed_out",
                "cannot go on: the session has ended; sign in again");
  };
  if (rows.empty()) return signed_out();
  const auto row = rows.front();
  const TimestampMs now = clock_.Now();
  const auto last_seen = row.Get<TimestampMs>("last_seen_at");
  const auto expires = row.Get<TimestampMs>("expires_at");
  if (expires <= now || now - last_seen > kSessionIdle) return signed_out();

  HELIOS_TRY(tenancy::Principal principal, PrincipalOf(row));
  principal.kind = tenancy::Principal::Kind::kSession;
  principal.credential_id = row.Get<Uuid>("session_id");
  principal.user = row.Get<UserId>("user_id");
  principal.user_email = row.Get<std::string>("email");
  principal.user_name = row.Get<std::optional<std::string>>("name").value_or("");
  principal.role = tenancy::ParseRole(row.Get<std::string>("role")).value_or(tenancy::Role::kViewer);
  principal.permissions = tenancy::PermissionsOf(principal.role);
  principal.expires_at = expires;
  if (now - last_seen > kTouchEvery) HELIOS_CHECK(Touch(sql::kTouchSession, principal, now, deadline));
  return principal;
}

std::uint64_t Credentials::Forgets() const {
  const std::scoped_lock lock(mutex_);
  return forgets_;
}

void Credentials::Forget(TenantId tenant) {
  const std::scoped_lock lock(mutex_);
  ++forgets_;
  std::erase_if(entries_, [tenant](const auto& entry) { return entry.second.principal->tenant == tenant; });
}

}  // namespace helios::identity
