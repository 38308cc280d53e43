// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>
#include <utility>

#include "pg/internal/connection.h"
#include "pg/rows.h"

namespace helios::pg {

struct Rows::State {
  State(std::string_view name, internal::ResultPtr owned) : statement(name), result(std::move(owned)) {}

  std::string_view statement;
  internal::ResultPtr result;
};

}  // namespace helios::pg
