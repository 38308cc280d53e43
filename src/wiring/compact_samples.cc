// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/compact_samples.h"

#include <system_error>

#include "base/random.h"
#include "obs/metrics.h"
#include "pg/privileges.h"
#include "secrets/key_provider.h"
#include "tsdb/embedded_store.h"
#include "wiring/names.h"

namespace helios::wiring {
namespace {

/// Of its chunks: the journal's files have one size whatever is in them.
std::uint64_t BytesOf(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const char* part : {"chunks", "tenants"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory / part, error)) {
      if (entry.is_regular_file(error)) bytes += entry.file_size(error);
    }
  }
  return bytes;
}

}  // namespace

Result<CompactOutcome> CompactSamples(const std::filesystem::path& data_dir) {
  if (!std::filesystem::exists(data_dir / kSamplesFolder)) {
    return Fail(ErrorCode::kNotFound, "tsdb.no_store", "cannot compact {}: there is no sample store in it",
                data_dir.string());
  }
  HELIOS_CHECK(pg::DropPrivileges(data_dir));
  SystemRandom random;
  const SystemClock clock;
  obs::Metrics metrics;
  HELIOS_TRY(const auto keys, secrets::OpenLocalKeys(data_dir / kMasterKeyFile, random));
  const std::filesystem::path directory = data_dir / kSamplesFolder;
  CompactOutcome outcome{.bytes_before = BytesOf(directory)};
  {
    HELIOS_TRY(const auto store,
               tsdb::OpenEmbeddedStore({.directory = directory, .key = keys->Derive(kSamplesKey)}, clock, metrics));
    HELIOS_CHECK(store->Flush());
    HELIOS_CHECK(store->KeepDays());
  }
  outcome.bytes_after = BytesOf(directory);
  return outcome;
}

}  // namespace helios::wiring
