// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/backup.h"

#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <optional>
#include <system_error>

#include "base/file.h"
#include "base/hex.h"
#include "crypto/digest.h"
#include "crypto/sealed_file.h"
#include "http/client.h"
#include "http/json.h"
#include "pg/privileges.h"
#include "wiring/backup_files.h"
#include "wiring/backup_manifest.h"
#include "wiring/names.h"

namespace helios::wiring {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAddressFile = "operator.address";
constexpr const char* kRequestKey = "operator.request";
constexpr std::string_view kSignatureHeader = "X-Helios-Signature";
constexpr std::chrono::minutes kSignatureLife{5};
constexpr std::chrono::hours kLongestBackup{12};

std::string SignRequest(const secrets::KeyProvider& keys, std::string_view body) {
  return ToHex(crypto::HmacSha256(keys.Derive(kRequestKey), fmt::format("POST /backup\n{}", body)));
}

/// Removes a file when it goes.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {}
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Result<http::Response> Answer(const http::Request& request, const secrets::KeyProvider& keys, const Clock& clock,
                              const BackupWriter& write) {
  const auto refuse = [](std::string_view cause) {
    return Fail(ErrorCode::kUnauthenticated, "backup.bad_signature", "cannot back up: {}; run helios backup", cause);
  };
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  const fs::path directory = reader.String("directory", 4096);
  const TimestampMs issued = reader.Time("issued_at");
  HELIOS_CHECK(reader.Finish());
  const auto signature = request.headers.Find(kSignatureHeader);
  if (!signature || !crypto::EqualInConstantTime(*signature, SignRequest(keys, request.body))) {
    return refuse("the request is not signed with this platform's master key");
  }
  const auto age = clock.Now() - issued;
  if (age > kSignatureLife || age < -kSignatureLife) return refuse("the request is not of now");
  if (!directory.is_absolute()) {
    return Fail(ErrorCode::kInvalidArgument, "backup.bad_directory",
                "cannot back up to {}: want the absolute path of a directory", directory.string());
  }
  HELIOS_TRY(const BackupReport report, write(directory));
  return http::Json(
      200,
      boost::json::object{
          {"files", report.files}, {"bytes", report.bytes}, {"series", report.series}, {"database", report.database}});
}

/// What the process that runs on the data directory answered; nothing where none can be reached.
Result<std::optional<BackupReport>> AskServer(const fs::path& data_dir, const secrets::KeyProvider& keys,
                                              const fs::path& directory) {
  auto address = ReadFile(data_dir / kAddressFile, 4096);
  if (!address) return std::nullopt;
  while (address->ends_with('\n')) address->pop_back();
  http::ClientConfig patient;
  patient.request_timeout = kLongestBackup;
  HELIOS_TRY(const auto client, http::Client::Create(*address, patient));
  const std::string body = boost::json::serialize(
      boost::json::object{{"directory", directory.string()}, {"issued_at", FormatRfc3339(SystemClock().Now())}});
  http::Headers headers;
  headers.Add("Content-Type", "application/json");
  headers.Add(std::string(kSignatureHeader), SignRequest(keys, body));
  const auto answer = client->Send(http::Method::kPost, "/backup", headers, body);
  if (!answer && answer.error().reason == "http.cannot_connect") return std::nullopt;  // what a crash left
  if (!answer) return std::unexpected(answer.error());
  HELIOS_TRY(const auto json, http::ParseJson(answer->body));
  const auto* object = json.if_object();
  const auto field = [&](std::string_view name) -> const boost::json::value* {
    return object == nullptr ? nullptr : object->if_contains(name);
  };
  if (answer->status != 200) {
    const auto* detail = field("detail");
    return Fail(ErrorCode::kUnavailable, "backup.refused", "the running helios answers {}: {}", answer->status,
                detail != nullptr && detail->is_string() ? std::string_view(detail->get_string()) : answer->body);
  }
  const auto number = [&](std::string_view name) -> std::uint64_t {
    const auto* value = field(name);
    return value == nullptr || !value->is_int64() ? 0 : static_cast<std::uint64_t>(value->get_int64());
  };
  const auto* database = field("database");
  return BackupReport{.files = number("files"),
                      .bytes = number("bytes"),
                      .series = number("series"),
                      .database = database != nullptr && database->is_bool() && database->get_bool()};
}

}  // namespace

Result<BackupReport> WriteBackup(const BackupSources& sources, const fs::path& directory, TimestampMs now,
                                 Random& random) {
  std::error_code error;
  if (fs::exists(directory, error) && (!fs::is_directory(directory, error) || !fs::is_empty(directory, error))) {
    return Fail(ErrorCode::kFailedPrecondition, "tsdb.backup_exists",
                "cannot back up to {}: there is something in it; want a new or an empty directory", directory.string());
  }
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot make {}: {}", directory.string(), error.message());
  }
  BackupManifest manifest{
      .created_at = now, .store = sources.store.id().ToString(), .series = 0, .database = false, .files = {}};
  HELIOS_CHECK(BackUpStates(sources.data_dir, directory, sources.keys, random));
  HELIOS_TRY(const tsdb::BackupSummary samples, sources.store.BackUp(directory / kBackupSamples));
  manifest.series = samples.series;
  if (sources.cluster != nullptr) {
    const Temporary dump(sources.data_dir / fmt::format("backup-{}.dump", Uuid::V7(now, random).ToString()));
    HELIOS_CHECK(sources.cluster->Dump(dump.path()));
    HELIOS_CHECK(
        crypto::SealFile(dump.path(), directory / kBackupDatabase, sources.keys.Derive(kBackupDatabaseKey), random));
    manifest.database = true;
  }
  HELIOS_CHECK(BackUpObjects(sources.data_dir, directory));
  HELIOS_TRY(manifest.files, ListBackupFiles(directory));
  HELIOS_CHECK(WriteManifest(directory, manifest, sources.keys));
  BackupReport report{
      .files = manifest.files.size(), .bytes = 0, .series = manifest.series, .database = manifest.database};
  for (const BackupManifest::File& file : manifest.files) report.bytes += file.bytes;
  return report;
}

tenancy::Route BackupRoute(const secrets::KeyProvider& keys, const Clock& clock, BackupWriter write) {
  return {.method = http::Method::kPost,
          .pattern = "/backup",
          .operation = "operatorBackup",
          .max_body_bytes = 64U << 10U,
          .handler = tenancy::BlockingHandler(
              [&keys, &clock, write = std::move(write)](const http::Request& request, const tenancy::RequestContext&) {
                return Answer(request, keys, clock, write);
              })};
}

Result<void> AnnounceOperator(const fs::path& data_dir, const http::Endpoint& endpoint) {
  const bool any = endpoint.host.empty() || endpoint.host == "0.0.0.0";
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  const std::string host = any                     ? "127.0.0.1"
                           : endpoint.host == "::" ? "[::1]"
                           : v6                    ? fmt::format("[{}]", endpoint.host)
                                                   : endpoint.host;
  return WriteFileAtomically(data_dir / kAddressFile, fmt::format("http://{}:{}\n", host, endpoint.port), 0600);
}

void WithdrawOperator(const fs::path& data_dir) {
  std::error_code ignored;
  fs::remove(data_dir / kAddressFile, ignored);
}

Result<BackupReport> BackUp(const ServeConfig& config, const fs::path& directory) {
  const fs::path& data = config.data_dir;
  std::error_code error;
  const bool has_key = std::getenv("HELIOS_MASTER_KEY") != nullptr || fs::exists(data / kMasterKeyFile, error);
  if (!has_key || !fs::exists(data / kSamplesFolder, error)) {
    return Fail(ErrorCode::kFailedPrecondition, "backup.no_data",
                "cannot back up {}: it is not the data directory of a platform; name it with --data-dir",
                data.string());
  }
  const fs::path target = fs::absolute(directory).lexically_normal();
  SystemRandom random;
  const SystemClock clock;
  {
    HELIOS_TRY(const auto keys, secrets::OpenLocalKeys(data / kMasterKeyFile, random));
    HELIOS_TRY(const auto answered, AskServer(data, *keys, target));
    if (answered) return *answered;
  }
  HELIOS_CHECK(pg::DropPrivileges(data));
  HELIOS_TRY(const auto keys, secrets::OpenLocalKeys(data / kMasterKeyFile, random));
  std::unique_ptr<pg::PrivateCluster> cluster;
  if (config.database_url.empty()) {
    HELIOS_TRY(cluster, pg::PrivateCluster::Start({.data_directory = data / "postgres", .bin_directory = {}}));
  }
  obs::Metrics metrics;
  HELIOS_TRY(
      const auto store,
      tsdb::OpenEmbeddedStore({.directory = data / kSamplesFolder, .key = keys->Derive(kSamplesKey)}, clock, metrics));
  return WriteBackup({.store = *store, .cluster = cluster.get(), .keys = *keys, .data_dir = data}, target, clock.Now(),
                     random);
}

}  // namespace helios::wiring
