// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>

#include "base/random.h"
#include "base/time.h"
#include "notify/webhook_sender.h"
#include "pg/database.h"
#include "secrets/vault.h"
#include "tenancy/audit.h"

namespace helios::notify {

/// Does the deliveries of a tenant that are due, one attempt at a time. Whoever drives it (a thread, a job) calls
/// CarryAndDeliver() until it gives nothing more to do now; any number may, in any number of processes.
///
/// At least once: an attempt is claimed for a minute, tried, and its outcome written. A process that dies in between
/// leaves the claim to end, and the message goes out again with the same id. Thread-safe.
class Courier {
 public:
  /// All must outlive the courier.
  Courier(pg::Database& database, secrets::Vault& vault, const tenancy::AuditTrail& audit, const WebhookSender& sender,
          const Clock& clock, Random& random)
      : database_(database), vault_(vault), audit_(audit), sender_(sender), clock_(clock), random_(random) {}

  /// Carries the outbox to deliveries and makes one attempt, where one is due: whether there was one.
  [[nodiscard]] Result<bool> CarryAndDeliver(TenantId tenant);

  /// When the tenant has something due next; nullopt for nothing.
  [[nodiscard]] Result<std::optional<TimestampMs>> NextDue(TenantId tenant);

  /// Forgets some of what ended longer ago than the log is kept.
  [[nodiscard]] Result<void> ForgetOld(TenantId tenant);

 private:
  struct Claimed;
  [[nodiscard]] Result<std::optional<Claimed>> Claim(TenantId tenant);
  [[nodiscard]] AttemptOutcome Try(const Claimed& claimed, TimestampMs time) const;
  [[nodiscard]] Result<void> Record(TenantId tenant, const Claimed& claimed, TimestampMs started_at,
                                    const AttemptOutcome& outcome);

  pg::Database& database_;
  secrets::Vault& vault_;
  const tenancy::AuditTrail& audit_;
  const WebhookSender& sender_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace helios::notify
