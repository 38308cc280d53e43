// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/uuid_list.h"

#include <algorithm>

namespace helios::pg {

std::vector<Uuid> ParseUuidList(std::string_view text) {
  std::vector<Uuid> ids;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    if (const auto id = Uuid::Parse(text.substr(0, space))) ids.push_back(*id);
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return ids;
}

}  // namespace helios::pg
