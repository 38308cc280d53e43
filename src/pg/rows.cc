// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/rows.h"

#include <charconv>
#include <cstdlib>

#include "obs/log.h"
#include "pg/internal/rows_state.h"

namespace helios::pg {
namespace {

[[noreturn]] void Abort(std::string_view statement, std::string_view column, std::string_view problem) {
  obs::LogError("pg.rows_misread", {{"statement", statement}, {"column", column}, {"problem", problem}});
  obs::FlushLogs();
  std::abort();
}

template <class Number>
bool ParseNumber(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::size_t Rows::size() const {
  return static_cast<std::size_t>(PQntuples(state_->result.get()));
}

std::size_t Rows::affected() const {
  std::size_t count = 0;
  ParseNumber(PQcmdTuples(state_->result.get()), count);
  return count;
}

Rows::Row Rows::operator[](std::size_t index) const {
  if (index >= size()) Abort(state_->statement, "", fmt::format("row {} of {} asked for", index, size()));
  return Row(*state_, index);
}

Rows::Row Rows::front() const {
  return (*this)[0];
}

std::optional<std::string_view> Rows::Row::Text(std::string_view column) const {
  const PGresult* result = state_.result.get();
  const int columns = PQnfields(result);
  for (int i = 0; i < columns; ++i) {
    if (column != PQfname(result, i)) continue;
    const int row = static_cast<int>(index_);
    if (PQgetisnull(result, row, i) != 0) return std::nullopt;
    return std::string_view(PQgetvalue(result, row, i), static_cast<std::size_t>(PQgetlength(result, row, i)));
  }
  Abort(state_.statement, column, "there is no such column");
}

void Rows::Row::Mismatch(std::string_view column, std::string_view want) const {
  Abort(state_.statement, column, fmt::format("the code wants {}", want));
}

bool Rows::Row::Convert(std::string_view text, std::string& out) {
  out = text;
  return true;
}

bool Rows::Row::Convert(std::string_view text, bool& out) {
  out = text == "t";
  return out || text == "f";
}

bool Rows::Row::Convert(std::string_view text, std::int64_t& out) {
  return ParseNumber(text, out);
}

// Takes "NaN" and "Infinity" as PostgreSQL writes them.
bool Rows::Row::Convert(std::string_view text, double& out) {
  return ParseNumber(text, out);
}

bool Rows::Row::Convert(std::string_view text, Uuid& out) {
  const auto uuid = Uuid::Parse(text);
  if (uuid) out = *uuid;
  return uuid.has_value();
}

// "2026-01-03 12:00:00.25+00": DateStyle and TimeZone are set on every connection.
bool Rows::Row::Convert(std::string_view text, TimestampMs& out) {
  if (text.size() < 22 || text[10] != ' ' || !text.ends_with("+00")) return false;
  std::string rfc3339(text.substr(0, text.size() - 3));
  rfc3339[10] = 'T';
  rfc3339 += 'Z';
  const auto time = ParseRfc3339(rfc3339);
  if (time) out = *time;
  return time.has_value();
}

}  // namespace helios::pg
