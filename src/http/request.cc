// SPDX-License-Identifier: Apache-2.0
#include "http/request.h"

#include <algorithm>
#include <array>

#include "http/internal/ascii.h"
#include "http/internal/gzip.h"

namespace helios::http {
namespace {

constexpr std::array<std::string_view, 8> kMethodNames = {"GET",   "HEAD",   "POST",    "PUT",
                                                          "PATCH", "DELETE", "OPTIONS", "OTHER"};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Length of the valid UTF-8 sequence at the front of `text`, or 0. Source: Unicode 15, table 3-7.
std::size_t SequenceLength(std::string_view text) {
  const auto in = [text](std::size_t i, unsigned low, unsigned high) {
    return i < text.size() && static_cast<std::uint8_t>(text[i]) >= low && static_cast<std::uint8_t>(text[i]) <= high;
  };
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return in(1, 0x80, 0xbf) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    return in(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) && in(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool second = in(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
    return second && in(2, 0x80, 0xbf) && in(3, 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

bool IsText(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    if (length == 0 || text.front() == '\0') return false;
    text.remove_prefix(length);
  }
  return true;
}

/// Undoes %XX, and '+' in a query.
Result<void> Unescape(std::string_view text, bool plus_is_space, std::string& out) {
  out.clear();
  out.reserve(text.size());
  bool escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return Fail(ErrorCode::kInvalidArgument, "http.bad_target",
                    "cannot read the target: '%' at byte {} is not followed by two hexadecimal digits", i);
      }
      out += static_cast<char>(high * 16 + low);
      escaped = true;
      i += 2;
    } else {
      escaped = escaped || static_cast<std::uint8_t>(c) >= 0x80;
      out += c == '+' && plus_is_space ? ' ' : c;
    }
  }
  if (escaped && !IsText(out)) {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_target",
                "cannot read the target: its escapes give a NUL or invalid UTF-8; want UTF-8 text");
  }
  return {};
}

}  // namespace

std::string_view MethodName(Method method) {
  const auto index = static_cast<std::size_t>(method);
  return kMethodNames[std::min(index, kMethodNames.size() - 1)];
}

void Headers::Set(std::string_view name, std::string value) {
  const auto first = std::find_if(fields_.begin(), fields_.end(), [name](const auto& field) {
    return internal::EqualsIgnoringCase(field.first, name);
  });
  if (first == fields_.end()) {
    fields_.emplace_back(std::string(name), std::move(value));
    return;
  }
  first->second = std::move(value);
  fields_.erase(std::remove_if(first + 1, fields_.end(),
                               [name](const auto& field) { return internal::EqualsIgnoringCase(field.first, name); }),
                fields_.end());
}

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (internal::EqualsIgnoringCase(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::Query(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view Request::PathParameter(std::string_view name) const {
  for (const auto& [key, value] : path_parameters) {
    if (key == name) return value;
  }
  return {};
}

std::string Request::ContentType() const {
  const std::string_view field = headers.Find("Content-Type").value_or("");
  std::string type(internal::Trim(field.substr(0, field.find(';'))));
  std::transform(type.begin(), type.end(), type.begin(), internal::ToLower);
  return type;
}

Result<std::string> Request::DecodedBody(std::size_t max_bytes) const {
  const std::string_view coding = internal::Trim(headers.Find("Content-Encoding").value_or(""));
  if (coding.empty() || internal::EqualsIgnoringCase(coding, "identity")) {
    if (body.size() > max_bytes) {
      return Fail(ErrorCode::kTooLarge, "http.body_too_large", "cannot take the body: got {} bytes; want at most {}",
                  body.size(), max_bytes);
    }
    return body;
  }
  const bool gzip = internal::EqualsIgnoringCase(coding, "gzip") || internal::EqualsIgnoringCase(coding, "x-gzip");
  if (!gzip && !internal::EqualsIgnoringCase(coding, "deflate")) {
    return Fail(ErrorCode::kUnsupportedType, "http.unsupported_encoding",
                "cannot decode the body: got Content-Encoding '{}'; want gzip, deflate or identity",
                coding.substr(0, 64));
  }
  return internal::Inflate(body, gzip, max_bytes);
}

Result<void> ParseTarget(std::string_view target, Request& request) {
  request.query.clear();
  for (const std::string_view scheme : {"http://", "https://"}) {  // absolute form, as proxies send it
    if (target.size() < scheme.size() || !internal::EqualsIgnoringCase(target.substr(0, scheme.size()), scheme))
      continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    if (target.empty()) target = "/";
  }
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  if (path == "*") {
    request.path = "*";
    return {};
  }
  if (!path.empty() && path.front() != '/') {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_target",
                "cannot read the target: want a path that starts with '/'");
  }
  HELIOS_CHECK(Unescape(path, false, request.path));
  if (std::count(path.begin(), path.end(), '/') != std::count(request.path.begin(), request.path.end(), '/')) {
    // Undone, it would cut a segment in two, and what stands in front of this server may have judged another path.
    return Fail(ErrorCode::kInvalidArgument, "http.bad_target",
                "cannot read the target: its path holds an escaped '/'");
  }
  if (request.path.empty()) request.path = "/";
  if (mark == std::string_view::npos) return {};
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto& [name, value] = request.query.emplace_back();
    HELIOS_CHECK(Unescape(pair.substr(0, equals), true, name));
    if (equals != std::string_view::npos) HELIOS_CHECK(Unescape(pair.substr(equals + 1), true, value));
  }
  return {};
}

}  // namespace helios::http
