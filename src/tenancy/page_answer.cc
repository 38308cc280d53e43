// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/page_answer.h"

#include <boost/json/object.hpp>

#include "http/json.h"

namespace helios::tenancy {

http::Response PageAnswer(boost::json::array rows, bool more, const Page& page, const http::Request& request,
                          TenantId tenant, const CursorCodec& cursors) {
  boost::json::object body{{"data", std::move(rows)}, {"next_cursor", nullptr}};
  if (more) body["next_cursor"] = NextCursor(request, tenant, cursors, page.offset + page.limit);
  return http::Json(200, body);
}

}  // namespace helios::tenancy
