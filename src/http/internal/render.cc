// SPDX-License-Identifier: Apache-2.0
#include "http/internal/render.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>

#include "http/internal/ascii.h"
#include "http/internal/gzip.h"
#include "http/problem.h"

namespace helios::http::internal {
namespace {

constexpr std::size_t kCompressAbove = 1024;

/// Fields that say how the bytes travel: the server's own.
bool IsServersOwn(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kOwn = {"date",         "server",         "connection",
                                                           "x-request-id", "content-length", "transfer-encoding"};
  return std::any_of(kOwn.begin(), kOwn.end(), [name](std::string_view own) { return EqualsIgnoringCase(name, own); });
}

void AppendFieldText(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  out += text;
  // A line break from user data must not become a field or a response of the user's making.
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

bool IsCompressible(std::string_view type) {
  type = Trim(type.substr(0, type.find(';')));
  static constexpr std::array<std::string_view, 6> kTypes = {"application/json",         "application/javascript",
                                                             "application/xml",          "application/yaml",
                                                             "application/openapi+yaml", "image/svg+xml"};
  return type.starts_with("text/") || type.ends_with("+json") ||
         std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

}  // namespace

std::string_view CommonFields::Get(std::time_t now) {
  if (now != second_) {
    second_ = now;
    text_ = fmt::format("Server: helios\r\nDate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(now));
  }
  return text_;
}

void AppendHead(std::string& out, const Response& response, const Framing& framing, std::string_view common,
                std::string_view request_id, std::string_view connection) {
  if (response.status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
  } else {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {:03} {}\r\n", response.status, StatusText(response.status));
  }
  out += common;
  for (const auto& [name, value] : response.headers.fields()) {
    if (name.empty() || IsServersOwn(name)) continue;
    AppendFieldText(out, name);
    out += ": ";
    AppendFieldText(out, value);
    out += "\r\n";
  }
  AppendField(out, "X-Request-Id", request_id);
  if (framing.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (framing.has_length) {
    const fmt::format_int length(framing.length);
    AppendField(out, "Content-Length", {length.data(), length.size()});
  }
  if (!connection.empty()) AppendField(out, "Connection", connection);
  out += "\r\n";
}

bool AcceptsGzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    std::string_view element = TakeListElement(accept_encoding);
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view coding = Trim(element.substr(0, semicolon));
    if (!EqualsIgnoringCase(coding, "gzip") && coding != "*") continue;
    const std::string_view weight = Trim(element.substr(std::min(semicolon + 1, element.size())));
    const bool zero = (weight.starts_with("q=0") || weight.starts_with("Q=0")) &&
                      weight.find_first_not_of("0.", 2) == std::string_view::npos;
    return !zero;
  }
  return false;
}

void MaybeCompress(Response& response, bool accepted) {
  auto* body = std::get_if<std::string>(&response.body);
  if (body == nullptr || body->size() <= kCompressAbove || response.headers.Find("Content-Encoding") ||
      !IsCompressible(response.headers.Find("Content-Type").value_or(""))) {
    return;
  }
  response.headers.Add("Vary", "Accept-Encoding");
  if (!accepted) return;
  *body = Gzip(*body);
  response.headers.Add("Content-Encoding", "gzip");
}

}  // namespace helios::http::internal
