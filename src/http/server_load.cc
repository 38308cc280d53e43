// SPDX-License-Identifier: Apache-2.0
// Serves GET /healthz from inline handlers until its standard input ends, then prints what a request cost:
//
//   http_server_load 8099 1 < pipe &   wrk -t1 -c64 -d10 http://127.0.0.1:8099/healthz
//
// A request's cost is the process's own CPU time, not the clock's: wrk shares the machine.

#include <prometheus/counter.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "http/server.h"

int main(int argc, char** argv) {
  using namespace helios;
  http::ServerConfig config;
  config.listen = {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0)};
  config.threads = static_cast<unsigned>(argc > 2 ? std::atoi(argv[2]) : 1);
  obs::Metrics metrics;
  auto server = http::Server::Listen(config, metrics);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  (*server)->Start(
      [](std::shared_ptr<http::Request> request, http::Responder respond) {
        respond(request->path == "/healthz" ? http::Text(200, "ok\n") : http::Text(404, "no such page\n"));
      },
      nullptr);
  std::printf("listening on port %u\n", (*server)->port());
  std::fflush(stdout);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) continue;
  (*server)->Stop(std::chrono::seconds(1));

  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  const double cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
  const double requests =
      metrics.Counter("helios_http_requests_total", "Requests answered, by class of status", {{"class", "2xx"}})
          .Value();
  std::printf("%.0f requests, %.2f s of CPU (%.2f user), %.0f requests per core-second\n", requests, cpu,
              seconds(used.ru_utime), requests / cpu);
  return 0;
}
