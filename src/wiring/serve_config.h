// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "accuracy/forecast_series.h"
#include "config/reader.h"
#include "http/address_policy.h"
#include "http/server.h"
#include "live/live_hub.h"
#include "obs/log.h"
#include "pg/database.h"
#include "tsdb/embedded_store.h"

namespace helios::wiring {

/// Of the embedded sample store.
struct StoreSettings {
  std::uint64_t block_cache_bytes = 32U << 20U;
  std::uint64_t segment_bytes = 128U << 20U;
  std::uint64_t min_free_bytes = 256U << 20U;
  std::uint64_t sealed_bytes = 24U << 20U;
  std::chrono::minutes flush_interval{120};
};

/// Of the intake.
struct IntakeSettings {
  std::size_t max_samples = 50'000;  ///< of one request; so are the next three
  std::size_t max_series = 10'000;
  std::size_t max_body_bytes = 16U << 20U;
  std::size_t max_decoded_bytes = 32U << 20U;
  std::size_t max_in_flight_bytes = 256U << 20U;    ///< of all requests that wait for their answers
  unsigned tenant_share_percent = 25;               ///< of them, what one tenant may hold while others have some
  std::optional<std::uint64_t> memory_limit_bytes;  ///< of the process; 0: none; absent: nine tenths of what there is
};

/// Of streaming detection.
struct DetectionSettings {
  bool enabled = true;
  std::uint64_t memory_bytes = 256U << 20U;  ///< of series' states
  bool write_scores = true;                  ///< as series helios:score
};

/// Of the scheduled forecasts.
struct ForecastSettings {
  bool enabled = true;
  unsigned cpu_percent = 50;  ///< of one core
  std::chrono::seconds every{300};
  accuracy::ForecastBounds series = accuracy::ForecastBounds::kValue;
};

/// Everything `helios serve` can be told. The file's keys, with defaults, are in docs/configuration.md.
struct ServeConfig {
  std::filesystem::path data_dir;  ///< default: /var/lib/helios as root, else $XDG_DATA_HOME/helios
  http::Endpoint listen{.host = "127.0.0.1", .port = 8080};
  std::optional<http::Endpoint> operator_listen;  ///< none: off
  std::vector<std::string> services = {"all"};
  bool behind_proxy = false;     ///< TLS ends in front of this process
  bool tls_self_signed = false;  ///< make a certificate in the data directory
  std::optional<http::TlsConfig> tls;
  obs::LogLevel log_level = obs::LogLevel::kInfo;
  unsigned io_threads = 2;
  unsigned workers = 8;
  unsigned job_threads = 2;  ///< jobs at a time
  std::size_t max_connections = 10'000;
  std::string database_url;          ///< empty: a private cluster
  std::string database_migrate_url;  ///< of helios_owner; empty: migrations are run by somebody else
  std::size_t database_connections = 16;
  std::string metrics_url;  ///< empty: the embedded sample store
  StoreSettings store;
  IntakeSettings intake;
  DetectionSettings detection;
  std::vector<http::Network> webhook_networks;      ///< that webhooks may go to beside the public internet
  std::chrono::milliseconds rule_interval{30'000};  ///< between two evaluations of an alert rule
  ForecastSettings forecasts;
  live::LiveConfig live;
  std::filesystem::path portal_dir;  ///< the built portal; empty: the folder `portal` beside the program
};

/// What the command line said; each wins over file and environment.
struct CommandLine {
  std::string config_file = {};
  std::string data_dir = {};
  std::string listen = {};
  std::vector<std::string> services = {};
  bool behind_proxy = false;
  bool tls_self_signed = false;
  std::string log_level = {};
  bool worker = false;  ///< `helios worker`: no operator's listener unless the configuration names one
};

/// Reads and checks the whole configuration.
/// Errors: those of config::Reader; kInvalidArgument http.bad_listen, config.unknown_service,
/// config.bad_value (also of two settings that do not go together);
/// kFailedPrecondition config.needs_tls (a listener that others can reach, without TLS),
/// config.needs_metrics_url (not all services, and nowhere to keep samples).
[[nodiscard]] Result<ServeConfig> LoadServeConfig(const CommandLine& line,
                                                  const config::Environment& environment = config::ProcessEnvironment);

}  // namespace helios::wiring
