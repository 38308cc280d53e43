// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios::objects {

/// Where an object lies within what its tenant has: one or more parts joined by '/', such as "cpu/v3". A part is 1 to
/// 200 of letters, digits, '.', '_', '-' and '%', not "." or ".."; a key has at most 600 bytes. Other characters are
/// the caller's to percent-encode: EncodePart() does. Letters are told apart by case.
class ObjectKey {
 public:
  /// Errors: kInvalidArgument objects.bad_key.
  [[nodiscard]] static Result<ObjectKey> Parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  auto operator<=>(const ObjectKey&) const = default;

 private:
  explicit ObjectKey(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Any text as one part of a key: bytes that a part cannot have become %XX, and so do '%' itself and a leading '.'. The
/// same text gives the same part, and another text another one. One that would be longer than 200 bytes is cut and ends
/// in "%-" and 128 bits of its SHA-256 in hex. "" gives "%".
[[nodiscard]] std::string EncodePart(std::string_view text);

}  // namespace helios::objects
