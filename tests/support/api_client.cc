// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/support/api_client.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <snappy.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <cstdlib>
#include <iostream>
#include <ostream>
#include <protozero/pbf_writer.hpp>

namespace helios::testing {
namespace {

namespace json = boost::json;

std::unique_ptr<http::Client> MakeClient(const std::string& origin, const http::ClientConfig& config) {
  auto client = http::Client::Create(origin, config);
  if (client) return *std::move(client);
  std::cerr << "api client: " << client.error().message << "\n";
  std::abort();
}

struct Series {
  std::map<std::string, std::string> labels;
  std::vector<Point> points;
};

// With simdjson, since Boost.JSON's numbers may be off by one in the last place, and every bit counts here; on demand,
// since its other interface refuses integers of more than 64 bits, as which large values are written.
double ValueOf(simdjson::ondemand::value value) {
  if (value.type() == simdjson::ondemand::json_type::number) return value.get_double();
  return std::strtod(std::string(value.get_string().value()).c_str(), nullptr);  // "NaN", "+Inf", "-Inf"
}

Point PointOf(simdjson::ondemand::array pair) {
  Point point;
  for (int column = 0; simdjson::ondemand::value value : pair) {
    if (column++ == 0) {
      point.ms = value.get_int64();
    } else {
      point.value = ValueOf(value);
    }
  }
  return point;
}

std::vector<Series> ParseSeries(const std::string& body) {
  std::vector<Series> found;
  const simdjson::padded_string padded(body);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document root = parser.iterate(padded);
  for (simdjson::ondemand::object entry : root["series"].get_array()) {
    Series& series = found.emplace_back();
    for (auto label : entry["labels"].get_object()) {
      series.labels.emplace(std::string(label.unescaped_key().value()),
                            std::string(label.value().get_string().value()));
    }
    for (simdjson::ondemand::array point : entry["points"].get_array()) series.points.push_back(PointOf(point));
  }
  return found;
}

// The whole past, and the ten minutes ahead that are accepted.
std::vector<Series> QuerySeries(ApiClient& api, const std::string& metric,
                                const std::map<std::string, std::string>& labels) {
  const std::int64_t end = ToUnixMs(SystemClock().Now() + std::chrono::minutes{15});
  const Answer answer = api.Post("/api/v1/query", {{"metric", metric},
                                                   {"labels", json::value_from(labels)},
                                                   {"start", 0},
                                                   {"end", end},
                                                   {"limit", 1000},
                                                   {"time_format", "unix_ms"}});
  if (answer.status == 200) return ParseSeries(answer.body);
  ADD_FAILURE() << "cannot query " << metric << ": " << answer;
  return {};
}

}  // namespace

json::value Answer::Json() const {
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  return error ? json::value{} : value;
}

std::string Answer::Code() const {
  const json::value value = Json();
  const json::value* code = value.is_object() ? value.as_object().if_contains("code") : nullptr;
  return code != nullptr && code->is_string() ? std::string(code->as_string()) : std::string();
}

std::string Answer::Header(std::string_view name) const {
  return std::string(headers.Find(name).value_or(""));
}

std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  if (answer.status == 0) return out << "no answer (" << answer.lost << ")";
  return out << answer.status << " " << answer.body;
}

ApiClient::ApiClient(std::string origin, std::string key, http::ClientConfig config)
    : key_(std::move(key)), client_(MakeClient(origin, config)) {}

Answer ApiClient::Get(std::string_view target) {
  return Send(http::Method::kGet, target);
}

Answer ApiClient::Post(std::string_view target, const json::value& body) {
  http::Headers headers;
  headers.Add("Content-Type", "application/json");
  return Send(http::Method::kPost, target, json::serialize(body), std::move(headers));
}

Answer ApiClient::Send(http::Method method, std::string_view target, std::string_view body, http::Headers headers) {
  if (!key_.empty()) headers.Set("X-API-Key", key_);
  auto response = client_->Send(method, target, headers, body);
  if (!response) return {.lost = std::string(response.error().reason)};
  return {.status = response->status, .headers = std::move(response->headers), .body = std::move(response->body)};
}

std::string IngestBody(std::span<const Sample> samples) {
  json::array metrics;
  for (const Sample& sample : samples) {
    metrics.push_back({{"name", sample.metric},
                       {"value", sample.value},
                       {"timestamp", ToUnixMs(sample.time)},
                       {"labels", json::value_from(sample.labels)}});
  }
  return json::serialize(json::object{{"metrics", std::move(metrics)}});
}

std::string RemoteWriteBody(std::span<const Sample> samples) {
  std::string request;
  protozero::pbf_writer writer(request);
  for (const Sample& sample : samples) {
    protozero::pbf_writer series(writer, 1);
    const auto add_label = [&series](const std::string& name, const std::string& value) {
      protozero::pbf_writer label(series, 1);
      label.add_string(1, name);
      label.add_string(2, value);
    };
    add_label("__name__", sample.metric);
    for (const auto& [name, value] : sample.labels) add_label(name, value);
    protozero::pbf_writer point(series, 2);
    point.add_double(1, sample.value);
    point.add_int64(2, ToUnixMs(sample.time));
  }
  std::string body;
  snappy::Compress(request.data(), request.size(), &body);
  return body;
}

Tenant::Tenant(std::string origin, const json::value& signed_up, http::ClientConfig config)
    : id_(signed_up.at("organization").at("id").as_string()),
      slug_(signed_up.at("organization").at("slug").as_string()),
      api(std::move(origin), std::string(signed_up.at("api_key").at("key").as_string()), std::move(config)) {}

Answer Tenant::Ingest(std::span<const Sample> samples) {
  http::Headers headers;
  headers.Add("Content-Type", "application/json");
  return api.Send(http::Method::kPost, "/api/v1/ingest", IngestBody(samples), std::move(headers));
}

Answer Tenant::RemoteWrite(std::span<const Sample> samples) {
  http::Headers headers;
  headers.Add("Content-Type", "application/x-protobuf");
  headers.Add("Content-Encoding", "snappy");
  headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
  return api.Send(http::Method::kPost, "/api/v1/prometheus/write", RemoteWriteBody(samples), std::move(headers));
}

std::vector<Point> Tenant::Query(const std::string& metric, const std::map<std::string, std::string>& labels) {
  for (Series& series : QuerySeries(api, metric, labels)) {
    if (series.labels == labels) return std::move(series.points);
  }
  return {};
}

std::map<std::string, std::vector<Point>> Tenant::QueryBy(const std::string& label, const std::string& metric) {
  std::map<std::string, std::vector<Point>> points;
  for (Series& series : QuerySeries(api, metric, {})) points[series.labels[label]] = std::move(series.points);
  return points;
}

Answer Tenant::Predict(const std::string& metric, const std::vector<int>& horizons) {
  return api.Post("/api/v1/predict", {{"metric", metric}, {"horizons", json::value_from(horizons)}});
}

Answer SignUp(ApiClient& client, const std::string& slug, const std::string& plan) {
  return client.Post("/api/v1/organizations",
                     {{"name", slug},
                      {"slug", slug},
                      {"plan", plan},
                      {"owner", {{"email", OwnerEmail(slug)}, {"name", "Ada Park"}, {"password", kPassword}}}});
}

std::string OwnerEmail(const std::string& slug) {
  return "owner@" + slug + ".example";
}

}  // namespace helios::testing
