// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/page.h"

#include <algorithm>
#include <charconv>

#include "base/nearest_name.h"

namespace helios::tenancy {
namespace {

constexpr std::size_t kMaxLimit = 1000;

std::string Filters(const http::Request& request) {
  std::string text = request.path;
  for (const auto& [name, value] : request.query) {
    if (name != "limit" && name != "cursor") text += fmt::format("\n{}={}", name, value);
  }
  return text;
}

bool ParseNumber(std::string_view text, std::size_t& out) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
}

}  // namespace

Result<Page> ParsePage(const http::Request& request, TenantId tenant, const CursorCodec& cursors) {
  Page page;
  if (const auto limit = request.Query("limit")) {
    if (!ParseNumber(*limit, page.limit) || page.limit < 1 || page.limit > kMaxLimit) {
      return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter",
                  "cannot list: limit is '{}'; want a whole number from 1 to {}", *limit, kMaxLimit);
    }
  }
  if (const auto cursor = request.Query("cursor")) {
    HELIOS_TRY(const std::string position, cursors.Decode(tenant, Filters(request), *cursor));
    if (!ParseNumber(position, page.offset))
      return Fail(ErrorCode::kInternal, "http.bad_cursor", "a sealed cursor is damaged");
  }
  return page;
}

std::string NextCursor(const http::Request& request, TenantId tenant, const CursorCodec& cursors, std::size_t offset) {
  return cursors.Encode(tenant, Filters(request), std::to_string(offset));
}

Result<void> AllowQuery(const http::Request& request, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string_view nearest = NearestName(name, std::span(known.begin(), known.size()));
    if (nearest.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "http.unknown_parameter", "cannot use the query parameter '{}'; want {}",
                  name, fmt::join(known, ", "));
    }
    return Fail(ErrorCode::kInvalidArgument, "http.unknown_parameter",
                "cannot use the query parameter '{}'; did you mean '{}'?", name, nearest);
  }
  return {};
}

}  // namespace helios::tenancy
