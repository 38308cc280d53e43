// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace helios::http {

/// A range of addresses; of IPv4 as IPv6 maps it, ::ffff:0:0/96, so that there is one kind alone.
struct Network {
  std::array<std::uint8_t, 16> prefix{};
  unsigned bits = 128;
};

/// "10.0.0.0/8", "fd00::/8", or an address alone. Errors: kInvalidArgument http.bad_network.
[[nodiscard]] Result<Network> ParseNetwork(std::string_view text);

/// Whether a customer's URL may lead to an address: to those of the public internet, and to the networks that the
/// operator names. Refused is everything that IANA's registries of special purposes do not call globally reachable:
/// private, loopback, link-local (and with it a cloud's metadata service), shared, documentation, benchmarking,
/// multicast and reserved ones; and what carries an IPv4 address in disguise: mapped, compatible, NAT64, 6to4, Teredo.
///
/// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates). Immutable, thread-safe.
class AddressPolicy {
 public:
  explicit AddressPolicy(std::vector<Network> allowed = {}) : allowed_(std::move(allowed)) {}

  /// `address` in network order: 4 bytes, or 16. Anything else is refused.
  [[nodiscard]] bool Allows(std::span<const std::uint8_t> address) const;

 private:
  std::vector<Network> allowed_;
};

}  // namespace helios::http
