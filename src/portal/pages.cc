// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "portal/pages.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/hex.h"
#include "crypto/digest.h"
#include "portal/accept_encoding.h"

namespace helios::portal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 64U << 20U;

/// First segments that belong to the API and to senders, also where no route has the path.
constexpr std::array<std::string_view, 10> kReserved = {"api",  "apis",    "auth",   "v1",     "write",
                                                        "scim", "healthz", "readyz", "health", "webhooks"};

// Radix and prerendered style attributes need 'unsafe-inline' for styles; scripts never get it.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'";

constexpr std::string_view kNoPortal =
    "This build of Helios has no portal. Its API is here: /api/v1/openapi.json lists what there is.\n"
    "To get the portal, run scripts/build, or point the setting portal.dir to a built one.\n";

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".map", "application/json"},
    {".webp", "image/webp"},
}};

std::string_view TypeOf(std::string_view name) {
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

std::string TagOf(std::string_view bytes) {
  const crypto::Digest256 digest = crypto::Sha256(bytes);
  return fmt::format("\"{}\"", ToHex(std::span(digest).first(16)));
}

/// The path that a file answers at: /x for x.html, / for index.html, /a/b.js for a/b.js.
std::string AddressOf(std::string name) {
  if (name.ends_with(".html")) name.resize(name.size() - 5);
  if (name == "index") name.clear();
  return "/" + name;
}

bool IsReserved(std::string_view path) {
  const std::string_view segment = path.substr(1, path.find('/', 1) - 1);
  // "//host" would be another place altogether, and is nobody's.
  return (segment.empty() && path.size() > 1) || std::ranges::find(kReserved, segment) != kReserved.end();
}

/// Whether If-None-Match names `etag`: a list of tags, each perhaps weak, or "*".
bool Names(std::string_view header, std::string_view etag) {
  return header == "*" || header.find(etag) != std::string_view::npos;
}

void AddSafety(http::Headers& headers) {
  headers.Set("Content-Security-Policy", std::string(kPolicy));
  headers.Set("X-Content-Type-Options", "nosniff");
  headers.Set("X-Frame-Options", "DENY");
  headers.Set("Referrer-Policy", "same-origin");
  headers.Set("Cross-Origin-Opener-Policy", "same-origin");
  headers.Set("Cross-Origin-Resource-Policy", "same-origin");
  headers.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
}

bool AsksForHtml(const http::Request& request) {
  return request.headers.Find("Accept").value_or("").find("text/html") != std::string_view::npos;
}

}  // namespace

Result<Pages> Pages::Load(const fs::path& directory) {
  Pages pages;
  std::error_code error;
  const fs::path root = fs::canonical(directory, error);
  if (error || !fs::is_regular_file(root / "index.html", error)) {
    return Fail(ErrorCode::kNotFound, "portal.absent", "cannot serve the portal: {} holds no index.html",
                directory.string());
  }
  std::size_t total = 0;
  std::map<std::string, std::string, std::less<>> contents;
  for (auto at = fs::recursive_directory_iterator(root, error); !error && at != fs::end(at); at.increment(error)) {
    if (!fs::is_regular_file(at->symlink_status())) continue;
    HELIOS_TRY(std::string bytes, ReadFile(at->path(), kMaxBytes));
    total += bytes.size();
    if (total > kMaxBytes) {
      return Fail(ErrorCode::kTooLarge, "portal.too_large",
                  "cannot serve the portal: {} holds more than {} MiB; is it the folder of a built portal?",
                  directory.string(), kMaxBytes >> 20U);
    }
    contents.emplace(at->path().lexically_relative(root).generic_string(), std::move(bytes));
  }
  if (error) {
    return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot read {}: {}", directory.string(), error.message());
  }
  const auto coded = [&contents](const std::string& name) -> std::optional<Coded> {
    const auto found = contents.find(name);
    if (found == contents.end()) return std::nullopt;
    return Coded{.bytes = found->second, .etag = TagOf(found->second)};
  };
  for (const auto& [name, bytes] : contents) {
    if (name.ends_with(".br") || name.ends_with(".gz")) continue;
    File file{.type = TypeOf(name),
              .immutable = name.starts_with("_next/static/"),
              .plain = {.bytes = bytes, .etag = TagOf(bytes)},
              .brotli = coded(name + ".br"),
              .gzip = coded(name + ".gz")};
    if (name == "404.html") {
      pages.missing_ = std::move(file);
    } else {
      pages.files_.emplace(AddressOf(name), std::move(file));
    }
  }
  return pages;
}

Pages Pages::Absent() {
  return {};
}

std::optional<http::Response> Pages::Answer(const http::Request& request) const {
  const bool reads = request.method == http::Method::kGet || request.method == http::Method::kHead;
  if (!reads || !request.path.starts_with('/') || IsReserved(request.path)) return std::nullopt;
  if (const auto file = files_.find(request.path); file != files_.end()) return Render(file->second, request, 200);
  if (files_.empty()) {
    if (request.path != "/") return std::nullopt;
    http::Response response = http::Text(404, std::string(kNoPortal));
    AddSafety(response.headers);
    return response;
  }
  if (request.path.size() > 1 && request.path.ends_with('/')) {
    const std::string_view without = std::string_view(request.path).substr(0, request.path.size() - 1);
    if (files_.contains(without)) {
      http::Response response = http::Text(308, "");
      response.headers.Set("Location", std::string(without));
      AddSafety(response.headers);
      return response;
    }
  }
  if (missing_ && AsksForHtml(request)) return Render(*missing_, request, 404);
  return std::nullopt;
}

http::Response Pages::Render(const File& file, const http::Request& request, http::Status status) const {
  constexpr std::array<std::string_view, 2> kCodings = {"br", "gzip"};
  std::array<std::string_view, 2> offered;
  std::size_t count = 0;
  if (file.brotli) offered[count++] = kCodings[0];
  if (file.gzip) offered[count++] = kCodings[1];
  const std::string_view accepts = request.headers.Find("Accept-Encoding").value_or("");
  const auto coding = ChooseCoding(accepts, std::span(offered).first(count));
  const Coded& coded = !coding ? file.plain : *coding == kCodings[0] ? *file.brotli : *file.gzip;

  const bool unchanged = status == 200 && Names(request.headers.Find("If-None-Match").value_or(""), coded.etag);
  http::Response response = http::Text(unchanged ? 304 : status, unchanged ? "" : coded.bytes, file.type);
  response.headers.Set("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.Set("ETag", coded.etag);
  if (count > 0) response.headers.Set("Vary", "Accept-Encoding");
  if (coding && !unchanged) response.headers.Set("Content-Encoding", std::string(*coding));
  AddSafety(response.headers);
  return response;
}

}  // namespace helios::portal
