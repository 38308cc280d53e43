// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "secrets/vault.h"

#include <algorithm>

#include "base/base64.h"
#include "crypto/aead.h"
#include "secrets/sql.h"

namespace helios::secrets {
namespace {

constexpr std::size_t kIdLength = 36;

/// What a seal is bound to: organization, table, column, row.
std::string BoundTo(TenantId tenant, const Place& place) {
  return fmt::format("{}|{}|{}|{}", tenant, place.table, place.column, place.row);
}

std::string BoundTo(TenantId tenant, const Uuid& data_key) {
  return BoundTo(tenant, {.table = "data_keys", .column = "sealed", .row = data_key});
}

std::unexpected<Error> BadSeal(std::string_view what) {
  return Fail(ErrorCode::kDataCorruption, "secrets.bad_seal",
              "cannot open {}: it is damaged, or of another key or place", what);
}

}  // namespace

std::string Vault::SealKey(TenantId tenant, const Uuid& id, const Key& key) const {
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
  return ToBase64(crypto::Seal(masters_.rbegin()->second, BoundTo(tenant, id), bytes, random_));
}

Result<Vault::DataKey> Vault::Unseal(pg::TenantTransaction& tx, const pg::Rows::Row& row) const {
  DataKey data;
  data.id = row.Get<Uuid>("id");
  data.master_version = static_cast<int>(row.Get<std::int64_t>("master_version"));
  const auto master = masters_.find(data.master_version);
  if (master == masters_.end()) {
    return Fail(ErrorCode::kDataCorruption, "secrets.bad_seal",
                "cannot open the data key {}: version {} of the master key is not at hand", data.id,
                data.master_version);
  }
  const auto sealed = FromBase64(row.Get<std::string>("sealed"));
  const auto key = sealed ? crypto::Open(master->second, BoundTo(tx.tenant(), data.id), *sealed) : std::nullopt;
  if (!key || key->size() != data.key.size()) return BadSeal(fmt::format("the data key {}", data.id));
  std::copy(key->begin(), key->end(), data.key.begin());
  return data;
}

Result<Vault::DataKey> Vault::DataKeyToSeal(pg::TenantTransaction& tx) {
  const int newest = masters_.rbegin()->first;
  HELIOS_TRY(auto rows, tx.Execute(sql::kNewestDataKey, {tx.tenant()}));
  if (rows.empty()) {
    DataKey made;
    random_.Fill(made.key);
    random_.Fill(made.id.bytes);
    HELIOS_CHECK(
        tx.Execute(sql::kInsertDataKey, {tx.tenant(), made.id, newest, SealKey(tx.tenant(), made.id, made.key)}));
    // Another transaction may have made one too: both are good, and each sealed text names its own.
    made.master_version = newest;
    return made;
  }
  HELIOS_TRY(DataKey data, Unseal(tx, rows.front()));
  if (data.master_version != newest) {
    HELIOS_CHECK(
        tx.Execute(sql::kResealDataKey, {tx.tenant(), data.id, newest, SealKey(tx.tenant(), data.id, data.key)}));
    data.master_version = newest;
  }
  return data;
}

Result<std::string> Vault::Seal(pg::TenantTransaction& tx, const Place& place, std::string_view secret) {
  HELIOS_TRY(const DataKey data, DataKeyToSeal(tx));
  return data.id.ToString() + ":" + ToBase64(crypto::Seal(data.key, BoundTo(tx.tenant(), place), secret, random_));
}

Result<std::string> Vault::Open(pg::TenantTransaction& tx, const Place& place, std::string_view sealed) const {
  const std::string what = fmt::format("{}.{} of {}", place.table, place.column, place.row);
  const auto id = Uuid::Parse(sealed.substr(0, kIdLength));
  if (!id || sealed.size() < kIdLength + 1) return BadSeal(what);
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindDataKey, {tx.tenant(), *id}));
  if (rows.empty()) return BadSeal(what);
  HELIOS_TRY(const DataKey data, Unseal(tx, rows.front()));
  const auto bytes = FromBase64(sealed.substr(kIdLength + 1));
  auto secret = bytes ? crypto::Open(data.key, BoundTo(tx.tenant(), place), *bytes) : std::nullopt;
  if (!secret) return BadSeal(what);
  return *std::move(secret);
}

}  // namespace helios::secrets
