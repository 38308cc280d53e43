// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <cmath>

#include "http/internal/json_writer.h"
#include "obs/log.h"

namespace helios::http::internal {
namespace {

void AppendText(std::string& out, std::string_view text) {
  const auto plain = [](char c) { return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f; };
  out += '"';
  std::size_t length = 0;
  while (length < text.size() && plain(text[length])) ++length;
  out.append(text.substr(0, length));
  if (length < text.size()) obs::AppendJsonEscaped(out, text.substr(length));
  out += '"';
}

void AppendDouble(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  fmt::format_to(std::back_inserter(out), "{}", number);
}

}  // namespace

void AppendJson(std::string& out, const boost::json::value& value) {
  using boost::json::kind;
  switch (value.kind()) {
    case kind::null: out += "null"; break;
    case kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case kind::int64: out += fmt::format_int(value.get_int64()).c_str(); break;
    case kind::uint64: out += fmt::format_int(value.get_uint64()).c_str(); break;
    case kind::double_: AppendDouble(out, value.get_double()); break;
    case kind::string: AppendText(out, value.get_string()); break;
    case kind::array: {
      char before = '[';
      for (const auto& element : value.get_array()) {
        out += before;
        before = ',';
        AppendJson(out, element);
      }
      out += before == '[' ? "[]" : "]";
      break;
    }
    case kind::object: {
      char before = '{';
      for (const auto& [name, member] : value.get_object()) {
        out += before;
        before = ',';
        AppendText(out, name);
        out += ':';
        AppendJson(out, member);
      }
      out += before == '{' ? "{}" : "}";
      break;
    }
  }
}

}  // namespace helios::http::internal
