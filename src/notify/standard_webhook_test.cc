// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/standard_webhook.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace helios::notify {
namespace {

constexpr const char* kSecret = "whsec_plJ3nmyCDGBKInavdOK15jsl";

TEST(SignWebhook, GivesWhatTheSpecificationAndOpensslGive) {
  // The example of the specification, and the one of the Svix libraries; both also computed with
  //   printf 'ID.SECONDS.BODY' | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY -binary | base64
  EXPECT_EQ(SignWebhook({kSecret}, "msg_loFOjxBNrRLzqYUf", FromUnixMs(1'731'705'121'000),
                        R"({"event_type":"ping","data":{"success":true}})"),
            "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
  EXPECT_EQ(SignWebhook({"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        FromUnixMs(1'614'265'330'000), R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(SignWebhook, CountsWholeSecondsAlone) {
  EXPECT_EQ(SignWebhook({kSecret}, "m", FromUnixMs(5'999), "{}"), SignWebhook({kSecret}, "m", FromUnixMs(5'000), "{}"));
  EXPECT_NE(SignWebhook({kSecret}, "m", FromUnixMs(6'000), "{}"), SignWebhook({kSecret}, "m", FromUnixMs(5'000), "{}"));
}

TEST(SignWebhook, SignsWithEachSecretWhileOneIsRotated) {
  const std::string other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const auto sign = [](std::vector<std::string> secrets) { return SignWebhook(secrets, "m", FromUnixMs(5'000), "{}"); };
  EXPECT_EQ(sign({kSecret, other}), sign({kSecret}) + " " + sign({other}));
  EXPECT_EQ(sign({"no secret", "whsec_?", kSecret}), sign({kSecret}));
}

TEST(MakeWebhookSecret, HasAsManyBytesAsTheSpecificationWants) {
  SystemRandom random;
  const std::string secret = MakeWebhookSecret(random);
  ASSERT_TRUE(secret.starts_with("whsec_"));
  EXPECT_EQ(FromBase64(secret.substr(6)).value_or("").size(), 32U);
  EXPECT_NE(MakeWebhookSecret(random), secret);
}

}  // namespace
}  // namespace helios::notify
