// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace helios::identity {

/// What people type into forms, checked. Errors are kInvalidArgument with the reason given.

/// 1 to 255 bytes without control characters: identity.bad_name.
[[nodiscard]] Result<void> CheckName(std::string_view name, std::string_view what);

/// something@something, at most 255 bytes, in lower case afterwards: identity.bad_email.
[[nodiscard]] Result<std::string> NormalizeEmail(std::string_view email);

/// 10 to 256 bytes: identity.bad_password.
[[nodiscard]] Result<void> CheckPassword(std::string_view password);

/// 2 to 100 of a-z, 0-9 and inner hyphens: identity.bad_slug.
[[nodiscard]] Result<void> CheckSlug(std::string_view slug);

/// A slug made of an organization's name: "Acme & Söhne" gives "acme-s-hne"; never empty.
[[nodiscard]] std::string SlugOf(std::string_view name);

/// An IANA zone that this system knows, such as "Europe/Berlin": identity.bad_timezone.
[[nodiscard]] Result<void> CheckTimezone(std::string_view timezone);

}  // namespace helios::identity
