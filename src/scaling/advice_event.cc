// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/advice_event.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/hex.h"
#include "crypto/digest.h"

namespace helios::scaling {
namespace {

constexpr std::string_view kAdviceChanged = "scaling.advice_changed";

}  // namespace

bool IsNews(const Told& told, const TargetAdvice& advice, bool shadow) {
  return !shadow && told.replicas != advice.replicas;
}

AdviceEvent MakeAdviceEvent(const Target& target, const TargetAdvice& advice, const Told& told) {
  const auto& settings = target.settings;
  const std::int64_t sequence = told.sequence + 1;
  boost::json::value previous = nullptr;
  if (told.replicas) previous = *told.replicas;
  const boost::json::object body{{"type", kAdviceChanged},
                                 {"timestamp", FormatRfc3339(advice.time)},
                                 {"data",
                                  {{"scaling_target",
                                    {{"id", target.id.ToString()},
                                     {"name", settings.name},
                                     {"metric", settings.metric},
                                     {"labels", boost::json::parse(settings.labels)},
                                     {"min_replicas", settings.limits.min_replicas},
                                     {"max_replicas", settings.limits.max_replicas}}},
                                   {"sequence", sequence},
                                   {"replicas", advice.replicas},
                                   {"previous_replicas", std::move(previous)},
                                   {"needed_replicas", advice.needed},
                                   {"load", advice.load}}}};
  return {.id = ToHex(crypto::Sha256(fmt::format("{} {} {}", kAdviceChanged, target.id, sequence))).substr(0, 32),
          .type = std::string(kAdviceChanged),
          .body = boost::json::serialize(body),
          .channels = settings.channels,
          .all_webhooks = settings.all_webhooks};
}

}  // namespace helios::scaling
