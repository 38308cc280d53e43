// SPDX-License-Identifier: Apache-2.0
#include "agent/options.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "agent/disk_buffer.h"
#include "agent/host.h"

namespace helios::agent {
namespace {

constexpr std::size_t kMaxUserLabels = 20;
constexpr std::size_t kMaxLabelNameBytes = 64;
constexpr std::size_t kMaxLabelValueBytes = 128;
constexpr std::uint64_t kLargestBuffer = 16ULL << 30U;

template <class... Args>
std::unexpected<Error> BadFlag(fmt::format_string<Args...> format, Args&&... args) {
  return Fail(ErrorCode::kInvalidArgument, "agent.bad_flag", format, std::forward<Args>(args)...);
}

/// A whole number with one of `units` behind it; a bare number is of the unit "".
template <std::size_t kUnits>
std::optional<std::uint64_t> ParseWithUnit(
    std::string_view text, const std::array<std::pair<std::string_view, std::uint64_t>, kUnits>& units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& [name, factor] : units) {
    if (unit != name) continue;
    if (number > UINT64_MAX / 2 / factor) return std::nullopt;
    return number * factor;
  }
  return std::nullopt;
}

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether only this machine is reached under that name. An address counts as a whole: "127.0.0.1.example.com"
/// is a name like any other.
bool IsLoopback(const std::string& host) {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]";
}

/// Checks an origin, and gives it back as the client wants it.
Result<std::string> CheckEndpoint(std::string_view text, bool insecure_http) {
  std::string_view rest = text;
  const bool tls = rest.starts_with("https://");
  if (!tls && !rest.starts_with("http://")) {
    return BadFlag("cannot use --endpoint '{}': want http://host:port or https://host", text);
  }
  rest.remove_prefix(tls ? 8 : 7);
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (text.find_first_of("?#@ \t\r\n\\") != std::string_view::npos) {
    return BadFlag("cannot use --endpoint '{}': it must not hold a user name, a query or a blank", text);
  }
  const std::size_t after_host = authority.starts_with('[') ? authority.find(']') : 0;
  if (after_host == std::string_view::npos) return BadFlag("cannot use --endpoint '{}': want a ']'", text);
  const std::string_view host = authority.substr(0, authority.find(':', after_host));
  if (host.empty()) return BadFlag("cannot use --endpoint '{}': it names no host", text);
  if (host.size() < authority.size()) {
    const std::string_view port = authority.substr(host.size() + 1);
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || end != port.data() + port.size() || number == 0) {
      return BadFlag("cannot use --endpoint '{}': got port '{}'; want 1 to 65535", text, port);
    }
  }
  if (!tls && !insecure_http && !IsLoopback(std::string(host))) {
    return BadFlag(
        "cannot send the API key to '{}' over plain http: anyone on the way could read it; use https, or give "
        "--insecure-http if that network is trusted",
        host);
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

Result<std::string> CheckApiKey(std::string_view key) {
  if (key.empty()) return BadFlag("cannot start without an API key: want --api-key or HELIOS_API_KEY");
  // The key itself stays out of the message.
  if (!key.starts_with("hlx_") || !std::ranges::all_of(key, IsWordCharacter) || key.size() > 256) {
    return BadFlag(
        "cannot use the API key: want one that begins with 'hlx_' and has letters and digits alone after it");
  }
  return std::string(key);
}

Result<Labels> MakeMachineLabels(const Flags& flags) {
  // Names that samples use themselves.
  std::set<std::string, std::less<>> taken = {"host", "mode",     "device", "fstype", "mountpoint", "interface",
                                              "kind", "resource", "cgroup", "sensor", "zone"};
  const std::string host = flags.host.empty() ? HostName() : flags.host;
  if (host.size() > kMaxLabelValueBytes) {
    return BadFlag("cannot use --host: it has {} bytes; want at most {}", host.size(), kMaxLabelValueBytes);
  }
  Labels labels = {{"host", host}};
  if (flags.labels.size() > kMaxUserLabels) {
    return BadFlag("cannot use {} labels: want at most {}", flags.labels.size(), kMaxUserLabels);
  }
  for (const std::string& text : flags.labels) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == std::string::npos || name.empty() || !std::ranges::all_of(name, IsWordCharacter) ||
        (name[0] >= '0' && name[0] <= '9') || name.size() > kMaxLabelNameBytes) {
      return BadFlag("cannot use --label '{}': want name=value, the name of letters, digits and '_'", text);
    }
    const std::string value = text.substr(equals + 1);
    if (value.empty() || value.size() > kMaxLabelValueBytes) {
      return BadFlag("cannot use --label '{}': want a value of 1 to {} bytes", text, kMaxLabelValueBytes);
    }
    if (!taken.insert(name).second) {
      return BadFlag("cannot use --label '{}': '{}' is given already, or is a name of the agent's own{}", text, name,
                     name == "host" ? "; use --host" : "");
    }
    labels.emplace_back(name, value);
  }
  return labels;
}

}  // namespace

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> kUnits = {
      {{"", 1'000}, {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};
  const auto ms = ParseWithUnit(text, kUnits);
  if (!ms) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*ms));
}

std::optional<std::uint64_t> ParseBytes(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 8> kUnits = {{{"", 1},
                                                                                        {"B", 1},
                                                                                        {"KiB", 1ULL << 10U},
                                                                                        {"MiB", 1ULL << 20U},
                                                                                        {"GiB", 1ULL << 30U},
                                                                                        {"KB", 1'000},
                                                                                        {"MB", 1'000'000},
                                                                                        {"GB", 1'000'000'000}}};
  return ParseWithUnit(text, kUnits);
}

std::filesystem::path DefaultBufferDirectory(const Environment& environment, bool is_root) {
  if (is_root) return "/var/lib/helios-agent";
  if (const auto state = environment("XDG_STATE_HOME"); state && state->starts_with('/')) {
    return std::filesystem::path(*state) / "helios-agent";
  }
  if (const auto home = environment("HOME"); home && home->starts_with('/')) {
    return std::filesystem::path(*home) / ".local/state/helios-agent";
  }
  return {};
}

std::filesystem::path SystemCaFile(const Environment& environment,
                                   const std::function<bool(const std::filesystem::path&)>& exists) {
  if (const auto file = environment("SSL_CERT_FILE"); file && !file->empty()) return *file;
  for (const char* file : {"/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
                           "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
                           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // newer ones of those
                           "/etc/ssl/ca-bundle.pem",                             // SUSE
                           "/etc/ssl/cert.pem"}) {
    if (exists(file)) return file;
  }
  return {};
}

Result<Options> MakeOptions(const Flags& flags, const Environment& environment, bool is_root) {
  Options options;
  if (!flags.print) {
    HELIOS_TRY(options.api_key,
               CheckApiKey(flags.api_key.empty() ? environment("HELIOS_API_KEY").value_or("") : flags.api_key));
    const std::string endpoint = flags.endpoint.empty() ? environment("HELIOS_ENDPOINT").value_or("") : flags.endpoint;
    if (endpoint.empty()) return BadFlag("cannot start without an endpoint: want --endpoint or HELIOS_ENDPOINT");
    HELIOS_TRY(options.endpoint, CheckEndpoint(endpoint, flags.insecure_http));
  }
  const auto interval = ParseDuration(flags.interval);
  if (!interval || *interval < std::chrono::seconds(1) || *interval > std::chrono::seconds(300)) {
    return BadFlag("cannot use --interval '{}': want 1s to 300s", flags.interval);
  }
  options.interval = *interval;
  const auto bytes = ParseBytes(flags.buffer_max);
  if (!bytes || *bytes < DiskBuffer::kSmallestBound || *bytes > kLargestBuffer) {
    return BadFlag("cannot use --buffer-max '{}': want 1MiB to 16GiB", flags.buffer_max);
  }
  options.buffer_max_bytes = *bytes;
  options.buffer_dir = flags.buffer_dir;
  if (options.buffer_dir.empty()) options.buffer_dir = DefaultBufferDirectory(environment, is_root);
  if (options.buffer_dir.empty() && !flags.print) {
    return BadFlag("cannot tell where to buffer samples: HOME is not set; want --buffer-dir");
  }
  HELIOS_TRY(options.machine_labels, MakeMachineLabels(flags));
  const auto level = obs::ParseLogLevel(flags.log_level);
  if (!level) return BadFlag("cannot use --log-level '{}': want debug, info, warning or error", flags.log_level);
  options.log_level = *level;
  const auto exists = [](const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
  };
  if (!flags.ca_file.empty() && !exists(flags.ca_file)) {
    return BadFlag("cannot use --ca-file '{}': there is no such file", flags.ca_file);
  }
  options.ca_file = flags.ca_file;
  if (options.ca_file.empty()) options.ca_file = SystemCaFile(environment, exists);
  options.once = flags.once;
  options.print = flags.print;
  return options;
}

}  // namespace helios::agent
