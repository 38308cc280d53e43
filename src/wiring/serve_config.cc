// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/serve_config.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/nearest_name.h"

namespace helios::wiring {
namespace {

constexpr std::array<std::string_view, 6> kServices = {"all",       "tenant",   "ingestion",
                                                       "inference", "alerting", "billing"};
constexpr std::uint16_t kOperatorPortAbove = 1000;

std::filesystem::path DefaultDataDir(const config::Environment& environment) {
  if (::geteuid() == 0) return "/var/lib/helios";
  if (const auto xdg = environment("XDG_DATA_HOME"); xdg && xdg->starts_with('/')) {
    return std::filesystem::path(*xdg) / "helios";
  }
  return std::filesystem::path(environment("HOME").value_or("/tmp")) / ".local/share/helios";
}

Result<void> CheckServices(const ServeConfig& config) {
  for (const std::string& service : config.services) {
    if (std::ranges::find(kServices, service) != kServices.end()) continue;
    const std::string_view nearest = NearestName(service, kServices);
    return Fail(ErrorCode::kInvalidArgument, "config.unknown_service", "cannot serve '{}': want {}{}", service,
                fmt::join(kServices, ", "), nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
  }
  const bool all = std::ranges::find(config.services, "all") != config.services.end();
  if (!config.metrics_url.empty()) {
    return Fail(ErrorCode::kFailedPrecondition, "config.metrics_url_unsupported",
                "cannot use metrics.url: this release keeps samples in its embedded store alone; leave it out");
  }
  if (!all) {
    return Fail(ErrorCode::kFailedPrecondition, "config.needs_metrics_url",
                "cannot serve {} alone: the embedded sample store belongs to the one process that runs all services; "
                "leave --services out, or set metrics.url to a store that processes share",
                fmt::join(config.services, ", "));
  }
  return {};
}

constexpr std::int64_t kMostMebibytes = 1 << 20;
// Less than this, and a start alone may need more.
constexpr std::uint64_t kLeastMemoryLimit = 128U << 20U;

std::size_t Mebibytes(std::int64_t count) {
  return static_cast<std::size_t>(count) << 20U;
}

void ReadIntake(config::Reader& reader, IntakeSettings& intake) {
  const auto read = [&reader](const std::string& name, std::int64_t least, std::int64_t most, auto& setting) {
    if (const auto value = reader.Integer(name, least, most)) setting = static_cast<std::size_t>(*value);
  };
  const auto read_mebibytes = [&reader](const std::string& name, std::int64_t least, std::int64_t most, auto& setting) {
    if (const auto value = reader.Integer(name, least, most)) setting = Mebibytes(*value);
  };
  // The upper bounds are what the store takes at once.
  read("intake.max_samples", 100, 100'000, intake.max_samples);
  read("intake.max_series", 100, 100'000, intake.max_series);
  read_mebibytes("intake.max_body_mib", 1, 32, intake.max_body_bytes);
  read_mebibytes("intake.max_decoded_mib", 1, 32, intake.max_decoded_bytes);
  read_mebibytes("intake.max_in_flight_mib", 1, kMostMebibytes, intake.max_in_flight_bytes);
  if (const auto percent = reader.Integer("intake.tenant_share_percent", 1, 100)) {
    intake.tenant_share_percent = static_cast<unsigned>(*percent);
  }
  read_mebibytes("intake.memory_limit_mib", 0, kMostMebibytes, intake.memory_limit_bytes);
}

Result<void> CheckIntake(const IntakeSettings& intake) {
  if (intake.max_body_bytes > intake.max_in_flight_bytes) {
    return Fail(ErrorCode::kInvalidArgument, "config.bad_value",
                "cannot use intake.max_in_flight_mib: a request may be larger than all of them together; got {} MiB; "
                "want at least intake.max_body_mib, {} MiB",
                intake.max_in_flight_bytes >> 20U, intake.max_body_bytes >> 20U);
  }
  const std::uint64_t memory = intake.memory_limit_bytes.value_or(0);
  if (memory != 0 && memory < kLeastMemoryLimit) {
    return Fail(ErrorCode::kInvalidArgument, "config.bad_value",
                "cannot use intake.memory_limit_mib: nothing would ever be taken; got {}; want 0 for no limit, or at "
                "least {}",
                memory >> 20U, kLeastMemoryLimit >> 20U);
  }
  return {};
}

}  // namespace

Result<ServeConfig> LoadServeConfig(const CommandLine& line, const config::Environment& environment) {
  HELIOS_TRY(config::Reader reader, config::Reader::Open(line.config_file, environment));
  ServeConfig config;

  const auto data_dir = reader.String("data_dir");
  config.data_dir = !line.data_dir.empty() ? std::filesystem::path(line.data_dir)
                    : data_dir             ? std::filesystem::path(*data_dir)
                                           : DefaultDataDir(environment);
  std::string listen = reader.String("listen").value_or("127.0.0.1:8080");
  if (!line.listen.empty()) listen = line.listen;
  const auto operator_listen = reader.String("operator.listen");
  config.services = reader.Strings("services").value_or(config.services);
  if (!line.services.empty()) config.services = line.services;
  config.behind_proxy = reader.Bool("behind_proxy").value_or(false) || line.behind_proxy;
  config.tls_self_signed = reader.Bool("tls.self_signed").value_or(false) || line.tls_self_signed;
  const auto certificate = reader.String("tls.certificate");
  const auto key = reader.String("tls.key");
  std::string log_level = reader.String("log_level").value_or("info");
  if (!line.log_level.empty()) log_level = line.log_level;
  config.io_threads = static_cast<unsigned>(reader.Integer("http.threads", 1, 256).value_or(config.io_threads));
  config.workers = static_cast<unsigned>(reader.Integer("http.workers", 1, 1024).value_or(config.workers));
  config.job_threads = static_cast<unsigned>(reader.Integer("jobs.threads", 0, 256).value_or(config.job_threads));
  config.max_connections = static_cast<std::size_t>(
      reader.Integer("http.max_connections", 1, 1'000'000).value_or(static_cast<std::int64_t>(config.max_connections)));
  config.database_url = reader.String("database.url").value_or("");
  config.database_migrate_url = reader.String("database.migrate_url").value_or("");
  config.database_connections = static_cast<std::size_t>(
      reader.Integer("database.connections", 1, 1000).value_or(static_cast<std::int64_t>(config.database_connections)));
  config.metrics_url = reader.String("metrics.url").value_or("");
  const auto mebibytes = [&reader](const std::string& name, std::int64_t least, std::uint64_t otherwise) {
    return static_cast<std::uint64_t>(
               reader.Integer(name, least, 1 << 20).value_or(static_cast<std::int64_t>(otherwise >> 20U)))
           << 20U;
  };
  StoreSettings& store = config.store;
  store.block_cache_bytes = mebibytes("tsdb.block_cache_mib", 1, store.block_cache_bytes);
  store.segment_bytes = mebibytes("tsdb.segment_mib", 64, store.segment_bytes);
  store.min_free_bytes = mebibytes("tsdb.min_free_mib", 0, store.min_free_bytes);
  store.sealed_bytes = mebibytes("tsdb.sealed_mib", 1, store.sealed_bytes);
  store.flush_interval =
      std::chrono::minutes{reader.Integer("tsdb.flush_minutes", 1, 1440).value_or(store.flush_interval.count())};
  ReadIntake(reader, config.intake);
  config.portal_dir = reader.String("portal.dir").value_or("");
  config.detection.enabled = reader.Bool("detection.enabled").value_or(config.detection.enabled);
  config.detection.write_scores = reader.Bool("detection.score_series").value_or(config.detection.write_scores);
  config.detection.memory_bytes = mebibytes("detection.memory_mib", 1, config.detection.memory_bytes);
  const auto webhook_networks = reader.Strings("webhooks.allowed_networks").value_or(std::vector<std::string>{});
  config.rule_interval = std::chrono::seconds{
      reader.Integer("alerts.interval_seconds", 1, 3600)
          .value_or(std::chrono::duration_cast<std::chrono::seconds>(config.rule_interval).count())};
  config.forecasts.enabled = reader.Bool("forecasts.enabled").value_or(config.forecasts.enabled);
  config.forecasts.cpu_percent =
      static_cast<unsigned>(reader.Integer("forecasts.cpu_percent", 1, 100).value_or(config.forecasts.cpu_percent));
  const std::string forecast_series = reader.String("forecasts.series").value_or("value");
  config.forecasts.every =
      std::chrono::seconds{reader.Integer("forecasts.every_seconds", 1, 3600).value_or(config.forecasts.every.count())};
  const auto streams = [&reader](const std::string& name, std::size_t otherwise) {
    return static_cast<std::size_t>(reader.Integer(name, 1, 1'000'000).value_or(static_cast<std::int64_t>(otherwise)));
  };
  config.live.max_streams = streams("live.max_streams", config.live.max_streams);
  config.live.max_streams_of_tenant = streams("live.max_streams_per_tenant", config.live.max_streams_of_tenant);
  HELIOS_CHECK(reader.Finish());

  HELIOS_CHECK(CheckIntake(config.intake));
  HELIOS_TRY(config.forecasts.series, accuracy::ParseForecastBounds(forecast_series));
  for (const std::string& text : webhook_networks) {
    HELIOS_TRY(const http::Network network, http::ParseNetwork(text));
    config.webhook_networks.push_back(network);
  }
  HELIOS_TRY(config.log_level, obs::ParseLogLevel(log_level));
  HELIOS_TRY(config.listen, http::ParseEndpoint(listen));
  if (certificate.has_value() != key.has_value()) {
    return Fail(ErrorCode::kInvalidArgument, "config.bad_value",
                "cannot use TLS: tls.certificate and tls.key belong together; got one of them");
  }
  if (certificate) config.tls = http::TlsConfig{.certificate_file = *certificate, .key_file = *key};
  if (!operator_listen && line.worker) {
    config.operator_listen = std::nullopt;
  } else if (!operator_listen) {
    const std::uint16_t port = config.listen.port;
    const bool room = port != 0 && port <= 65535 - kOperatorPortAbove;
    config.operator_listen = http::Endpoint{
        .host = "127.0.0.1", .port = room ? static_cast<std::uint16_t>(port + kOperatorPortAbove) : std::uint16_t{0}};
  } else if (*operator_listen != "off") {
    HELIOS_TRY(config.operator_listen, http::ParseEndpoint(*operator_listen));
  }
  HELIOS_CHECK(CheckServices(config));
  if (!http::IsLoopback(config.listen.host) && !config.tls && !config.tls_self_signed && !config.behind_proxy) {
    return Fail(ErrorCode::kFailedPrecondition, "config.needs_tls",
                "cannot listen on {} without TLS: browsers would drop the sign-in cookie, and keys would travel in the "
                "clear; give tls.certificate and tls.key, or --tls-self-signed, or --behind-proxy if TLS ends in front",
                listen);
  }
  return config;
}

}  // namespace helios::wiring
