// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/fields.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace helios::identity {
namespace {

bool IsSlugChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool HasControlCharacter(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

Result<void> CheckName(std::string_view name, std::string_view what) {
  if (!name.empty() && name.size() <= 255 && !HasControlCharacter(name)) return {};
  return Fail(ErrorCode::kInvalidArgument, "identity.bad_name",
              "cannot use {} '{}': want 1 to 255 bytes without control characters", what, name.substr(0, 64));
}

Result<std::string> NormalizeEmail(std::string_view email) {
  const std::size_t at = email.rfind('@');
  const bool ok = email.size() <= 255 && at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                  !HasControlCharacter(email) && email.find(' ') == std::string_view::npos;
  if (!ok) {
    return Fail(ErrorCode::kInvalidArgument, "identity.bad_email",
                "cannot use the e-mail address '{}': want name@domain", email.substr(0, 64));
  }
  std::string normal(email);
  std::ranges::transform(normal, normal.begin(),
                         [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return normal;
}

Result<void> CheckPassword(std::string_view password) {
  if (password.size() >= 10 && password.size() <= 256) return {};
  return Fail(ErrorCode::kInvalidArgument, "identity.bad_password",
              "cannot use this password: it has {} bytes; want 10 to 256", password.size());
}

Result<void> CheckSlug(std::string_view slug) {
  const bool ok = slug.size() >= 2 && slug.size() <= 100 && IsSlugChar(slug.front()) && IsSlugChar(slug.back()) &&
                  std::ranges::all_of(slug, [](char c) { return IsSlugChar(c) || c == '-'; });
  if (ok) return {};
  return Fail(ErrorCode::kInvalidArgument, "identity.bad_slug",
              "cannot use the slug '{}': want 2 to 100 of a-z, 0-9 and hyphens, with a letter or digit at both ends",
              slug.substr(0, 64));
}

std::string SlugOf(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (IsSlugChar(lower)) {
      slug += lower;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
    if (slug.size() == 60) break;
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug.size() < 2 ? "org" : slug;
}

Result<void> CheckTimezone(std::string_view timezone) {
  const bool plain =
      !timezone.empty() && timezone.size() <= 64 && timezone.front() != '/' &&
      timezone.find("..") == std::string_view::npos && std::ranges::all_of(timezone, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
      });
  std::error_code error;
  if (plain && (timezone == "UTC" ||
                std::filesystem::is_regular_file(std::filesystem::path("/usr/share/zoneinfo") / timezone, error))) {
    return {};
  }
  return Fail(ErrorCode::kInvalidArgument, "identity.bad_timezone",
              "cannot use the time zone '{}': want an IANA name, such as Europe/Berlin", timezone.substr(0, 64));
}

}  // namespace helios::identity
