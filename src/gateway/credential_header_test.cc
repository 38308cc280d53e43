// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "gateway/credential_header.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "crypto/token.h"
#include "obs/metrics.h"

namespace helios::gateway {
namespace {

class CredentialOfTest : public testing::Test {
 protected:
  [[nodiscard]] Result<identity::CredentialHash> Of(std::initializer_list<std::pair<std::string, std::string>> headers,
                                                    http::Method method = http::Method::kGet,
                                                    std::string_view target = "/") {
    http::Request request;
    request.method = method;
    EXPECT_TRUE(http::ParseTarget(target, request));
    for (const auto& [name, value] : headers) request.headers.Add(name, value);
    return CredentialOf(request, credentials_);
  }

  obs::Metrics metrics_;
  SystemClock clock_;
  SystemRandom random_;
  pg::Database database_{pg::DatabaseConfig{}, metrics_};
  identity::Credentials credentials_{database_, clock_, {}};
  std::string key_ = crypto::MakeApiKey(random_);
};

TEST_F(CredentialOfTest, FindsAKeyInEachPlace) {
  const auto want = credentials_.HashApiKey(key_);
  EXPECT_EQ(Of({{"x-api-key", key_}}).value(), want);
  EXPECT_EQ(Of({{"Authorization", "bearer " + key_}}).value(), want);
  EXPECT_EQ(Of({{"Authorization", "Basic aGVsaW9zOng="}}).error().reason, "gateway.malformed_key");  // helios:x
}

TEST_F(CredentialOfTest, TakesInfluxSendersWays) {
  const auto want = credentials_.HashApiKey(key_);
  EXPECT_EQ(Of({{"Authorization", "Token " + key_}}).value(), want);
  EXPECT_EQ(Of({}, http::Method::kPost, "/write?db=x&u=me&p=" + key_).value(), want);
  EXPECT_EQ(Of({}, http::Method::kPost, "/api/v2/write?p=" + key_).error().reason, "gateway.no_credential");
  EXPECT_EQ(Of({}, http::Method::kGet, "/api/v1/me?p=" + key_).error().reason, "gateway.no_credential");
}

TEST_F(CredentialOfTest, RefusesWhatIsNoKey) {
  EXPECT_EQ(Of({}).error().reason, "gateway.no_credential");
  EXPECT_EQ(Of({{"X-API-Key", ""}}).error().reason, "gateway.malformed_key");
  EXPECT_EQ(Of({{"X-API-Key", key_ + "x"}}).error().reason, "gateway.malformed_key");
  EXPECT_EQ(Of({{"Authorization", "Digest x"}}).error().reason, "gateway.malformed_key");
  EXPECT_EQ(Of({{"X-Tenant-ID", "0190163d-8694-739b-aea5-966c26f8ad91"}}).error().reason, "gateway.no_credential");
}

TEST_F(CredentialOfTest, LetsASessionWriteFromItsOwnSiteAlone) {
  const std::pair<std::string, std::string> cookie = {"Cookie", "__Host-helios_session=abc"};
  const std::pair<std::string, std::string> host = {"Host", "helios.test:8080"};
  EXPECT_TRUE(Of({cookie, host}));
  EXPECT_TRUE(Of({cookie, host, {"Origin", "https://helios.test:8080"}}, http::Method::kPost));
  for (const char* origin :
       {"https://evil.test", "https://helios.test", "null", "https://helios.test:8080.evil.test"}) {
    EXPECT_EQ(Of({cookie, host, {"Origin", origin}}, http::Method::kDelete).error().reason, "gateway.cross_site")
        << origin;
  }
  EXPECT_EQ(Of({cookie, host}, http::Method::kPost).error().reason, "gateway.cross_site");
}

}  // namespace
}  // namespace helios::gateway
