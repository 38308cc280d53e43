// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace helios::tenancy {

/// What a caller may do. One per kind of act, not per route.
enum class Permission : std::uint8_t {
  kDataRead,            ///< see series, samples, forecasts, anomalies; query, predict, detect, recommend
  kDataWrite,           ///< send samples
  kDataImport,          ///< send history: samples in any order and of any age within retention
  kTrain,               ///< start a training
  kAnomaliesWrite,      ///< acknowledge, resolve, mark false
  kAlertingWrite,       ///< rules and channels
  kScalingWrite,        ///< scaling targets
  kDashboardsWrite,     ///< compose dashboards
  kUsersManage,         ///< add, change and remove members
  kKeysManage,          ///< create and revoke API keys
  kOrganizationManage,  ///< name and settings of the organization
  kOrganizationDelete,  ///< delete the organization
  kAuditRead,           ///< see who did what
  kCount
};

/// "data.read", "keys.manage", …: names in messages.
[[nodiscard]] std::string_view PermissionName(Permission permission);

class PermissionSet {
 public:
  PermissionSet() = default;
  PermissionSet(std::initializer_list<Permission> permissions) {
    for (const Permission permission : permissions) bits_.set(static_cast<std::size_t>(permission));
  }
  [[nodiscard]] bool Has(Permission permission) const { return bits_.test(static_cast<std::size_t>(permission)); }
  void Add(const PermissionSet& other) { bits_ |= other.bits_; }
  [[nodiscard]] bool Contains(const PermissionSet& other) const { return (bits_ & other.bits_) == other.bits_; }

 private:
  std::bitset<static_cast<std::size_t>(Permission::kCount)> bits_;
};

/// A member's role within an organization; each may what the ones before it may.
enum class Role : std::uint8_t { kViewer, kMember, kAdmin, kOwner };

[[nodiscard]] std::string_view RoleName(Role role);
[[nodiscard]] std::optional<Role> ParseRole(std::string_view name);
[[nodiscard]] PermissionSet PermissionsOf(Role role);

/// What an API key's scope allows; nullopt for a scope that does not exist. The scopes are read, write, admin.
[[nodiscard]] std::optional<PermissionSet> PermissionsOfScope(std::string_view scope);

/// The scope that would allow `permission` to a key, or "" where none does.
[[nodiscard]] std::string_view ScopeFor(Permission permission);

}  // namespace helios::tenancy
