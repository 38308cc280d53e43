// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/platform.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"

namespace helios::transfer {
namespace {

std::unexpected<Error> BadOption(std::string message) {
  return std::unexpected(Error{ErrorCode::kInvalidArgument, "transfer.bad_option", std::move(message)});
}

}  // namespace

bool IsLoopbackOrigin(std::string_view url) {
  if (!url.starts_with("http://")) return false;
  url.remove_prefix(7);
  const std::string_view authority = url.substr(0, url.find('/'));
  const std::size_t after = authority.starts_with('[') ? authority.find(']') : 0;
  if (after == std::string_view::npos) return false;
  const std::string host(authority.substr(0, authority.find(':', after)));
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]";
}

Result<http::Headers> CredentialHeaders(const ServerOptions& options) {
  http::Headers headers;
  if (!options.api_key.empty()) headers.Add("X-API-Key", options.api_key);
  if (!options.bearer.empty()) headers.Add("Authorization", "Bearer " + options.bearer);
  if (!options.user.empty()) {
    if (options.user.contains(':')) return BadOption("cannot use the user's name: it holds a ':'");
    headers.Add("Authorization", "Basic " + ToBase64(options.user + ":" + options.password));
  }
  const bool secret = !headers.fields().empty();
  if (!options.scope_org.empty()) headers.Add("X-Scope-OrgID", options.scope_org);
  for (const auto& [name, value] : headers.fields()) {
    if (std::ranges::any_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; })) {
      return BadOption(fmt::format("cannot use the credential for {}: it holds a line break", name));
    }
  }
  if (secret && options.url.starts_with("http://") && !options.insecure_http && !IsLoopbackOrigin(options.url)) {
    return BadOption(fmt::format(
        "cannot send a credential to '{}' over plain http: anyone on the way could read it; use https, or give "
        "--insecure-http if that network is trusted",
        options.url));
  }
  return headers;
}

}  // namespace helios::transfer
