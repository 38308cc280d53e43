// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/request.h"
#include "tenancy/cursor.h"

namespace helios::tenancy {

/// Which part of a list a request asks for.
struct Page {
  std::size_t limit = 100;
  std::size_t offset = 0;
};

/// Reads `limit` (1 to 1000) and `cursor`. The filters a cursor is bound to are the path and every other
/// query parameter. Errors: kInvalidArgument http.bad_parameter, http.bad_cursor.
[[nodiscard]] Result<Page> ParsePage(const http::Request& request, TenantId tenant, const CursorCodec& cursors);

/// The cursor of the page that starts at `offset`.
[[nodiscard]] std::string NextCursor(const http::Request& request, TenantId tenant, const CursorCodec& cursors,
                                     std::size_t offset);

/// Refuses query parameters that a route does not know: kInvalidArgument http.unknown_parameter.
[[nodiscard]] Result<void> AllowQuery(const http::Request& request, std::initializer_list<std::string_view> known);

}  // namespace helios::tenancy
