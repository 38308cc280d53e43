// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include "http/response.h"
#include "tenancy/page.h"

namespace helios::tenancy {

/// {"data": rows, "next_cursor": …}: null where there is no `more`.
[[nodiscard]] http::Response PageAnswer(boost::json::array rows, bool more, const Page& page,
                                        const http::Request& request, TenantId tenant, const CursorCodec& cursors);

/// One page of a list whose items were read with one more than the page's limit, each as `render` gives it.
template <class Item, class Render>
[[nodiscard]] http::Response PageAnswer(const std::vector<Item>& items, const Page& page, const http::Request& request,
                                        TenantId tenant, const CursorCodec& cursors, const Render& render) {
  boost::json::array rows;
  for (std::size_t i = 0; i < std::min(items.size(), page.limit); ++i) rows.push_back(render(items[i]));
  return PageAnswer(std::move(rows), items.size() > page.limit, page, request, tenant, cursors);
}

/// As ToJson() of the items' own namespace gives it.
template <class Item>
[[nodiscard]] http::Response PageAnswer(const std::vector<Item>& items, const Page& page, const http::Request& request,
                                        TenantId tenant, const CursorCodec& cursors) {
  return PageAnswer(items, page, request, tenant, cursors, [](const Item& item) { return ToJson(item); });
}

}  // namespace helios::tenancy
