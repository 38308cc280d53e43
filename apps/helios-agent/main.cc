// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

#include "agent/agent.h"
#include "agent/options.h"
#include "obs/log.h"

namespace {

constexpr int kBadFlags = 2;

std::optional<std::string> FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Blots the key out of the arguments, which every user of the machine can read with ps.
void HideApiKey(std::span<char*> arguments) {
  constexpr std::string_view kFlag = "--api-key";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    char* key = nullptr;
    if (argument == kFlag && i + 1 < arguments.size()) key = arguments[i + 1];
    if (argument.starts_with("--api-key=")) key = arguments[i] + kFlag.size() + 1;
    if (key != nullptr) std::memset(key, 'x', std::strlen(key));
  }
}

void DeclareFlags(CLI::App& app, helios::agent::Flags& flags) {
  app.set_version_flag("--version", "helios-agent " HELIOS_VERSION);
  app.add_option("--api-key", flags.api_key, "API key with the scope write; rather give it as HELIOS_API_KEY");
  app.add_option("--endpoint", flags.endpoint, "the platform, as https://host or http://host:port; or HELIOS_ENDPOINT");
  app.add_option("--interval", flags.interval, "time between two rounds, 1s to 300s")->capture_default_str();
  app.add_option("--host", flags.host, "value of the label 'host'; default: this machine's name");
  app.add_option("--label", flags.labels, "name=value, added to every sample; may be repeated");
  app.add_option("--buffer-dir", flags.buffer_dir,
                 "where samples wait while the platform is away; default: /var/lib/helios-agent for root, "
                 "~/.local/state/helios-agent for others");
  app.add_option("--buffer-max", flags.buffer_max, "most bytes to buffer; the oldest are dropped beyond")
      ->capture_default_str();
  app.add_option("--ca-file", flags.ca_file, "certificates to trust, PEM; default: the system's");
  app.add_option("--log-level", flags.log_level, "debug, info, warning or error")->capture_default_str();
  app.add_flag("--once", flags.once, "send one round and exit; status 1 where it was buffered instead");
  app.add_flag("--print", flags.print, "print what is measured instead of sending it");
  app.add_flag("--insecure-http", flags.insecure_http, "allow plain http to another machine: others can read the key");
}

}  // namespace

int main(int argc, char** argv) {
  helios::agent::Flags flags;
  CLI::App app("Sends this machine's metrics to Helios.", "helios-agent");
  DeclareFlags(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadFlags;
  }
  HideApiKey(std::span(argv, static_cast<std::size_t>(argc)));

  auto options = helios::agent::MakeOptions(flags, FromEnvironment, ::geteuid() == 0);
  if (!options) {
    std::fprintf(stderr, "helios-agent: %s\nRun with --help for the flags.\n", options.error().message.c_str());
    return kBadFlags;
  }
  options->version = HELIOS_VERSION;
  const auto status = helios::agent::Run(*options);
  if (!status) {
    std::fprintf(stderr, "helios-agent: %s\n", status.error().message.c_str());
    return 1;
  }
  helios::obs::FlushLogs();
  return *status;
}
