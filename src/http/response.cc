// SPDX-License-Identifier: Apache-2.0
#include "http/response.h"

namespace helios::http {

Response Text(Status status, std::string body, std::string_view content_type) {
  Response response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.Add("Content-Type", std::string(content_type));
  return response;
}

Response JsonText(Status status, std::string json) {
  return Text(status, std::move(json), "application/json");
}

Response NoContent() {
  return {.status = 204, .headers = {}, .body = std::string()};
}

}  // namespace helios::http
