// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "gateway/credential_header.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "crypto/token.h"
#include "identity/sessions.h"

namespace helios::gateway {
namespace {

bool StartsWithWord(std::string_view text, std::string_view word) {
  return text.size() > word.size() && text[word.size()] == ' ' &&
         std::ranges::equal(text.substr(0, word.size()), word, [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}

std::optional<std::string> ApiKeyOf(const http::Request& request) {
  if (const auto key = request.headers.Find("X-API-Key")) return std::string(*key);
  const auto authorization = request.headers.Find("Authorization");
  if (!authorization) {
    // InfluxDB's first version also takes the password from the query, and old senders have no other way.
    if (request.path != "/write") return std::nullopt;
    const auto password = request.Query("p");
    return password ? std::optional<std::string>(*password) : std::nullopt;
  }
  if (StartsWithWord(*authorization, "Bearer")) return std::string(authorization->substr(7));
  if (StartsWithWord(*authorization, "Token")) return std::string(authorization->substr(6));
  if (StartsWithWord(*authorization, "Basic")) {
    const auto pair = FromBase64(authorization->substr(6));
    if (!pair) return std::string();
    const std::size_t colon = pair->find(':');
    return colon == std::string::npos ? std::string() : pair->substr(colon + 1);
  }
  return std::string(*authorization);
}

/// The host part of an Origin such as "https://helios.example:8080".
std::string_view OriginHost(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view{} : origin.substr(scheme + 3);
}

Result<void> CheckSameSite(const http::Request& request) {
  using http::Method;
  if (request.method == Method::kGet || request.method == Method::kHead) return {};
  const auto origin = request.headers.Find("Origin");
  const auto host = request.headers.Find("Host");
  if (origin && host && OriginHost(*origin) == *host) return {};
  return Fail(ErrorCode::kPermissionDenied, "gateway.cross_site",
              "cannot change anything from another site: got Origin '{}'; want the site that Host '{}' names",
              origin.value_or("").substr(0, 128), host.value_or("").substr(0, 128));
}

}  // namespace

Result<identity::CredentialHash> CredentialOf(const http::Request& request, const identity::Credentials& credentials) {
  if (const auto key = ApiKeyOf(request)) {
    if (crypto::LooksLikeApiKey(*key)) return credentials.HashApiKey(*key);
    return Fail(ErrorCode::kUnauthenticated, "gateway.malformed_key",
                "cannot sign in with this API key: it is misspelt or cut short; want hlx_ and 49 characters");
  }
  if (const auto token = identity::SessionToken(request)) {
    HELIOS_CHECK(CheckSameSite(request));
    return credentials.HashSessionToken(*token);
  }
  return Fail(ErrorCode::kUnauthenticated, "gateway.no_credential",
              "cannot serve this without a credential: send an API key as X-API-Key: hlx_… or sign in");
}

}  // namespace helios::gateway
