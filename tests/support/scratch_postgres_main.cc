// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Holds a private cluster for ScratchPostgres: says where its socket is, and stops it when standard input ends, files
// and all.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "pg/private_cluster.h"
#include "pg/privileges.h"

namespace {

int Fail(const helios::Error& error) {
  fmt::print(stderr, "{}: {}\n", error.reason, error.message);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path directory = argv[1];
  if (auto done = helios::pg::DropPrivileges(directory); !done) return Fail(done.error());
  auto cluster = helios::pg::PrivateCluster::Start({.data_directory = directory / "postgres", .durable = false});
  if (!cluster) return Fail(cluster.error());

  // "host='<directory>' port=…"
  const std::string url = (*cluster)->app_url();
  const std::size_t first = url.find('\'') + 1;
  fmt::print("{}\n", url.substr(first, url.find('\'', first) - first));
  std::fflush(stdout);
  char c = 0;
  while (read(0, &c, 1) > 0) {
  }
  (*cluster)->Stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
  return 0;
}
