// SPDX-License-Identifier: Apache-2.0
#include "http/json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

namespace http = helios::http;

namespace {

std::string Rewritten(const boost::json::value& value) {
  const auto again = http::ParseJson(std::get<std::string>(http::Json(200, value).body));
  if (!again) std::abort();
  return std::get<std::string>(http::Json(200, *again).body);
}

}  // namespace

/// What was read can be written and read again. Once written, nothing changes any more: 1.0 becomes 1, and stays it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = http::ParseJson({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const std::string written = Rewritten(*value);
  if (Rewritten(http::ParseJson(written).value()) != written) std::abort();
  return 0;
}
