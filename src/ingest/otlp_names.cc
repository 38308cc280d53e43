// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/otlp_names.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace helios::ingest {
namespace {

using Words = std::vector<std::string>;
using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 27> kUnits = {{{"d", "days"},          {"h", "hours"},
                                          {"min", "minutes"},     {"s", "seconds"},
                                          {"ms", "milliseconds"}, {"us", "microseconds"},
                                          {"ns", "nanoseconds"},  {"By", "bytes"},
                                          {"KiBy", "kibibytes"},  {"MiBy", "mebibytes"},
                                          {"GiBy", "gibibytes"},  {"TiBy", "tibibytes"},
                                          {"KBy", "kilobytes"},   {"kBy", "kilobytes"},
                                          {"MBy", "megabytes"},   {"GBy", "gigabytes"},
                                          {"TBy", "terabytes"},   {"m", "meters"},
                                          {"V", "volts"},         {"A", "amperes"},
                                          {"J", "joules"},        {"W", "watts"},
                                          {"g", "grams"},         {"Cel", "celsius"},
                                          {"Hz", "hertz"},        {"1", ""},
                                          {"%", "percent"}}};
constexpr std::array<Pair, 7> kPerUnits = {
    {{"s", "second"}, {"m", "minute"}, {"h", "hour"}, {"d", "day"}, {"w", "week"}, {"mo", "month"}, {"y", "year"}}};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsWordCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || byte >= 0x80;
}

Words SplitIntoWords(std::string_view text) {
  Words words;
  bool within = false;
  for (const char c : text) {
    const bool belongs = IsWordCharacter(c) || c == ':';
    if (belongs && !within) words.emplace_back();
    if (belongs) words.back() += c;
    within = belongs;
  }
  return words;
}

template <std::size_t kSize>
std::string_view Translate(std::string_view unit, const std::array<Pair, kSize>& table) {
  const auto found = std::ranges::find(table, unit, &Pair::first);
  return found == table.end() ? unit : found->second;
}

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// A part of a unit as one word: none for an annotation such as "{requests}".
std::string UnitWord(std::string_view translated) {
  if (translated.find_first_of("{}") != std::string_view::npos) return {};
  std::string word;
  for (const std::string& part : SplitIntoWords(translated)) word += (word.empty() ? "" : "_") + part;
  return word;
}

void AddUnit(std::string_view unit, Words& words) {
  const std::size_t slash = unit.find('/');
  const std::string main = UnitWord(Translate(Trim(unit.substr(0, slash)), kUnits));
  if (!main.empty() && std::ranges::find(words, main) == words.end()) words.push_back(main);
  if (slash == std::string_view::npos) return;
  const std::string per = UnitWord(Translate(Trim(unit.substr(slash + 1)), kPerUnits));
  if (!per.empty()) words.push_back("per_" + per);
}

void MoveToEnd(std::string_view word, Words& words) {
  std::erase(words, word);
  words.emplace_back(word);
}

}  // namespace

std::string OtlpMetricName(const OtlpMetric& metric) {
  Words words = SplitIntoWords(metric.name);
  if (words.empty()) return {};
  AddUnit(metric.unit, words);
  if (metric.kind == OtlpKind::kSum && metric.monotonic) MoveToEnd("total", words);
  if (metric.kind == OtlpKind::kGauge && metric.unit == "1") MoveToEnd("ratio", words);
  std::string name = IsDigit(words.front().front()) ? "_" : "";
  for (const std::string& word : words) {
    if (&word != &words.front()) name += '_';
    name += word;
  }
  return name;
}

std::string OtlpLabelName(std::string_view key) {
  std::string name;
  if (!key.empty() && IsDigit(key.front())) name = "key_";
  for (const char c : key) name += IsWordCharacter(c) ? c : '_';
  return name;
}

bool IsPromoted(std::string_view key) {
  static constexpr std::array<std::string_view, 17> kPromoted = {"cloud.availability_zone",
                                                                 "cloud.region",
                                                                 "container.name",
                                                                 "deployment.environment",
                                                                 "deployment.environment.name",
                                                                 "host.name",
                                                                 "k8s.cluster.name",
                                                                 "k8s.container.name",
                                                                 "k8s.cronjob.name",
                                                                 "k8s.daemonset.name",
                                                                 "k8s.deployment.name",
                                                                 "k8s.job.name",
                                                                 "k8s.namespace.name",
                                                                 "k8s.node.name",
                                                                 "k8s.pod.name",
                                                                 "k8s.replicaset.name",
                                                                 "k8s.statefulset.name"};
  return std::ranges::find(kPromoted, key) != kPromoted.end();
}

bool IsIdentifying(std::string_view key) {
  return key == "service.name" || key == "service.namespace" || key == "service.instance.id";
}

}  // namespace helios::ingest
