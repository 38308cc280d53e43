// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// helios: the platform in one program.
#include <malloc.h>

#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "export_command.h"
#include "import_command.h"
#include "obs/log.h"
#include "wiring/backup.h"
#include "wiring/compact_samples.h"
#include "wiring/process.h"
#include "wiring/restore.h"
#include "wiring/worker.h"

namespace {

using helios::wiring::CommandLine;

constexpr const char* kVersion = "0.1.0";

int Fail(const helios::Error& error) {
  helios::obs::FlushLogs();
  std::fprintf(stderr, "helios: %s [%.*s]\n", error.message.c_str(), static_cast<int>(error.reason.size()),
               error.reason.data());
  return 1;
}

/// SIGTERM and SIGINT, blocked before the first thread exists, so that they reach sigwait() and nobody else.
sigset_t BlockStopSignals() {
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return stop_signals;
}

void AwaitStopSignal(const sigset_t& stop_signals) {
  int received = 0;
  sigwait(&stop_signals, &received);
  // A second signal means "now".
  pthread_sigmask(SIG_UNBLOCK, &stop_signals, nullptr);
}

/// Runs until SIGTERM or SIGINT.
int Work(CommandLine line) {
  const sigset_t stop_signals = BlockStopSignals();
  line.worker = true;
  const auto config = helios::wiring::LoadServeConfig(line);
  if (!config) return Fail(config.error());
  helios::obs::SetLogLevel(config->log_level);
  auto worker = helios::wiring::Worker::Start(*config);
  if (!worker) return Fail(worker.error());
  std::printf("helios worker is ready; SIGTERM or Ctrl-C stops it\n");
  std::fflush(stdout);
  AwaitStopSignal(stop_signals);
  (*worker)->Stop();
  return 0;
}

/// Runs until SIGTERM or SIGINT.
int Serve(const CommandLine& line) {
  const sigset_t stop_signals = BlockStopSignals();

  const auto config = helios::wiring::LoadServeConfig(line);
  if (!config) return Fail(config.error());
  helios::obs::SetLogLevel(config->log_level);
  auto process = helios::wiring::Process::Start(*config);
  if (!process) return Fail(process.error());
  const bool secure = config->tls.has_value() || config->tls_self_signed;
  std::printf("helios is ready on %s://%s:%u, with everything in %s; SIGTERM or Ctrl-C stops it\n",
              secure ? "https" : "http", config->listen.host.empty() ? "0.0.0.0" : config->listen.host.c_str(),
              static_cast<unsigned>((*process)->port()), config->data_dir.c_str());
  std::fflush(stdout);

  AwaitStopSignal(stop_signals);
  (*process)->Stop();
  return 0;
}

int Compact(const CommandLine& line) {
  const auto config = helios::wiring::LoadServeConfig(line);
  if (!config) return Fail(config.error());
  helios::obs::SetLogLevel(config->log_level);
  const auto outcome = helios::wiring::CompactSamples(config->data_dir);
  if (!outcome) return Fail(outcome.error());
  constexpr double kMib = 1 << 20;
  std::printf("compacted the samples in %s: %.1f MiB before, %.1f MiB after\n", config->data_dir.c_str(),
              static_cast<double>(outcome->bytes_before) / kMib, static_cast<double>(outcome->bytes_after) / kMib);
  return 0;
}

int RunBackup(const CommandLine& line, const std::string& directory) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto config = helios::wiring::LoadServeConfig(line);
  if (!config) return Fail(config.error());
  helios::obs::SetLogLevel(config->log_level);
  const auto report = helios::wiring::BackUp(*config, directory);
  if (!report) return Fail(report.error());
  std::printf(
      "backed up %zu series%s: %zu files, %.1f MB in %s\n"
      "keep master.key (or HELIOS_MASTER_KEY) elsewhere: without it the backup cannot be read\n",
      report->series, report->database ? " and the control database" : "", report->files,
      static_cast<double>(report->bytes) / 1e6, directory.c_str());
  if (!report->database) std::printf("the control database at database.url is not part of it: back it up there\n");
  return 0;
}

int RunRestore(const helios::wiring::RestoreCommand& command) {
  const auto report = helios::wiring::Restore(command);
  if (!report) return Fail(report.error());
  std::printf("restored %zu series with %llu samples%s into %s, and read all of it\n", report->contents.series,
              static_cast<unsigned long long>(report->contents.samples),
              report->database ? " and the control database" : "", command.data_dir.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Large blocks go back to the system as soon as they are free; the allocator would else raise this limit by itself.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  CLI::App app("Helios: metrics in; forecasts, anomalies and scaling advice out.", "helios");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);

  CommandLine line;
  CLI::App* serve = app.add_subcommand("serve", "Run the platform until SIGTERM");
  serve->add_option("--config", line.config_file, "TOML file; every setting is in docs/configuration.md");
  serve->add_option("--data-dir", line.data_dir, "Where everything is kept");
  serve->add_option("--listen", line.listen, "HOST:PORT; port 0 takes a free one (default 127.0.0.1:8080)");
  serve->add_option("--services", line.services, "all, or some of tenant, ingestion, inference, alerting, billing")
      ->delimiter(',');
  serve->add_flag("--behind-proxy", line.behind_proxy, "TLS ends in front of this process");
  serve->add_flag("--tls-self-signed", line.tls_self_signed, "Serve TLS with a certificate made in the data directory");
  serve->add_option("--log-level", line.log_level, "debug, info, warning or error");
  int status = 0;
  serve->callback([&] { status = Serve(line); });

  CLI::App* worker = app.add_subcommand("worker", "Run jobs beside helios serve, on the same database.url");
  worker->add_option("--config", line.config_file, "As of helios serve");
  worker->add_option("--data-dir", line.data_dir, "Names the user that the process becomes where it starts as root");
  worker->add_option("--log-level", line.log_level, "debug, info, warning or error");
  worker->callback([&] { status = Work(line); });

  CLI::App* compact = app.add_subcommand("compact", "Compact the samples of a platform that does not run");
  compact->add_option("--config", line.config_file, "TOML file; every setting is in docs/configuration.md");
  compact->add_option("--data-dir", line.data_dir, "Where everything is kept");
  compact->add_option("--log-level", line.log_level, "debug, info, warning or error");
  compact->callback([&] { status = Compact(line); });

  std::string backup_directory;
  CLI::App* backup = app.add_subcommand("backup", "Copy everything to a directory, while the platform runs or not");
  backup->add_option("DIRECTORY", backup_directory, "New or empty")->required();
  backup->add_option("--config", line.config_file, "As of helios serve");
  backup->add_option("--data-dir", line.data_dir, "Where everything is kept");
  backup->callback([&] { status = RunBackup(line, backup_directory); });

  helios::wiring::RestoreCommand restoring;
  CLI::App* restore = app.add_subcommand("restore", "Make a data directory of a backup, and verify it");
  restore->add_option("DIRECTORY", restoring.directory, "Of helios backup")->required();
  restore->add_option("--data-dir", restoring.data_dir, "New or empty")->required();
  restore->add_option("--master-key", restoring.master_key_file,
                      "The platform's master.key; without it HELIOS_MASTER_KEY must be set");
  restore->callback([&] { status = RunRestore(restoring); });

  AddImportCommand(app, status);
  AddExportCommand(app, status);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return status;
}
