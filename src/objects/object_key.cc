// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "objects/object_key.h"

#include <algorithm>

#include "base/hex.h"
#include "crypto/digest.h"

namespace helios::objects {
namespace {

constexpr std::size_t kMaxPart = 200;
constexpr std::size_t kMaxKey = 600;
constexpr std::size_t kHashBytes = 16;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool IsPart(std::string_view part) {
  return !part.empty() && part.size() <= kMaxPart && part != "." && part != ".." &&
         std::ranges::all_of(part, [](char c) { return IsPlain(c) || c == '%'; });
}

}  // namespace

Result<ObjectKey> ObjectKey::Parse(std::string_view text) {
  bool good = !text.empty() && text.size() <= kMaxKey;
  for (std::string_view rest = text; good;) {
    const std::size_t slash = rest.find('/');
    good = IsPart(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (good) return ObjectKey(std::string(text));
  return Fail(ErrorCode::kInvalidArgument, "objects.bad_key",
              "cannot use the object key '{}': want parts of 1 to {} letters, digits, '.', '_', '-' or '%', joined by "
              "'/', at most {} bytes in all",
              text.substr(0, 80), kMaxPart, kMaxKey);
}

std::string EncodePart(std::string_view text) {
  std::string part;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsPlain(c) && !(c == '.' && i == 0)) {
      part += c;
    } else {
      part += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (part.empty()) return "%";
  if (part.size() <= kMaxPart) return part;
  // What no encoded byte looks like, so that a cut text is no other text's name.
  const auto digest = crypto::Sha256(text);
  const std::string hash = ToHex(std::span(digest).first(kHashBytes));
  return part.substr(0, kMaxPart - hash.size() - 2) + "%-" + hash;
}

}  // namespace helios::objects
