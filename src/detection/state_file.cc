// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/state_file.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <cstring>
#include <limits>
#include <vector>

#include "base/file.h"
#include "base/hex.h"
#include "crypto/digest.h"
#include "detection/state_json.h"
#include "http/json.h"

namespace helios::detection {
namespace {

namespace json = boost::json;

constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kReports = "anomalies";
constexpr int kVersion = 2;
constexpr std::size_t kRecordBytes = 16 + 8 + ml::DetectorState::kSavedBytes;
constexpr std::size_t kPartBytes = (4U << 20U) / kRecordBytes * kRecordBytes;
constexpr std::size_t kMostPartBytes = 1U << 30U;

std::unexpected<Error> Bad(const std::filesystem::path& path, std::string_view cause) {
  return Fail(ErrorCode::kDataCorruption, "detection.bad_state", "cannot restore the detector's state from {}: {}",
              path.string(), cause);
}

void AppendLittle(std::string& out, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(number >> (8 * i) & 0xffU));
}

std::uint64_t ReadLittle(std::string_view bytes) {
  std::uint64_t number = 0;
  for (int i = 7; i >= 0; --i) number = number << 8U | static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(i)]);
  return number;
}

/// Writes parts one after the other, and lists them.
class Parts {
 public:
  Parts(const std::filesystem::path& folder, std::uint64_t generation) : folder_(folder), generation_(generation) {}

  Result<void> Write(std::string_view kind, std::string_view bytes) {
    std::string name = fmt::format("{}-{}-{}", kind, generation_, listed_.size());
    HELIOS_CHECK(WriteFileAtomically(folder_ / name, bytes));
    listed_.push_back(json::object{{"name", name}, {"kind", kind}, {"sha256", ToHex(crypto::Sha256(bytes))}});
    return {};
  }
  [[nodiscard]] const json::array& listed() const { return listed_; }

 private:
  const std::filesystem::path& folder_;
  const std::uint64_t generation_;
  json::array listed_;
};

Result<void> SaveSeries(WatchTable& table, Parts& parts, const std::function<void()>& between) {
  std::vector<std::pair<TenantId, std::uint64_t>> all;  // the table may grow and shrink between parts
  all.reserve(table.size());
  for (const auto& [id, tenant] : table.tenants()) {
    for (const auto& [series_id, series] : tenant.series) all.emplace_back(id, series_id);
  }
  std::string bytes;
  bytes.reserve(std::min(all.size() * kRecordBytes, kPartBytes));
  for (const auto& [id, series_id] : all) {
    const auto& series = table.Of(id).series;
    const auto found = series.find(series_id);
    if (found == series.end() || found->second.state.samples() == 0) continue;
    bytes.append(reinterpret_cast<const char*>(id.value.bytes.data()), id.value.bytes.size());
    AppendLittle(bytes, series_id);
    const ml::DetectorState::Saved saved = found->second.state.Save();
    bytes.append(reinterpret_cast<const char*>(saved.data()), saved.size());
    if (bytes.size() < kPartBytes) continue;
    HELIOS_CHECK(parts.Write("series", bytes));
    bytes.clear();
    between();
  }
  return bytes.empty() ? Result<void>{} : parts.Write("series", bytes);
}

Result<void> LoadSeries(const std::filesystem::path& path, std::string_view bytes, WatchTable& table) {
  if (bytes.size() % kRecordBytes != 0) return Bad(path, "its length is not that of whole series");
  for (; !bytes.empty(); bytes.remove_prefix(kRecordBytes)) {
    TenantId tenant;
    std::memcpy(tenant.value.bytes.data(), bytes.data(), tenant.value.bytes.size());
    const std::string_view saved = bytes.substr(24, ml::DetectorState::kSavedBytes);
    HELIOS_TRY(const auto state, ml::DetectorState::Restore(std::as_bytes(std::span(saved))));
    SeriesWatch* const series = table.Find(table.Of(tenant), {ReadLittle(bytes.substr(16, 8))});
    if (series == nullptr) return {};  // the limit is lower than it was: the rest learns anew once there is room
    series->state = state;
  }
  return {};
}

/// Parts of other generations, and what a crash left.
void RemoveOthers(const std::filesystem::path& folder, const json::array& listed) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    bool keep = name == kManifest;
    for (const json::value& part : listed) keep = keep || part.at("name").as_string() == name;
    if (!keep) std::filesystem::remove(entry.path(), ignored);
  }
}

}  // namespace

Result<void> SaveState(const std::filesystem::path& folder, const Uuid& store, std::uint64_t generation,
                       WatchTable& table, const ReportOutbox& outbox, const std::function<void()>& between) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot write {}: {}", folder.string(), error.message());
  }
  Parts parts(folder, generation);
  HELIOS_CHECK(SaveSeries(table, parts, between));
  json::array open;
  json::array clocks;
  for (const auto& [id, tenant] : table.tenants()) {
    clocks.push_back(ClockToJson(id, tenant.clock));
    for (const auto& [series_id, series] : tenant.series) {
      if (series.open) open.push_back(OpenToJson(id, {series_id}, *series.open));
    }
  }
  json::array waiting;
  for (const AnomalyReport& report : outbox.All()) waiting.push_back(ReportToJson(report));
  HELIOS_CHECK(parts.Write(
      kReports, json::serialize(json::object{
                    {"open", std::move(open)}, {"waiting", std::move(waiting)}, {"clocks", std::move(clocks)}})));
  const json::object manifest{
      {"version", kVersion}, {"store", store.ToString()}, {"generation", generation}, {"parts", parts.listed()}};
  HELIOS_CHECK(WriteFileAtomically(folder / kManifest, json::serialize(manifest)));
  RemoveOthers(folder, parts.listed());
  return {};
}

Result<std::vector<std::string>> ListStateFiles(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kManifest;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::vector<std::string>{};
  HELIOS_TRY(const std::string text, ReadFile(path));
  const auto parsed = http::ParseJson(text);
  const auto* parts = parsed && parsed->is_object() ? parsed->as_object().if_contains("parts") : nullptr;
  if (parts == nullptr || !parts->is_array()) return Bad(path, "it lists no parts");
  std::vector<std::string> names;
  for (const json::value& part : parts->as_array()) {
    const auto* name = part.is_object() ? part.as_object().if_contains("name") : nullptr;
    if (name == nullptr || !name->is_string()) return Bad(path, "a part has no name");
    names.emplace_back(name->as_string());
    if (names.back().find('/') != std::string::npos) return Bad(path, "a part is not described");
  }
  names.emplace_back(kManifest);
  return names;
}

Result<std::uint64_t> LoadState(const std::filesystem::path& folder, const Uuid& store, StreamDetector& detector,
                                ReportOutbox& outbox) {
  const std::filesystem::path path = folder / kManifest;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return 0;
  HELIOS_TRY(const std::string text, ReadFile(path));
  const auto parsed = http::ParseJson(text);
  if (!parsed || !parsed->is_object()) return Bad(path, "it is no JSON object");
  http::ObjectReader reader(parsed->as_object());
  const auto version = reader.OptionalInteger("version", 0, 1'000'000);
  const std::string of = reader.String("store");
  const auto generation = reader.OptionalInteger("generation", 1, std::numeric_limits<std::int64_t>::max());
  const json::array& parts = reader.Array("parts");
  if (auto read = reader.Finish(); !read || version != kVersion || !generation) {
    return Bad(path, read ? "its version is another" : read.error().message);
  }
  if (of != store.ToString()) {
    return Fail(ErrorCode::kFailedPrecondition, "detection.foreign_state",
                "cannot restore the detector's state: it belongs to store {}; want {}", of, store);
  }
  std::vector<std::string> reports;
  for (const json::value& part : parts) {
    if (!part.is_object()) return Bad(path, "a part is no object");
    http::ObjectReader fields(part.as_object());
    const std::string name = fields.String("name");
    const std::string kind = fields.String("kind");
    const std::string sum = fields.String("sha256");
    if (!fields.Finish() || name.find('/') != std::string::npos) return Bad(path, "a part is not described");
    HELIOS_TRY(std::string bytes, ReadFile(folder / name, kMostPartBytes));
    if (ToHex(crypto::Sha256(bytes)) != sum) return Bad(folder / name, "its checksum is another");
    if (kind == kReports) {
      reports.push_back(std::move(bytes));
    } else {
      HELIOS_CHECK(LoadSeries(folder / name, bytes, detector.table()));
    }
  }
  for (const std::string& bytes : reports) HELIOS_CHECK(RestoreFromJson(bytes, detector, outbox));
  return static_cast<std::uint64_t>(*generation);
}

}  // namespace helios::detection
