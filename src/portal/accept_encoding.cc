// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "portal/accept_encoding.h"

#include <algorithm>
#include <string>

namespace helios::portal {
namespace {

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view TakeUntil(char separator, std::string_view& text) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = Trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

bool SameWord(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// "q=0", "q=0.", "q=0.000".
bool IsRefusal(std::string_view parameter) {
  if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=') return false;
  return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

/// What the header says of `coding`: taken, refused, or nothing.
std::optional<bool> SaysOf(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    std::string_view item = TakeUntil(',', header);
    if (!SameWord(TakeUntil(';', item), coding)) continue;
    return !IsRefusal(Trimmed(item));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> ChooseCoding(std::string_view header, std::span<const std::string_view> offered) {
  const bool any = SaysOf(header, "*").value_or(false);
  for (const std::string_view coding : offered) {
    if (SaysOf(header, coding).value_or(any)) return coding;
  }
  return std::nullopt;
}

}  // namespace helios::portal
