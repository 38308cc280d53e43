// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/serve_config.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace helios::wiring
