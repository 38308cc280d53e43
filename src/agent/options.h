// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/sample.h"
#include "base/result.h"
#include "obs/log.h"

namespace helios::agent {

/// Flags as they were given, with their defaults.
struct Flags {
  std::string api_key;
  std::string endpoint;
  std::string interval = "10s";
  std::string buffer_dir;  ///< empty: DefaultBufferDirectory()
  std::string buffer_max = "64MiB";
  std::vector<std::string> labels;
  std::string host;     ///< empty: the machine's name
  std::string ca_file;  ///< empty: SystemCaFile()
  std::string log_level = "info";
  bool once = false;
  bool print = false;
  bool insecure_http = false;
};

/// Flags understood and found to be sound.
struct Options {
  std::string api_key;   ///< never log it; empty with `print`
  std::string endpoint;  ///< without a trailing '/'; empty with `print`
  std::chrono::milliseconds interval{10'000};
  std::filesystem::path buffer_dir;
  std::uint64_t buffer_max_bytes = 0;
  Labels machine_labels;  ///< host first, then those of --label
  std::filesystem::path ca_file;
  obs::LogLevel log_level = obs::LogLevel::kInfo;
  bool once = false;
  bool print = false;
  std::string version;
};

/// An environment variable, or nullopt.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// Everything a person can get wrong on the command line is found here; messages name the flag.
/// An API key is never sent in the clear to another machine unless --insecure-http says so.
/// Errors: kInvalidArgument agent.bad_flag.
[[nodiscard]] Result<Options> MakeOptions(const Flags& flags, const Environment& environment, bool is_root);

/// "10s", "500ms", "2m", "1h"; a bare number is seconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

/// "64MiB", "1GiB", "512KiB", "100MB" (of 1000 × 1000); a bare number is bytes.
[[nodiscard]] std::optional<std::uint64_t> ParseBytes(std::string_view text);

/// /var/lib/helios-agent for root, $XDG_STATE_HOME/helios-agent or ~/.local/state/helios-agent else;
/// empty where no variable says where the home is.
[[nodiscard]] std::filesystem::path DefaultBufferDirectory(const Environment& environment, bool is_root);

/// The bundle of trusted authorities of whatever distribution this is: a static OpenSSL knows only the place
/// of the machine it was built on. $SSL_CERT_FILE comes first. Empty where there is none.
[[nodiscard]] std::filesystem::path SystemCaFile(const Environment& environment,
                                                 const std::function<bool(const std::filesystem::path&)>& exists);

}  // namespace helios::agent
