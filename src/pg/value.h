// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"

namespace helios::pg {

/// One parameter of a query, in PostgreSQL's text form, or NULL.
class Param {
 public:
  // Implicit, so that a call names its values alone: Execute(sql::kFind, {tenant, id, now}).
  // NOLINTBEGIN(google-explicit-constructor)
  Param(std::nullopt_t) {}
  Param(std::string_view text) : text_(text) {}
  Param(const std::string& text) : text_(text) {}
  Param(const char* text) : text_(text) {}
  Param(bool flag) : text_(flag ? "t" : "f") {}
  Param(std::integral auto number) : text_(std::to_string(number)) {}
  Param(double number) : text_(fmt::format("{}", number)) {}
  Param(const Uuid& id) : text_(id.ToString()) {}
  template <class Tag>
  Param(const StrongId<Tag>& id) : text_(id.ToString()) {}
  Param(TimestampMs time) : text_(FormatRfc3339(time)) {}
  /// An array of text, for `= ANY($1)` and `unnest($1)`.
  Param(const std::vector<std::string>& texts);
  template <class T>
  Param(const std::optional<T>& value) {
    if (value) *this = Param(*value);
  }
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
};

}  // namespace helios::pg
