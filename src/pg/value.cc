// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/value.h"

namespace helios::pg {

// Every element is quoted, so that "NULL" and "" stay texts.
Param::Param(const std::vector<std::string>& texts) {
  std::string array = "{";
  for (const std::string& text : texts) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  array += '}';
  text_ = std::move(array);
}

}  // namespace helios::pg
