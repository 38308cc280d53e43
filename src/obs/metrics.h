// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace helios::obs {

/// The process's own metrics, rendered for Prometheus at operator.listen.
///
/// Thread-safe. Counter(), Gauge() and Histogram() take a lock and return the same object for the same
/// name and labels: look one up once and keep the reference, which lives as long as the registry.
/// Names follow Prometheus' rules: "helios_http_requests_total", units spelt out (_seconds, _bytes).
class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  prometheus::Counter& Counter(const std::string& name, const std::string& help, const Labels& labels = {});
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const Labels& labels = {});

  /// `bounds` are the buckets' upper ends, rising; for latencies in seconds use kLatencyBounds.
  prometheus::Histogram& Histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                                   const Labels& labels = {});

  /// All of them in the text exposition format.
  [[nodiscard]] std::string Render() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Half a millisecond to ten seconds.
inline const std::vector<double> kLatencyBounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                   0.1,    0.25,  0.5,    1,     2.5,  5,     10};

}  // namespace helios::obs
