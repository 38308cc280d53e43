// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/replica_election.h"

#include <gtest/gtest.h>

namespace helios::ingest {
namespace {

using Verdict = ReplicaElection::Verdict;
using std::chrono::seconds;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

TenantId Tenant(std::uint8_t number) {
  TenantId id;
  id.value.bytes[15] = number;
  return id;
}

TEST(ReplicaElection, KeepsTheFirstUntilItWasSilentForHalfAMinute) {
  ReplicaElection election;
  EXPECT_EQ(election.Judge(Tenant(1), {"eu", "a"}, kNow), Verdict::kElected);
  EXPECT_EQ(election.Judge(Tenant(1), {"eu", "b"}, kNow + seconds{1}), Verdict::kNotElected);
  EXPECT_EQ(election.Judge(Tenant(1), {"eu", "a"}, kNow + seconds{20}), Verdict::kElected);
  EXPECT_EQ(election.Judge(Tenant(1), {"eu", "b"}, kNow + seconds{49}), Verdict::kNotElected);
  EXPECT_EQ(election.Judge(Tenant(1), {"eu", "b"}, kNow + seconds{50}), Verdict::kElected);
  EXPECT_EQ(election.Judge(Tenant(1), {"eu", "a"}, kNow + seconds{51}), Verdict::kNotElected);
}

TEST(ReplicaElection, IsHeldPerTenantAndCluster) {
  ReplicaElection election;
  EXPECT_EQ(election.Judge(Tenant(1), {"eu", "a"}, kNow), Verdict::kElected);
  EXPECT_EQ(election.Judge(Tenant(1), {"us", "b"}, kNow), Verdict::kElected);
  EXPECT_EQ(election.Judge(Tenant(2), {"eu", "b"}, kNow), Verdict::kElected);
}

TEST(ReplicaElection, RemembersABoundedNumberOfClusters) {
  ReplicaElection election;
  for (std::size_t i = 0; i < ReplicaElection::kMaxClusters; ++i) {
    EXPECT_EQ(election.Judge(Tenant(1), {std::to_string(i), "a"}, kNow), Verdict::kElected);
  }
  EXPECT_EQ(election.Judge(Tenant(1), {"more", "a"}, kNow), Verdict::kTooManyClusters);
  EXPECT_EQ(election.Judge(Tenant(1), {"0", "a"}, kNow + seconds{20}), Verdict::kElected);
  EXPECT_EQ(election.Judge(Tenant(1), {"more", "a"}, kNow + seconds{31}), Verdict::kElected);
}

}  // namespace
}  // namespace helios::ingest
