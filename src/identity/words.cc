// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/words.h"

#include <algorithm>

namespace helios::identity {

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace helios::identity
