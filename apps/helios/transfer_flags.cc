// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer_flags.h"

#include <cstdio>

#include "obs/log.h"
#include "query/selector.h"
#include "transfer/import_run.h"

void AddPlatformFlags(CLI::App& command, helios::transfer::ServerOptions& platform) {
  platform.url = "http://127.0.0.1:8080";
  command.add_option("--endpoint", platform.url, "The platform, as https://HOST or http://HOST:PORT")
      ->envname("HELIOS_ENDPOINT")
      ->capture_default_str();
  command
      .add_option("--api-key", platform.api_key,
                  "API key; rather give it as HELIOS_API_KEY: other users of this machine see flags")
      ->envname("HELIOS_API_KEY")
      ->required();
  command.add_option("--ca-file", platform.ca_file, "Certificates to trust, PEM; default: the system's");
  command.add_flag("--insecure-http", platform.insecure_http,
                   "Allow plain http to another machine: others can read the credentials");
}

helios::Result<std::vector<helios::tsdb::Label>> ParseLabelFlags(const std::vector<std::string>& texts) {
  std::vector<helios::tsdb::Label> labels;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return helios::Fail(helios::ErrorCode::kInvalidArgument, "transfer.bad_option",
                          "cannot use --label '{}': want name=value", text);
    }
    labels.push_back({.name = text.substr(0, equals), .value = text.substr(equals + 1)});
  }
  return labels;
}

helios::Result<helios::tsdb::SeriesSelector> ParseSelectorFlag(std::string_view text) {
  helios::tsdb::SeriesSelector selector;
  const std::size_t brace = text.find('{');
  selector.metric = text.substr(0, brace);
  if (brace != std::string_view::npos) {
    HELIOS_TRY(selector.matchers, helios::query::ParseMatchers(text.substr(brace)));
  }
  if (selector.metric.empty() && selector.matchers.empty()) {
    return helios::Fail(helios::ErrorCode::kInvalidArgument, "transfer.bad_option",
                        "cannot use the selector '{}': it names no series; want up, up{{job=\"a\"}} or "
                        "{{__name__=~\"up|down\"}}",
                        text);
  }
  return selector;
}

int ReportFailure(std::string_view command, const helios::Error& error) {
  helios::obs::FlushLogs();
  fmt::print(stderr, "helios {}: {} [{}]\n", command, error.message, error.reason);
  return error.reason == "transfer.bad_option" || error.reason == "query.bad_match" ? helios::transfer::kBadCommandLine
                                                                                    : helios::transfer::kFailed;
}
