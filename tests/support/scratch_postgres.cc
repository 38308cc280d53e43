// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/scratch_postgres.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "pg/migrate.h"

namespace helios::testing {
namespace {

[[noreturn]] void Die(const std::string& cause) {
  fmt::print(stderr, "scratch PostgreSQL: {}\n", cause);
  std::abort();
}

// Opened while the test may still read the build directory: a test that drops privileges later, in a clone under
// root's home, could not reach it by its path any more.
const int program_descriptor = open(HELIOS_SCRATCH_POSTGRES_PROGRAM, O_RDONLY | O_CLOEXEC);

}  // namespace

ScratchPostgres::ScratchPostgres() {
  std::string directory = "/tmp/helios-scratch-XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) Die("cannot make a directory in /tmp");
  directory_ = directory;  // given to the user that the helper becomes, who also removes it

  std::array<int, 2> to_helper{};
  std::array<int, 2> from_helper{};
  if (pipe2(to_helper.data(), O_CLOEXEC) != 0 || pipe2(from_helper.data(), O_CLOEXEC) != 0) Die("cannot make a pipe");
  std::string name = "scratch-postgres";
  const std::array<char*, 3> arguments = {name.data(), directory.data(), nullptr};
  helper_ = fork();
  if (helper_ == 0) {
    dup2(to_helper[0], 0);
    dup2(from_helper[1], 1);
    fexecve(program_descriptor, arguments.data(), environ);
    _exit(127);
  }
  if (helper_ < 0) Die("cannot fork");
  close(to_helper[0]);
  close(from_helper[1]);
  lifeline_ = to_helper[1];

  // One line: the directory of the socket.
  char c = 0;
  while (read(from_helper[0], &c, 1) == 1 && c != '\n') socket_ += c;
  close(from_helper[0]);
  if (c != '\n') Die("the server did not start; its words are above");

  SqlClient admin(fmt::format("host={} user=postgres dbname=postgres", socket_));
  admin.Must("CREATE DATABASE migrated OWNER helios_owner");
  if (auto done = pg::Migrate(fmt::format("host={} user=helios_owner dbname=migrated", socket_)); !done) {
    Die(done.error().message);
  }
}

ScratchPostgres::~ScratchPostgres() {
  close(lifeline_);
  waitpid(helper_, nullptr, 0);
  std::error_code ignored;  // what a helper that was killed left behind, as far as we may
  std::filesystem::remove_all(directory_, ignored);
  std::filesystem::remove_all(socket_, ignored);
}

ScratchPostgres& ScratchPostgres::Shared() {
  static ScratchPostgres shared;
  return shared;
}

ScratchDatabase ScratchPostgres::Create(std::string_view source) {
  static std::atomic<int> count = 0;
  const std::string name = fmt::format("scratch_{}_{}", getpid(), ++count);
  SqlClient admin(fmt::format("host={} user=postgres dbname=postgres", socket_));
  admin.Must(fmt::format("CREATE DATABASE {} OWNER helios_owner TEMPLATE {}", name, source));
  const auto url = [&](std::string_view user) { return fmt::format("host={} user={} dbname={}", socket_, user, name); };
  return {url("helios_app"), url("helios_owner"), url("postgres")};
}

ScratchDatabase ScratchPostgres::NewDatabase() {
  return Create("migrated");
}

ScratchDatabase ScratchPostgres::NewEmptyDatabase() {
  return Create("template0");
}

pid_t ScratchPostgres::server_pid() const {
  std::ifstream file(data_directory() / "postmaster.pid");
  pid_t pid = -1;
  file >> pid;
  return pid;
}

SqlClient::SqlClient(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_) != CONNECTION_OK) Die(PQerrorMessage(connection_));
  PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
}

SqlClient::~SqlClient() {
  PQfinish(connection_);
}

SqlClient::Answer SqlClient::Run(const std::string& sql) {
  PGresult* result = PQexec(connection_, sql.c_str());
  Answer answer;
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    answer.sqlstate = state == nullptr ? "connection" : state;
    answer.message = PQerrorMessage(connection_);
  }
  for (int row = 0; row < PQntuples(result); ++row) {
    auto& values = answer.rows.emplace_back();
    for (int column = 0; column < PQnfields(result); ++column) {
      values.push_back(PQgetisnull(result, row, column) != 0
                           ? std::nullopt
                           : std::optional<std::string>(PQgetvalue(result, row, column)));
    }
  }
  answer.affected = std::strtoul(PQcmdTuples(result), nullptr, 10);
  PQclear(result);
  return answer;
}

SqlClient::Answer SqlClient::Must(const std::string& sql) {
  Answer answer = Run(sql);
  if (!answer.ok()) Die(fmt::format("{}\n  in: {}", answer.message, sql));
  return answer;
}

std::string SqlClient::Answer::value() const {
  if (rows.size() != 1 || rows[0].size() != 1 || !rows[0][0]) Die("a query gave no single value: " + message);
  return *rows[0][0];
}

}  // namespace helios::testing
