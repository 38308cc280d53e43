// SPDX-License-Identifier: Apache-2.0
#include "http/address_policy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace helios::http {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr unsigned kMappedBits = 96;

Bytes Map(std::span<const std::uint8_t, 4> v4) {
  Bytes mapped{};
  mapped[10] = 0xff;
  mapped[11] = 0xff;
  std::ranges::copy(v4, mapped.begin() + 12);
  return mapped;
}

bool Contains(const Network& network, const Bytes& address) {
  const unsigned whole = network.bits / 8;
  if (!std::equal(address.begin(), address.begin() + whole, network.prefix.begin())) return false;
  const unsigned rest = network.bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xffU << (8 - rest) & 0xffU;
  return (address[whole] & mask) == (network.prefix[whole] & mask);
}

bool IsIn(const std::vector<Network>& networks, const Bytes& address) {
  return std::ranges::any_of(networks, [&](const Network& network) { return Contains(network, address); });
}

std::vector<Network> Parse(std::initializer_list<std::string_view> texts) {
  std::vector<Network> networks;
  for (const std::string_view text : texts) networks.push_back(*ParseNetwork(text));
  return networks;
}

/// What is not on the public internet, of IPv4.
const std::vector<Network>& SpecialV4() {
  static const std::vector<Network> networks =
      Parse({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
             "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
             "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});
  return networks;
}

/// Of IPv6 only 2000::/3 is given out to anybody; these parts of it are not.
const std::vector<Network>& SpecialV6() {
  static const std::vector<Network> networks =
      Parse({"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"});
  return networks;
}

const Network& GlobalUnicast() {
  static const Network network = *ParseNetwork("2000::/3");
  return network;
}

}  // namespace

Result<Network> ParseNetwork(std::string_view text) {
  const auto bad = [text] {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_network",
                "cannot read the network '{}': want such as 10.0.0.0/8, fd00::/8 or 192.168.1.7", text.substr(0, 64));
  };
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string address(text.substr(0, slash));
  Network network;
  std::array<std::uint8_t, 4> v4{};
  unsigned most = 128;
  if (inet_pton(AF_INET, address.c_str(), v4.data()) == 1) {
    network.prefix = Map(v4);
    most = 32;
  } else if (inet_pton(AF_INET6, address.c_str(), network.prefix.data()) != 1) {
    return bad();
  }
  unsigned bits = most;
  if (slash < text.size()) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits > most) return bad();
  }
  network.bits = most == 32 ? bits + kMappedBits : bits;
  return network;
}

bool AddressPolicy::Allows(std::span<const std::uint8_t> address) const {
  if (address.size() == 4) {
    const Bytes mapped = Map(address.first<4>());
    return IsIn(allowed_, mapped) || !IsIn(SpecialV4(), mapped);
  }
  if (address.size() != 16) return false;
  Bytes bytes{};
  std::ranges::copy(address, bytes.begin());
  // An IPv4 address that came as IPv6 is refused, unless the operator named its network.
  return IsIn(allowed_, bytes) || (Contains(GlobalUnicast(), bytes) && !IsIn(SpecialV6(), bytes));
}

}  // namespace helios::http
