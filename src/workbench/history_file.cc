// SPDX-License-Identifier: Apache-2.0
#include "workbench/history_file.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/file.h"
#include "http/json.h"
#include "wire/history_json.h"
#include "workbench/csv_series.h"

namespace helios::workbench {
namespace {

/// A file on one's own disk is not bounded as a request is.
constexpr std::size_t kMostSamples = 10'000'000;

}  // namespace

Result<std::vector<ml::Sample>> ParseJsonHistory(std::string_view text, std::string_view name) {
  const auto parsed = http::ParseJson(text);
  if (!parsed) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_history", "cannot read {}: {}", name,
                parsed.error().message);
  }
  const auto* object = parsed->if_object();
  const auto* history = object == nullptr ? &*parsed : object->if_contains("history");
  const auto* list = history == nullptr ? nullptr : history->if_array();
  if (list == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_history",
                "cannot read {}: it holds no history; want [{{\"timestamp\", \"value\"}}, …] or {{\"history\": […]}}",
                name);
  }
  auto samples = wire::ReadHistory(*list, kMostSamples);
  if (samples) return samples;
  return Fail(ErrorCode::kInvalidArgument, "workbench.bad_history", "cannot read {}: {}", name,
              samples.error().message);
}

Result<std::vector<ml::Sample>> ReadHistory(const std::filesystem::path& path) {
  HELIOS_TRY(const std::string text, ReadFile(path));
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (text[first] == '[' || text[first] == '{');
  return json ? ParseJsonHistory(text, path.string()) : ParseCsvSeries(text, path.string());
}

}  // namespace helios::workbench
