// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"

namespace helios {

/// 128 bits, compared and stored as sixteen bytes in network order. The nil value means "none".
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  [[nodiscard]] bool is_nil() const { return *this == Uuid{}; }

  /// "0190163d-8694-739b-aea5-966c26f8ad91", in lower case.
  [[nodiscard]] std::string ToString() const;

  /// The 36-character form, in either case; nothing else.
  [[nodiscard]] static std::optional<Uuid> Parse(std::string_view text);

  /// Version 7: 48 bits of milliseconds, then 74 random bits, so that ids sort by time of creation.
  /// Source: RFC 9562, section 5.7.
  [[nodiscard]] static Uuid V7(TimestampMs now, Random& random);
};

/// A Uuid that cannot be mistaken for another kind of id.
template <class Tag>
struct StrongId {
  Uuid value;

  auto operator<=>(const StrongId&) const = default;
  [[nodiscard]] bool is_nil() const { return value.is_nil(); }
  [[nodiscard]] std::string ToString() const { return value.ToString(); }
  [[nodiscard]] static std::optional<StrongId> Parse(std::string_view text) {
    if (const auto uuid = Uuid::Parse(text)) return StrongId{*uuid};
    return std::nullopt;
  }
};

/// An organization seen as an isolation boundary.
using TenantId = StrongId<struct TenantTag>;
using UserId = StrongId<struct UserTag>;

}  // namespace helios

template <>
struct std::hash<helios::Uuid> {
  std::size_t operator()(const helios::Uuid& id) const noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, id.bytes.data(), 8);
    std::memcpy(&low, id.bytes.data() + 8, 8);
    return static_cast<std::size_t>(high * 0x9e3779b97f4a7c15ULL ^ low);
  }
};

template <class Tag>
struct std::hash<helios::StrongId<Tag>> {
  std::size_t operator()(const helios::StrongId<Tag>& id) const noexcept { return std::hash<helios::Uuid>{}(id.value); }
};

template <>
struct fmt::formatter<helios::Uuid> : fmt::formatter<std::string> {
  template <class Context>
  auto format(const helios::Uuid& id, Context& context) const {
    return fmt::formatter<std::string>::format(id.ToString(), context);
  }
};

template <class Tag>
struct fmt::formatter<helios::StrongId<Tag>> : fmt::formatter<helios::Uuid> {
  template <class Context>
  auto format(const helios::StrongId<Tag>& id, Context& context) const {
    return fmt::formatter<helios::Uuid>::format(id.value, context);
  }
};
