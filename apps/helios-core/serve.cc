// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <cstdio>
#include <memory>

#include "commands.h"
#include "obs/log.h"
#include "stateless/inference_server.h"

namespace {

constexpr std::chrono::seconds kStopGrace{25};

struct ServeFlags {
  std::string listen = "127.0.0.1:8080";
  helios::stateless::ServerOptions options;
};

/// Runs until SIGTERM or SIGINT.
helios::Result<std::string> Serve(ServeFlags flags) {
  // Blocked before the first thread exists, so that they reach sigwait() below and nobody else.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  HELIOS_TRY(flags.options.listen, helios::http::ParseEndpoint(flags.listen));
  HELIOS_TRY(const auto server, helios::stateless::InferenceServer::Start(flags.options));
  const std::string& host = flags.options.listen.host;
  std::printf("helios-core is ready on http://%s:%u; SIGTERM or Ctrl-C stops it\n",
              host.empty() ? "0.0.0.0" : (host.find(':') != std::string::npos ? "[" + host + "]" : host).c_str(),
              static_cast<unsigned>(server->port()));
  std::fflush(stdout);

  int received = 0;
  sigwait(&stop_signals, &received);
  // A second signal means "now".
  pthread_sigmask(SIG_UNBLOCK, &stop_signals, nullptr);
  server->Stop(kStopGrace);
  helios::obs::FlushLogs();
  return "helios-core has stopped\n";
}

}  // namespace

void DeclareServe(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("serve", "answer POST /predict and /detect for histories in the request");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("--listen", flags->listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  command->add_option("--workers", flags->options.workers, "requests computed at a time; 0: one for each processor")
      ->check(CLI::Range(0, 1'024))
      ->capture_default_str();
  command->add_flag("--behind-proxy", flags->options.behind_proxy,
                    "listen on an address that others reach: a proxy in front decides who may");
  command->footer(
      "Try: curl http://127.0.0.1:8080/predict --json '{\"history\":[{\"timestamp\":0,\"value\":1},"
      "{\"timestamp\":60000,\"value\":2},{\"timestamp\":120000,\"value\":3}],\"horizons\":[5]}'");
  command->callback([flags, &chosen] { chosen = [flags] { return Serve(*flags); }; });
}
