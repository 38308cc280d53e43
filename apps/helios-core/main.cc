// SPDX-License-Identifier: Apache-2.0
// helios-core: the open forecasting core, on files and as a stateless server.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/nearest_name.h"
#include "commands.h"

namespace {

constexpr int kBadFlags = 2;

/// Whether the first word is no command; says so, and which was meant.
bool IsUnknownCommand(const CLI::App& app, std::string_view word) {
  if (word.starts_with('-')) return false;
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) names.push_back(command->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (std::ranges::find(known, word) != known.end()) return false;
  const auto nearest = helios::NearestName(word, known);
  std::fputs(fmt::format("helios-core: there is no command '{}'{}\nRun with --help for what there is.\n", word,
                         nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest))
                 .c_str(),
             stderr);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Forecasts, finds anomalies in and plans capacity for series of files, or of requests.", "helios-core");
  app.set_version_flag("--version", "helios-core " HELIOS_VERSION);
  app.require_subcommand(1);
  Command chosen;
  DeclareForecast(app, chosen);
  DeclareDetect(app, chosen);
  DeclareServe(app, chosen);
  DeclareBacktest(app, chosen);
  DeclareBacktestDetect(app, chosen);
  DeclareNab(app, chosen);
  DeclareRecommend(app, chosen);
  DeclareSimulate(app, chosen);
  app.footer("helios-core COMMAND --help tells a command's flags.");  // after the commands, which would inherit it
  if (argc < 2) {
    std::fputs(app.help().c_str(), stderr);
    return kBadFlags;
  }
  if (IsUnknownCommand(app, argv[1])) return kBadFlags;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadFlags;
  }

  const auto report = chosen();
  if (!report) {
    std::fprintf(stderr, "helios-core: %s\n", report.error().message.c_str());
    return 1;
  }
  std::fwrite(report->data(), 1, report->size(), stdout);
  return 0;
}
