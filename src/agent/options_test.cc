// SPDX-License-Identifier: Apache-2.0
#include "agent/options.h"

#include <gtest/gtest.h>

#include <map>

namespace helios::agent {
namespace {

using std::chrono::milliseconds;

class OptionsTest : public testing::Test {
 protected:
  OptionsTest() {
    flags.api_key = "hlx_abcDEF123";
    flags.endpoint = "http://127.0.0.1:8080";
    flags.host = "web-1";
    variables["HOME"] = "/home/ada";
  }

  Result<Options> Make() {
    return MakeOptions(
        flags,
        [this](const char* name) -> std::optional<std::string> {
          const auto found = variables.find(name);
          return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        /*is_root=*/false);
  }
  /// The message about a flag that is wrong.
  std::string Complaint() {
    const auto options = Make();
    if (options) return "";
    EXPECT_EQ(options.error().reason, "agent.bad_flag");
    return options.error().message;
  }

  Flags flags;
  std::map<std::string, std::string> variables;
};

TEST_F(OptionsTest, DefaultsAreThoseOfTheManual) {
  const auto options = Make();
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_EQ(options->interval, milliseconds(10'000));
  EXPECT_EQ(options->buffer_max_bytes, 67'108'864U);
  EXPECT_EQ(options->buffer_dir, "/home/ada/.local/state/helios-agent");
  EXPECT_EQ(options->machine_labels, (Labels{{"host", "web-1"}}));
  EXPECT_FALSE(options->once);
}

TEST_F(OptionsTest, TheKeyAndTheEndpointMayComeFromTheEnvironment) {
  flags.api_key.clear();
  flags.endpoint.clear();
  EXPECT_EQ(Complaint(), "cannot start without an API key: want --api-key or HELIOS_API_KEY");
  variables["HELIOS_API_KEY"] = "hlx_fromEnvironment";
  EXPECT_EQ(Complaint(), "cannot start without an endpoint: want --endpoint or HELIOS_ENDPOINT");
  variables["HELIOS_ENDPOINT"] = "https://helios.example/";
  const auto options = Make();
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(options->api_key, "hlx_fromEnvironment");
  EXPECT_EQ(options->endpoint, "https://helios.example");
}

TEST_F(OptionsTest, AKeyThatCannotBeOneIsRefusedWithoutShowingIt) {
  for (const char* key : {"sk_live_123", "hlx_abc\r\nX-Evil: 1", "hlx_ä", "hlx abc"}) {
    flags.api_key = key;
    const std::string complaint = Complaint();
    EXPECT_NE(complaint, "") << key;
    EXPECT_EQ(complaint.find(key), std::string::npos);
  }
}

TEST_F(OptionsTest, AKeyIsNotSentInTheClearToAnotherMachine) {
  for (const char* endpoint : {"http://helios.example:8080", "http://10.0.0.1", "http://127.0.0.1.evil.example",
                               "http://[::2]:8080", "http://localhost.evil.example"}) {
    flags.endpoint = endpoint;
    EXPECT_NE(Complaint().find("--insecure-http"), std::string::npos) << endpoint;
  }
  flags.insecure_http = true;
  EXPECT_EQ(Complaint(), "");
}

TEST_F(OptionsTest, LoopbackMayBePlain) {
  for (const char* endpoint :
       {"http://localhost:8080", "http://127.1.2.3", "http://[::1]:8080/prefix", "https://helios.example:8443"}) {
    flags.endpoint = endpoint;
    EXPECT_EQ(Complaint(), "") << endpoint;
  }
}

TEST_F(OptionsTest, AnEndpointThatIsNoOriginIsRefused) {
  for (const char* endpoint :
       {"localhost:8080", "ftp://x", "http://", "http://:80", "http://localhost:0", "http://localhost:70000",
        "http://localhost:80x", "http://u:p@localhost", "http://localhost/?a", "http://[::1", "http://local host"}) {
    flags.endpoint = endpoint;
    EXPECT_NE(Complaint().find("--endpoint"), std::string::npos) << endpoint;
  }
}

TEST_F(OptionsTest, LabelsAreNamesAndValues) {
  flags.labels = {"region=eu=1", "_rack=7"};
  EXPECT_EQ(Make()->machine_labels, (Labels{{"host", "web-1"}, {"region", "eu=1"}, {"_rack", "7"}}));
  for (const char* label : {"", "x", "=x", "x=", "1x=y", "a-b=c", "host=y", "device=sda", "mode=z"}) {
    flags.labels = {label};
    EXPECT_NE(Complaint().find("--label"), std::string::npos) << label;
  }
  flags.labels = {"a=1", "a=2"};
  EXPECT_NE(Complaint(), "");
  flags.labels.assign(21, "a=1");
  EXPECT_NE(Complaint(), "");
}

TEST_F(OptionsTest, NumbersOutOfRangeAreRefused) {
  for (const char* interval : {"", "0", "999ms", "301s", "ten", "10 s", "-5s", "99999999999999999999s"}) {
    flags.interval = interval;
    EXPECT_NE(Complaint().find("--interval"), std::string::npos) << interval;
  }
  flags.interval = "5m";
  EXPECT_EQ(Make()->interval, milliseconds(300'000));
  for (const char* bytes : {"", "1", "1023KiB", "17GiB", "64mb", "18446744073709551615GiB"}) {
    flags.buffer_max = bytes;
    EXPECT_NE(Complaint().find("--buffer-max"), std::string::npos) << bytes;
  }
}

TEST_F(OptionsTest, OtherBadFlagsAreNamed) {
  flags.log_level = "loud";
  EXPECT_NE(Complaint().find("--log-level"), std::string::npos);
  flags.log_level = "debug";
  flags.ca_file = "/nonexistent/ca.pem";
  EXPECT_NE(Complaint().find("--ca-file"), std::string::npos);
}

TEST_F(OptionsTest, PrintingNeedsNeitherKeyNorEndpointNorHome) {
  flags = Flags{};
  flags.print = true;
  variables.clear();
  EXPECT_EQ(Complaint(), "");
}

TEST(ParseDuration, KnowsItsUnits) {
  EXPECT_EQ(ParseDuration("10"), milliseconds(10'000));
  EXPECT_EQ(ParseDuration("1500ms"), milliseconds(1'500));
  EXPECT_EQ(ParseDuration("2m"), milliseconds(120'000));
  EXPECT_EQ(ParseDuration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(ParseDuration("1d"), std::nullopt);
}

TEST(ParseBytes, TellsBinaryFromDecimalUnits) {
  EXPECT_EQ(ParseBytes("2MiB"), 2'097'152U);
  EXPECT_EQ(ParseBytes("2MB"), 2'000'000U);
  EXPECT_EQ(ParseBytes("7"), 7U);
  EXPECT_EQ(ParseBytes("1TB"), std::nullopt);
}

TEST(DefaultBufferDirectory, DependsOnWhoRuns) {
  const auto none = [](const char*) -> std::optional<std::string> { return std::nullopt; };
  const auto state = [](const char* name) -> std::optional<std::string> {
    return std::string_view(name) == "XDG_STATE_HOME" ? "/state" : "/home/ada";
  };
  EXPECT_EQ(DefaultBufferDirectory(none, true), "/var/lib/helios-agent");
  EXPECT_EQ(DefaultBufferDirectory(state, false), "/state/helios-agent");
  EXPECT_EQ(DefaultBufferDirectory(none, false), "");
}

TEST(SystemCaFile, FindsTheDistributionsOwn) {
  const auto none = [](const char*) -> std::optional<std::string> { return std::nullopt; };
  const auto fedora = [](const std::filesystem::path& path) { return path == "/etc/pki/tls/certs/ca-bundle.crt"; };
  EXPECT_EQ(SystemCaFile(none, fedora), "/etc/pki/tls/certs/ca-bundle.crt");
  EXPECT_EQ(SystemCaFile(none, [](const auto&) { return false; }), "");
  EXPECT_EQ(SystemCaFile([](const char*) { return std::optional<std::string>("/my.pem"); }, fedora), "/my.pem");
}

}  // namespace
}  // namespace helios::agent
