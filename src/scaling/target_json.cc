// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/target_json.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "http/json.h"

namespace helios::scaling {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> kOutcomes = {"ours", "hpa", "static", "oracle"};
constexpr std::size_t kMostChannels = 20;
constexpr int kSources = static_cast<int>(ml::LoadSource::kPeak) + 1;

template <class T>
json::value OrNull(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  return time ? json::value(FormatRfc3339(*time)) : json::value(nullptr);
}

/// The replay with what its replica-hours cost.
json::value Priced(const Target& target) {
  if (!target.replay) return nullptr;
  json::value replay = json::parse(*target.replay);
  const auto& cost = target.settings.cost_per_replica_hour;
  if (!cost || !replay.is_object()) return replay;
  json::object& object = replay.as_object();
  const auto hours = [&object](std::string_view name) {
    return object.at(name).at("replica_hours").to_number<double>();
  };
  for (const auto name : kOutcomes) {
    const double money = hours(name) * *cost;
    object.at(name).as_object()["cost"] = money;
  }
  object["saved_cost"] = (hours("hpa") - hours("ours")) * *cost;
  return replay;
}

json::object AdviceJson(const TargetAdvice& advice) {
  return {{"time", FormatRfc3339(advice.time)},
          {"replicas", advice.replicas},
          {"needed_replicas", advice.needed},
          {"load", advice.load}};
}

bool IsCurrency(const std::string& text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

void ReadReplicas(http::ObjectReader& reader, std::string_view name, std::int32_t& replicas) {
  if (const auto value = reader.OptionalInteger(name, 0, ml::kMostReplicas)) {
    replicas = static_cast<std::int32_t>(*value);
  }
}

void ReadCost(const json::object& body, http::ObjectReader& reader, TargetSettings& settings) {
  const auto cost = reader.OptionalNumber("cost_per_replica_hour");
  if (cost && !(*cost >= 0 && *cost <= 1e9))
    reader.Reject("cost_per_replica_hour", fmt::format("{}", *cost), "0 to 1e9");
  if (body.contains("cost_per_replica_hour")) settings.cost_per_replica_hour = cost;
  auto currency = reader.OptionalString("currency", 16);
  if (currency && !IsCurrency(*currency)) reader.Reject("currency", *currency, "three capital letters, such as USD");
  if (body.contains("currency")) settings.currency = std::move(currency);
}

void ReadMode(http::ObjectReader& reader, TargetSettings& settings) {
  const auto mode = reader.OptionalString("mode");
  if (!mode) return;
  if (*mode != "shadow" && *mode != "advise") reader.Reject("mode", mode->substr(0, 100), "shadow or advise");
  settings.shadow = *mode == "shadow";
}

void ReadChannels(http::ObjectReader& reader, TargetSettings& settings) {
  if (const auto channels = reader.OptionalStrings("channels", kMostChannels, 36)) {
    settings.channels.clear();
    for (const std::string& text : *channels) {
      const auto id = Uuid::Parse(text);
      if (!id) reader.Reject("channels", text, "ids of notification channels");
      if (id && std::ranges::find(settings.channels, *id) == settings.channels.end()) settings.channels.push_back(*id);
    }
  }
  settings.all_webhooks = reader.OptionalBool("all_webhooks").value_or(settings.all_webhooks);
}

/// Required of a new target, optional in a change.
void Want(http::ObjectReader& reader, const json::object& body, std::string_view name, bool change) {
  const auto* value = body.if_contains(name);
  const bool null = value != nullptr && value->is_null();
  if (null || (value == nullptr && !change)) reader.Reject(name, null ? "null" : "nothing", "a value");
}

}  // namespace

Result<TargetSettings> ReadTargetSettings(const json::object& body, const TargetSettings* change) {
  TargetSettings settings = change != nullptr ? *change : TargetSettings{};
  http::ObjectReader reader(body);
  for (const auto name : {"name", "metric", "per_replica_capacity", "max_replicas"}) {
    Want(reader, body, name, change != nullptr);
  }
  settings.name = reader.OptionalString("name", 255).value_or(settings.name);
  settings.metric = reader.OptionalString("metric", tsdb::kMaxMetricNameBytes).value_or(settings.metric);
  const auto labels = reader.OptionalStringMap("labels", tsdb::kMaxLabels, tsdb::kMaxLabelValueBytes);
  auto& limits = settings.limits;
  limits.per_replica_capacity = reader.OptionalNumber("per_replica_capacity").value_or(limits.per_replica_capacity);
  ReadReplicas(reader, "min_replicas", limits.min_replicas);
  ReadReplicas(reader, "max_replicas", limits.max_replicas);
  if (const auto seconds = reader.OptionalInteger("startup_seconds", 0, ml::kLongestScalingDelay.count())) {
    limits.startup = std::chrono::seconds{*seconds};
  }
  limits.tolerated_loss = reader.OptionalNumber("max_violation_ratio").value_or(limits.tolerated_loss);
  limits.tolerated_short_time = reader.OptionalNumber("max_short_time_ratio").value_or(limits.tolerated_short_time);
  ReadCost(body, reader, settings);
  ReadMode(reader, settings);
  ReadChannels(reader, settings);
  settings.enabled = reader.OptionalBool("enabled").value_or(settings.enabled);
  if (settings.name.empty()) reader.Reject("name", "''", "1 to 255 bytes");
  if (settings.metric.empty()) reader.Reject("metric", "''", "a metric's name");
  HELIOS_CHECK(reader.Finish());
  HELIOS_CHECK(ml::CheckScalingTarget(limits));
  if (body.contains("labels")) {
    json::object object;
    for (const auto& [name, value] : labels) object[name] = value;
    settings.labels = json::serialize(object);
  }
  return settings;
}

Result<void> CheckTargetChange(const json::object& body) {
  TargetSettings any;
  any.name = any.metric = "any";
  any.limits = {.per_replica_capacity = 1, .min_replicas = 0, .max_replicas = ml::kMostReplicas};
  HELIOS_TRY(const auto changed, ReadTargetSettings(body, &any));
  return {};
}

json::object ToJson(const Target& target) {
  const auto& settings = target.settings;
  const auto& limits = settings.limits;
  json::value policy = nullptr;
  if (target.policy) {
    const auto read = PolicyFromJson(*target.policy);
    if (read) policy = ml::Describe(*read);
  }
  json::array channels;
  for (const Uuid& channel : settings.channels) channels.emplace_back(channel.ToString());
  return {{"id", target.id.ToString()},
          {"name", settings.name},
          {"metric", settings.metric},
          {"labels", json::parse(settings.labels)},
          {"per_replica_capacity", limits.per_replica_capacity},
          {"min_replicas", limits.min_replicas},
          {"max_replicas", limits.max_replicas},
          {"startup_seconds", limits.startup.count()},
          {"max_violation_ratio", limits.tolerated_loss},
          {"max_short_time_ratio", limits.tolerated_short_time},
          {"cost_per_replica_hour", OrNull(settings.cost_per_replica_hour)},
          {"currency", OrNull(settings.currency)},
          {"mode", settings.shadow ? "shadow" : "advise"},
          {"enabled", settings.enabled},
          {"channels", std::move(channels)},
          {"all_webhooks", settings.all_webhooks},
          {"advice", target.advice ? json::value(AdviceJson(*target.advice)) : json::value(nullptr)},
          {"failure", target.failure ? json::parse(*target.failure) : json::value(nullptr)},
          {"policy", std::move(policy)},
          {"replay", Priced(target)},
          {"replayed_at", TimeOrNull(target.replayed_at)},
          {"created_at", FormatRfc3339(target.created_at)},
          {"updated_at", FormatRfc3339(target.updated_at)}};
}

json::object ToJson(const PastAdvice& past) {
  json::object object = AdviceJson(past.advice);
  object["mode"] = past.mode;
  return object;
}

std::string PolicyToJson(const ml::PolicySettings& settings) {
  return json::serialize(json::object{{"hpa", settings.hpa},
                                      {"utilisation", settings.utilisation},
                                      {"source", static_cast<int>(settings.source)},
                                      {"margin", settings.margin},
                                      {"headroom", settings.headroom}});
}

Result<ml::PolicySettings> PolicyFromJson(std::string_view text) {
  const auto bad = [] {
    return Fail(ErrorCode::kDataCorruption, "scaling.bad_policy",
                "cannot read a target's policy: it is not what is kept");
  };
  const auto parsed = http::ParseJson(text);
  if (!parsed || !parsed->is_object()) return bad();
  http::ObjectReader reader(parsed->as_object());
  ml::PolicySettings settings;
  settings.hpa = reader.OptionalBool("hpa").value_or(false);
  settings.utilisation = reader.Number("utilisation");
  const auto source = reader.OptionalInteger("source", 0, kSources - 1);
  settings.margin = reader.Number("margin");
  settings.headroom = reader.Number("headroom");
  if (!reader.Finish() || !source || !(settings.utilisation > 0)) return bad();
  settings.source = static_cast<ml::LoadSource>(*source);
  return settings;
}

}  // namespace helios::scaling
