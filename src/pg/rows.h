// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"

namespace helios::pg {

/// The answer to a query, owned. A column of another type than asked for, or an unexpected NULL, is a bug
/// between SQL and code: it aborts with the statement's and the column's name.
class Rows {
 public:
  class Row;

  struct State;
  explicit Rows(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Row operator[](std::size_t index) const;
  [[nodiscard]] Row front() const;
  /// Rows an INSERT, UPDATE or DELETE touched.
  [[nodiscard]] std::size_t affected() const;

 private:
  std::shared_ptr<const State> state_;
};

/// One row. Borrows from its Rows.
class Rows::Row {
 public:
  Row(const State& state, std::size_t index) : state_(state), index_(index) {}

  /// Value of the column named in the SELECT list. T: std::string, bool, std::int64_t, double, Uuid, a
  /// StrongId, TimestampMs (of a timestamptz), or std::optional of one of them for a column that may be NULL.
  template <class T>
  [[nodiscard]] T Get(std::string_view column) const;

 private:
  [[nodiscard]] std::optional<std::string_view> Text(std::string_view column) const;
  [[noreturn]] void Mismatch(std::string_view column, std::string_view want) const;

  static bool Convert(std::string_view text, std::string& out);
  static bool Convert(std::string_view text, bool& out);
  static bool Convert(std::string_view text, std::int64_t& out);
  static bool Convert(std::string_view text, double& out);
  static bool Convert(std::string_view text, Uuid& out);
  static bool Convert(std::string_view text, TimestampMs& out);
  template <class Tag>
  static bool Convert(std::string_view text, StrongId<Tag>& out) {
    return Convert(text, out.value);
  }

  const State& state_;
  std::size_t index_;
};

namespace internal {
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
}  // namespace internal

template <class T>
T Rows::Row::Get(std::string_view column) const {
  const auto text = Text(column);
  if constexpr (internal::IsOptional<T>::value) {
    if (!text) return std::nullopt;
    typename T::value_type value{};
    if (!Convert(*text, value)) Mismatch(column, "another type");
    return value;
  } else {
    T value{};
    if (!text) Mismatch(column, "a value, not NULL");
    if (!Convert(*text, value)) Mismatch(column, "another type");
    return value;
  }
}

}  // namespace helios::pg
