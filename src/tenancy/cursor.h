// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/uuid.h"

namespace helios::tenancy {

/// Makes the opaque cursors of lists. A cursor is bound to its tenant and to the list's filters by an
/// HMAC, so that it can be neither made up nor carried elsewhere. Thread-safe.
class CursorCodec {
 public:
  explicit CursorCodec(const std::array<std::uint8_t, 32>& key) : key_(key) {}

  /// `filters` is any text that stands for the list and its filters.
  [[nodiscard]] std::string Encode(TenantId tenant, std::string_view filters, std::string_view position) const;

  /// The position. Errors: kInvalidArgument http.bad_cursor.
  [[nodiscard]] Result<std::string> Decode(TenantId tenant, std::string_view filters, std::string_view cursor) const;

 private:
  [[nodiscard]] std::string Seal(TenantId tenant, std::string_view filters, std::string_view position) const;

  std::array<std::uint8_t, 32> key_;
};

}  // namespace helios::tenancy
