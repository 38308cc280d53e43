// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/serve_config.h"

#include <gtest/gtest.h>

#include <map>

namespace helios::wiring {
namespace {

std::optional<std::string> NoEnvironment(const std::string&) {
  return std::nullopt;
}

std::string_view ReasonOf(const CommandLine& line) {
  const auto config = LoadServeConfig(line, NoEnvironment);
  return config ? std::string_view("ok") : config.error().reason;
}

TEST(LoadServeConfig, StartsOnLoopbackWithTheOperatorAThousandAbove) {
  const auto config = LoadServeConfig({.listen = "127.0.0.1:9000"}, NoEnvironment);
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->listen.port, 9000);
  EXPECT_EQ(config->operator_listen->port, 10'000);
  EXPECT_EQ(config->operator_listen->host, "127.0.0.1");
}

TEST(LoadServeConfig, RefusesAnOpenListenerWithoutTls) {
  EXPECT_EQ(ReasonOf({.listen = "0.0.0.0:8080"}), "config.needs_tls");
  EXPECT_EQ(ReasonOf({.listen = ":8080"}), "config.needs_tls");
  EXPECT_EQ(ReasonOf({.listen = "0.0.0.0:8080", .behind_proxy = true}), "ok");
  EXPECT_EQ(ReasonOf({.listen = "0.0.0.0:8080", .tls_self_signed = true}), "ok");
  EXPECT_EQ(ReasonOf({.listen = "[::1]:8080"}), "ok");
}

TEST(LoadServeConfig, RefusesAPartOfTheServicesWithoutASharedStore) {
  EXPECT_EQ(ReasonOf({.services = {"ingestion"}}), "config.needs_metrics_url");
  EXPECT_EQ(ReasonOf({.services = {"ingest"}}), "config.unknown_service");
}

TEST(LoadServeConfig, LetsTheCommandLineWinOverTheEnvironment) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "HELIOS_LISTEN") return "127.0.0.1:1";
    if (name == "HELIOS_OPERATOR_LISTEN") return "off";
    return std::nullopt;
  };
  const auto config = LoadServeConfig({.listen = "127.0.0.1:2"}, environment);
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->listen.port, 2);
  EXPECT_FALSE(config->operator_listen);
}

/// Loads with one setting after another in the environment.
Result<ServeConfig> LoadWith(std::map<std::string, std::string> variables) {
  return LoadServeConfig({}, [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(LoadServeConfig, ReadsTheBoundsOfTheIntake) {
  const auto config = LoadWith({{"HELIOS_INTAKE_MAX_SAMPLES", "2000"},
                                {"HELIOS_INTAKE_MAX_SERIES", "500"},
                                {"HELIOS_INTAKE_MAX_BODY_MIB", "2"},
                                {"HELIOS_INTAKE_MAX_DECODED_MIB", "8"},
                                {"HELIOS_INTAKE_MAX_IN_FLIGHT_MIB", "64"},
                                {"HELIOS_INTAKE_TENANT_SHARE_PERCENT", "50"},
                                {"HELIOS_INTAKE_MEMORY_LIMIT_MIB", "1024"}});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->intake.max_samples, 2000U);
  EXPECT_EQ(config->intake.max_series, 500U);
  EXPECT_EQ(config->intake.max_body_bytes, 2U << 20U);
  EXPECT_EQ(config->intake.max_decoded_bytes, 8U << 20U);
  EXPECT_EQ(config->intake.max_in_flight_bytes, 64U << 20U);
  EXPECT_EQ(config->intake.tenant_share_percent, 50U);
  EXPECT_EQ(config->intake.memory_limit_bytes, 1024U << 20U);
}

TEST(LoadServeConfig, LeavesTheMemoryLimitToTheMachineUnlessToldOtherwise) {
  EXPECT_EQ(LoadWith({})->intake.memory_limit_bytes, std::nullopt);
  EXPECT_EQ(LoadWith({{"HELIOS_INTAKE_MEMORY_LIMIT_MIB", "0"}})->intake.memory_limit_bytes, 0U);
}

TEST(LoadServeConfig, RefusesBoundsOfTheIntakeThatCannotBe) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"MAX_SAMPLES", "0"},
                                                        {"MAX_SAMPLES", "100001"},
                                                        {"MAX_SAMPLES", "-1"},
                                                        {"MAX_SAMPLES", "many"},
                                                        {"MAX_SAMPLES", ""},
                                                        {"MAX_SERIES", "99"},
                                                        {"MAX_BODY_MIB", "0"},
                                                        {"MAX_BODY_MIB", "33"},
                                                        {"MAX_BODY_MIB", "1.5"},
                                                        {"MAX_DECODED_MIB", "33"},
                                                        {"MAX_IN_FLIGHT_MIB", "0"},
                                                        {"MAX_IN_FLIGHT_MIB", "1048577"},
                                                        {"MAX_IN_FLIGHT_MIB", "15"},
                                                        {"TENANT_SHARE_PERCENT", "0"},
                                                        {"TENANT_SHARE_PERCENT", "101"},
                                                        {"MEMORY_LIMIT_MIB", "-1"},
                                                        {"MEMORY_LIMIT_MIB", "127"},
                                                        {"MEMORY_LIMIT_MIB", "99999999999999999999"}}) {
    const auto config = LoadWith({{"HELIOS_INTAKE_" + name, value}});
    ASSERT_FALSE(config.has_value()) << name << " = " << value;
    EXPECT_EQ(config.error().reason, "config.bad_value") << name << " = " << value;
    EXPECT_NE(config.error().message.find("intake."), std::string::npos) << config.error().message;
  }
  EXPECT_TRUE(LoadWith({{"HELIOS_INTAKE_MAX_IN_FLIGHT_MIB", "15"}, {"HELIOS_INTAKE_MAX_BODY_MIB", "15"}}).has_value());
}

}  // namespace
}  // namespace helios::wiring
