// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Any entries in a database's catalogue: they load, or are said to be damaged, or of another format. What loads is
// written as the same entries again.
//
// An entry of the input: which of the known keys it begins with, the length of what follows it, that, and the same of
// the value.
#include "tsdb/internal/catalogue.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "tsdb/internal/name_print.h"
#include "tsdb/internal/tenants.h"
#include "tsdb/testing/counting_random.h"
#include "tsdb/testing/scratch_directory.h"

namespace {

using namespace helios::tsdb;  // NOLINT(google-build-using-namespace): one file, no header

using Entries = std::map<std::string, std::string>;

constexpr std::string_view kKeys[] = {"tenant:", "usage:", "format", "store", "flushed", "generation", ""};

void Require(bool holds) {
  if (!holds) std::abort();
}

/// What stands before the entries is left in the database, so that it is opened once.
class Database {
 public:
  Database() : db_(std::move(ChunkDb::Open(directory_.path(), {rocksdb::Env::Default(), nullptr, nullptr}).value())) {}

  [[nodiscard]] ChunkDb& db() { return *db_; }
  /// Not durable, which nobody here asks for.
  void Put(const Entries& entries) {
    for (const auto& [key, value] : entries) Require(db_->db().Put(Quick(), Meta(), key, value).ok());
  }
  void Delete(const Entries& entries) {
    for (const auto& [key, value] : entries) Require(db_->db().Delete(Quick(), Meta(), key).ok());
  }

 private:
  static rocksdb::WriteOptions Quick() {
    rocksdb::WriteOptions options;
    options.disableWAL = true;
    return options;
  }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* Meta() const { return db_->family(Family::kMeta); }

  const ScratchDirectory directory_{"/dev/shm"};
  std::unique_ptr<ChunkDb> db_;
};

Entries ReadEntries(std::string_view input) {
  Entries entries;
  const auto take = [&](std::size_t size) {
    const std::string_view taken = input.substr(0, size);
    input.remove_prefix(taken.size());
    return taken;
  };
  while (input.size() >= 3 && entries.size() < 32) {
    const auto key = static_cast<std::uint8_t>(take(1).front());
    const auto behind = static_cast<std::uint8_t>(take(1).front());
    std::string name(kKeys[key % std::size(kKeys)]);
    name += take(behind % 32U);
    if (input.empty()) break;
    const auto length = static_cast<std::uint8_t>(take(1).front());
    entries[name] = take(length % 64U);
  }
  return entries;
}

void RequireKnown(const helios::Error& error) {
  Require(error.reason == "tsdb.corrupt" || error.reason == "tsdb.cannot_open");
}

/// Loads the usage there is, and counts.
void CheckUsage(ChunkDb& db, const Entries& entries) {
  const auto usage = LoadUsage(db);
  if (!usage) return RequireKnown(usage.error());
  std::size_t loaded = 0;
  for (const auto& [segment, counts] : *usage) loaded += counts.size();
  std::size_t put = 0;
  for (const auto& [key, value] : entries) put += key.starts_with("usage:") ? 1 : 0;
  Require(loaded == put);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Database database;
  static CountingRandom random;
  static const NamePrinter printer(random);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto state = DecodeState(input)) Require(EncodeState(*state) == input);
  const Entries entries = ReadEntries(input);
  database.Put(entries);
  if (entries.contains("format")) {
    if (const auto marks = LoadMarks(database.db(), random, helios::TimestampMs{}); !marks) RequireKnown(marks.error());
  }
  Tenants tenants(printer);
  if (const auto loaded = LoadTenants(database.db(), tenants)) {
    for (const Tenant* tenant : tenants.All()) Require(tenants.Find(tenant->number) == tenant);
  } else {
    RequireKnown(loaded.error());
  }
  CheckUsage(database.db(), entries);
  database.Delete(entries);
  return 0;
}
