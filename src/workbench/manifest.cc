// SPDX-License-Identifier: Apache-2.0
#include "workbench/manifest.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "base/file.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;

constexpr std::int64_t kLongestStepSeconds = 86'400;

/// What is wrong with `value` as an entry of a manifest, or the entry.
std::expected<ManifestEntry, std::string_view> ReadEntry(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return std::unexpected("is no object");
  ManifestEntry entry;

  const auto* path = object->if_contains("path");
  if (path == nullptr || !path->is_string() || path->get_string().empty()) {
    return std::unexpected("has no path; want \"path\": a string");
  }
  entry.path = std::string_view(path->get_string());

  const auto* step = object->if_contains("step_s");
  if (step == nullptr || !step->is_int64() || step->get_int64() < 1 || step->get_int64() > kLongestStepSeconds) {
    return std::unexpected("has no step; want \"step_s\": whole seconds, 1 to 86400");
  }
  entry.step = std::chrono::seconds{step->get_int64()};

  if (const auto* aggregation = object->if_contains("agg")) {
    if (*aggregation == "sum") {
      entry.aggregation = Aggregation::kSum;
    } else if (*aggregation != "mean") {
      return std::unexpected("has an unknown way to aggregate; want \"agg\": \"mean\" or \"sum\"");
    }
  }

  if (const auto* tasks = object->if_contains("tasks")) {
    const auto* list = tasks->if_array();
    if (list == nullptr) return std::unexpected("has tasks that are no list");
    for (const auto& task : *list) {
      if (!task.is_string()) return std::unexpected("has a task that is no string");
      entry.tasks.emplace_back(std::string_view(task.get_string()));
    }
  }
  return entry;
}

}  // namespace

bool ManifestEntry::Has(std::string_view task) const {
  return std::ranges::find(tasks, task) != tasks.end();
}

std::string_view ManifestEntry::family() const {
  return std::string_view(path).substr(0, path.find('/'));
}

Result<std::vector<ManifestEntry>> ParseManifest(std::string_view text, std::string_view name) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_array()) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_manifest",
                "cannot read {}: {}; want a JSON array of objects", name, error ? error.message() : "it is no array");
  }
  std::vector<ManifestEntry> entries;
  for (const auto& value : parsed.get_array()) {
    auto entry = ReadEntry(value);
    if (!entry) {
      return Fail(ErrorCode::kInvalidArgument, "workbench.bad_manifest", "cannot read {}: entry {} {}", name,
                  entries.size() + 1, entry.error());
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

Result<std::vector<ManifestEntry>> ReadManifest(const std::filesystem::path& directory) {
  const auto path = directory / "manifest.json";
  HELIOS_TRY(const std::string text, ReadFile(path));
  return ParseManifest(text, path.string());
}

}  // namespace helios::workbench
