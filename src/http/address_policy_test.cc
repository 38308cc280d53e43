// SPDX-License-Identifier: Apache-2.0
#include "http/address_policy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace helios::http {
namespace {

bool Allows(const AddressPolicy& policy, const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return policy.Allows(std::span(bytes).first(4));
  EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), bytes.data()), 1) << text;
  return policy.Allows(bytes);
}

TEST(AddressPolicy, RefusesWhatIsNotOnThePublicInternet) {
  const char* refused[] = {
      "0.0.0.0",
      "0.1.2.3",  // this host, this network
      "10.0.0.1",
      "10.255.255.255",  // private
      "100.64.0.1",
      "100.127.255.255",  // shared
      "127.0.0.1",
      "127.255.255.254",  // loopback
      "169.254.0.1",
      "169.254.169.254",  // link-local: a cloud's metadata service
      "172.16.0.1",
      "172.31.255.255",  // private
      "192.0.0.1",
      "192.0.0.192",  // protocol assignments
      "192.0.2.1",
      "198.51.100.7",
      "203.0.113.9",  // documentation
      "192.88.99.1",  // the old 6to4 relay
      "192.168.0.1",
      "192.168.255.255",  // private
      "198.18.0.1",
      "198.19.255.255",  // benchmarking
      "224.0.0.1",
      "239.255.255.255",  // multicast
      "240.0.0.1",
      "255.255.255.255",  // reserved, broadcast
      "::",
      "::1",  // unspecified, loopback
      "::ffff:127.0.0.1",
      "::ffff:8.8.8.8",
      "::ffff:10.0.0.1",  // mapped, whatever they map
      "::127.0.0.1",
      "::8.8.8.8",  // compatible
      "64:ff9b::7f00:1",
      "64:ff9b::808:808",
      "64:ff9b:1::1",  // NAT64
      "100::1",        // discard
      "2001::1",
      "2001:0:7f00:1::",  // Teredo
      "2001:db8::1",
      "3fff::1",  // documentation
      "2002:7f00:1::1",
      "2002:808:808::1",  // 6to4
      "fc00::1",
      "fd12:3456::1",  // unique local
      "fe80::1",
      "febf::1",
      "fec0::1",  // link-local, site-local
      "ff02::1",
      "ff0e::1",  // multicast
      "4000::1",
      "5f00::1",  // given to nobody; segment routing
  };
  const AddressPolicy policy;
  for (const char* address : refused) EXPECT_FALSE(Allows(policy, address)) << address;
}

TEST(AddressPolicy, TakesThePublicInternetUpToTheEdgesOfWhatIsNot) {
  const char* taken[] = {
      "1.1.1.1",    "8.8.8.8",     "9.255.255.255", "11.0.0.0",        "100.63.255.255", "100.128.0.0", "126.0.0.1",
      "128.0.0.1",  "169.253.0.1", "169.255.0.1",   "172.15.0.1",      "172.32.0.1",     "192.167.0.1", "192.169.0.1",
      "198.17.0.1", "198.20.0.1",  "223.255.0.1",   "2606:4700::1111", "2a00:1450::1",   "2003::1",     "2001:4860::1"};
  const AddressPolicy policy;
  for (const char* address : taken) EXPECT_TRUE(Allows(policy, address)) << address;
}

TEST(AddressPolicy, TakesTheNetworksThatTheOperatorNamesAndNoMore) {
  const AddressPolicy policy({*ParseNetwork("127.0.0.0/8"), *ParseNetwork("10.1.2.0/23"), *ParseNetwork("fd00:7::/32"),
                              *ParseNetwork("192.168.1.7")});
  for (const char* address : {"127.0.0.1", "10.1.3.255", "fd00:7::9", "192.168.1.7", "8.8.8.8"}) {
    EXPECT_TRUE(Allows(policy, address)) << address;
  }
  for (const char* address : {"10.1.4.0", "10.1.1.255", "fd00:8::9", "192.168.1.8", "::1"}) {
    EXPECT_FALSE(Allows(policy, address)) << address;
  }
}

TEST(AddressPolicy, RefusesWhatIsNoAddress) {
  const std::array<std::uint8_t, 5> odd = {8, 8, 8, 8, 8};
  EXPECT_FALSE(AddressPolicy().Allows(odd));
  EXPECT_FALSE(AddressPolicy().Allows({}));
}

TEST(Network, SaysWhatItCannotRead) {
  for (const char* text : {"", "localhost", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/8x", "/8"}) {
    const auto network = ParseNetwork(text);
    ASSERT_FALSE(network) << text;
    EXPECT_EQ(network.error().reason, "http.bad_network");
  }
}

}  // namespace
}  // namespace helios::http
