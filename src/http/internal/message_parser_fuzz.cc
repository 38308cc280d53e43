// SPDX-License-Identifier: Apache-2.0
#include "http/internal/message_parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace http = helios::http;
namespace parsing = helios::http::internal;

namespace {

constexpr std::size_t kMaxBody = 2000;

void Describe(const http::Headers& headers, std::string& out) {
  for (const auto& [name, value] : headers.fields()) out += name + ": " + value + "\n";
}

/// What a connection makes of `bytes` that arrive `step` at a time: every complete request, and whether it was refused.
std::string ReadRequests(std::string_view bytes, std::size_t step) {
  parsing::RequestParser parser({.header_bytes = 1000, .header_fields = 10});
  std::string out;
  std::size_t arrived = 0;
  std::size_t taken = 0;
  while (true) {
    http::Request request;
    parser.Begin(request);
    bool in_body = false;
    while (true) {
      std::string_view input = bytes.substr(taken, arrived - taken);
      const std::size_t before = input.size();
      const auto progress = in_body ? parser.ReadBody(input, kMaxBody) : parser.ReadHeader(input);
      if (input.size() > before || request.body.size() > kMaxBody) std::abort();
      taken += before - input.size();
      if (progress == parsing::Progress::kRefused) return out + "refused";
      if (progress == parsing::Progress::kNeedMore) {
        if (arrived == bytes.size()) return out;
        arrived = std::min(bytes.size(), arrived + step);
        continue;
      }
      if (in_body || !parser.has_body()) break;
      in_body = true;
    }
    out += std::string(http::MethodName(request.method)) + " " + request.target + "\n";
    Describe(request.headers, out);
    out += request.body + (parser.keep_alive() ? "\nkept\n" : "\nclosed\n");
    if (!parser.keep_alive()) return out;
  }
}

std::string ReadResponse(std::string_view bytes, std::size_t step) {
  parsing::ResponseParser parser(/*head=*/false, kMaxBody);
  for (std::size_t begin = 0; begin < bytes.size(); begin += step) {
    const auto done = parser.Feed(bytes.substr(begin, step));
    if (!done) return "refused";
    if (*done) break;
    if (begin + step >= bytes.size() && !parser.End()) return "refused";
  }
  if (bytes.empty()) return "";
  const http::ClientResponse response = parser.Take();
  std::string out = std::to_string(response.status) + "\n";
  Describe(response.headers, out);
  return out + response.body;
}

}  // namespace

/// Two readers of one stream must agree, however it is cut: what they disagree on is how requests are smuggled.
/// The first byte is the cut, the rest is the stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1U + data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if (ReadRequests(bytes, bytes.size() + 1) != ReadRequests(bytes, step)) std::abort();
  if (ReadResponse(bytes, bytes.size() + 1) != ReadResponse(bytes, step)) std::abort();
  return 0;
}
