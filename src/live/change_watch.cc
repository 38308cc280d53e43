// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "live/change_watch.h"

#include <functional>
#include <utility>

namespace helios::live {

Result<std::optional<std::string>> ChangeWatch::Look(TenantId tenant, std::chrono::steady_clock::time_point deadline,
                                                     std::optional<Seen>& seen) const {
  HELIOS_TRY(const std::vector<Changing> newest, source_.Newest(tenant, deadline));
  Seen now;
  std::string changed;
  for (const Changing& thing : newest) {
    const std::size_t hash = std::hash<std::string>()(thing.json);
    now[thing.id] = hash;
    if (!seen) continue;
    const auto before = seen->find(thing.id);
    if (before != seen->end() && before->second == hash) continue;
    if (!changed.empty()) changed += ',';
    changed += thing.json;
  }
  seen = std::move(now);
  if (changed.empty()) return std::nullopt;
  return fmt::format("{{\"{}\":[{}]}}", source_.name(), changed);
}

}  // namespace helios::live
