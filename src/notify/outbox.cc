// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/outbox.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

#include "crypto/digest.h"
#include "notify/sql.h"

namespace helios::notify {
namespace {

constexpr int kMostAtATime = 100;

/// A row's id that is the message's alone.
Uuid RowIdOf(const Message& message) {
  const auto digest = crypto::Sha256("notify.message " + message.id);
  Uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

/// The elements of an array of uuids as PostgreSQL writes it: {a,b}.
std::vector<std::string> Elements(std::string_view text) {
  std::vector<std::string> elements;
  text.remove_prefix(1);
  text.remove_suffix(1);
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    elements.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return elements;
}

}  // namespace

Result<void> PutIntoOutbox(pg::TenantTransaction& tx, const Message& message, TimestampMs now) {
  boost::json::array channels;
  for (const Uuid& channel : message.channels) channels.emplace_back(channel.ToString());
  const boost::json::object payload{
      {"message_id", message.id}, {"type", message.type}, {"body", message.body}, {"channels", std::move(channels)}};
  HELIOS_CHECK(
      tx.Execute(sql::kInsertOutboxRow, {tx.tenant(), RowIdOf(message), boost::json::serialize(payload), now}));
  return {};
}

Result<std::size_t> CarryOutbox(pg::Database& database, TenantId tenant, Random& random, TimestampMs now) {
  HELIOS_TRY(auto tx, database.Begin(tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kTakeOutboxRows, {tenant, kMostAtATime}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    const std::vector<std::string> channels = Elements(row.Get<std::string>("channels"));
    std::vector<std::string> ids;
    for (std::size_t j = 0; j < channels.size(); ++j) ids.push_back(Uuid::V7(now, random).ToString());
    HELIOS_CHECK(tx.Execute(sql::kInsertDeliveries, {tenant, ids, channels, row.Get<std::string>("message_id"),
                                                     row.Get<std::string>("type"), row.Get<std::string>("body"), now}));
    HELIOS_CHECK(tx.Execute(sql::kDeleteOutboxRow, {tenant, row.Get<Uuid>("id")}));
  }
  HELIOS_CHECK(tx.Commit());
  return rows.size();
}

}  // namespace helios::notify
