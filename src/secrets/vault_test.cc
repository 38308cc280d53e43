// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "secrets/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "obs/metrics.h"
#include "tests/support/scratch_postgres.h"

namespace helios::secrets {
namespace {

using helios::testing::ScratchPostgres;
using helios::testing::SqlClient;
using ::testing::HasSubstr;
using ::testing::Not;

Key KeyOf(std::uint8_t byte) {
  Key key{};
  key.fill(byte);
  return key;
}

Uuid IdOf(std::uint8_t byte) {
  Uuid id;
  id.bytes.fill(byte);
  return id;
}

class VaultTest : public ::testing::Test {
 protected:
  [[nodiscard]] pg::TenantTransaction Begin(TenantId tenant) {
    auto tx = database_.Begin(tenant);
    if (!tx) ADD_FAILURE() << tx.error().message;
    return *std::move(tx);
  }
  std::string Seal(Vault& vault, TenantId tenant, const Place& place, std::string_view secret) {
    auto tx = Begin(tenant);
    const auto sealed = vault.Seal(tx, place, secret);
    EXPECT_TRUE(sealed && tx.Commit());
    return sealed.value_or("");
  }
  std::string OpenOrReason(const Vault& vault, TenantId tenant, const Place& place, std::string_view sealed) {
    auto tx = Begin(tenant);
    const auto secret = vault.Open(tx, place, sealed);
    return secret ? *secret : std::string(secret.error().reason);
  }

  testing::ScratchDatabase scratch_ = ScratchPostgres::Shared().NewDatabase();
  obs::Metrics metrics_;
  pg::Database database_{{.url = scratch_.app_url}, metrics_};
  SystemRandom random_;
  const TenantId acme_{IdOf(0xa)};
  const TenantId globex_{IdOf(0xb)};
  const Place place_{.table = "notification_channels", .column = "secret", .row = IdOf(1)};
};

TEST_F(VaultTest, ASecretOpensInItsOwnPlaceAlone) {
  Vault vault({{1, KeyOf(7)}}, random_);
  const std::string sealed = Seal(vault, acme_, place_, "whsec_abc");
  EXPECT_THAT(sealed, Not(HasSubstr("whsec")));
  EXPECT_EQ(OpenOrReason(vault, acme_, place_, sealed), "whsec_abc");

  Place other = place_;
  other.column = "previous_secret";
  EXPECT_EQ(OpenOrReason(vault, acme_, other, sealed), "secrets.bad_seal");
  other = place_;
  other.row = IdOf(2);
  EXPECT_EQ(OpenOrReason(vault, acme_, other, sealed), "secrets.bad_seal");
  other = place_;
  other.table = "incidents";
  EXPECT_EQ(OpenOrReason(vault, acme_, other, sealed), "secrets.bad_seal");
  EXPECT_EQ(OpenOrReason(vault, globex_, place_, sealed), "secrets.bad_seal");
}

TEST_F(VaultTest, EachTenantHasOneDataKeyOfItsOwnAndItIsNotInTheClear) {
  Vault vault({{1, KeyOf(7)}}, random_);
  Seal(vault, acme_, place_, "one");
  Seal(vault, acme_, place_, "two");
  Seal(vault, globex_, place_, "three");
  SqlClient admin(scratch_.superuser_url);
  EXPECT_EQ(admin
                .Must("SELECT string_agg(n::text, ',') FROM (SELECT count(*) AS n FROM shared.data_keys "
                      "GROUP BY org_id) AS counts")
                .value(),
            "1,1");
  EXPECT_EQ(admin.Must("SELECT min(length(sealed)) FROM shared.data_keys").value(), "80") << "60 bytes in base64";
}

TEST_F(VaultTest, ANewMasterKeyTakesOverAndTheOldOneMayThenGo) {
  Vault before({{1, KeyOf(7)}}, random_);
  const std::string old = Seal(before, acme_, place_, "old");

  Vault both({{1, KeyOf(7)}, {2, KeyOf(8)}}, random_);
  EXPECT_EQ(OpenOrReason(both, acme_, place_, old), "old");
  const std::string newer = Seal(both, acme_, place_, "new");

  const Vault after({{2, KeyOf(8)}}, random_);
  EXPECT_EQ(OpenOrReason(after, acme_, place_, old), "old");
  EXPECT_EQ(OpenOrReason(after, acme_, place_, newer), "new");
  EXPECT_EQ(OpenOrReason(before, acme_, place_, old), "secrets.bad_seal") << "version 2 is not at hand";
}

TEST_F(VaultTest, SaysSoWhenWhatIsStoredIsDamaged) {
  Vault vault({{1, KeyOf(7)}}, random_);
  std::string sealed = Seal(vault, acme_, place_, "whsec_abc");
  for (const std::string& text : {std::string(), std::string("x"), sealed.substr(0, 36), sealed.substr(0, 50),
                                  IdOf(9).ToString() + sealed.substr(36), sealed + "="}) {
    EXPECT_EQ(OpenOrReason(vault, acme_, place_, text), "secrets.bad_seal") << text;
  }
  SqlClient(scratch_.superuser_url).Must("UPDATE shared.data_keys SET sealed = 'AAAA'");
  EXPECT_EQ(OpenOrReason(vault, acme_, place_, sealed), "secrets.bad_seal");
}

}  // namespace
}  // namespace helios::secrets
