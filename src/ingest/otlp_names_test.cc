// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/otlp_names.h"

#include <gtest/gtest.h>

namespace helios::ingest {
namespace {

std::string Gauge(std::string name, std::string unit) {
  return OtlpMetricName({.name = std::move(name), .unit = std::move(unit), .kind = OtlpKind::kGauge});
}
std::string Counter(std::string name, std::string unit) {
  return OtlpMetricName({.name = std::move(name), .unit = std::move(unit), .kind = OtlpKind::kSum, .monotonic = true});
}

// The cases are those of OpenTelemetry's specification, "Prometheus and OpenMetrics compatibility".
TEST(OtlpMetricName, SpellsUnitsOut) {
  EXPECT_EQ(Gauge("system.memory.usage", "By"), "system_memory_usage_bytes");
  EXPECT_EQ(OtlpMetricName({.name = "http.server.duration", .unit = "ms", .kind = OtlpKind::kHistogram}),
            "http_server_duration_milliseconds");
  EXPECT_EQ(Gauge("network.speed", "By/s"), "network_speed_bytes_per_second");
  EXPECT_EQ(Gauge("queue.length", "{items}"), "queue_length");
  EXPECT_EQ(Gauge("rate", "{requests}/s"), "rate_per_second");
  EXPECT_EQ(Gauge("memory_bytes", "By"), "memory_bytes");
  EXPECT_EQ(Gauge("fuel", "foo_bar"), "fuel_foo_bar");
}

TEST(OtlpMetricName, MarksCountersAndRatios) {
  EXPECT_EQ(Counter("http.requests", "{requests}"), "http_requests_total");
  EXPECT_EQ(Counter("total.io", "By"), "io_bytes_total");
  EXPECT_EQ(Counter("errors", "1"), "errors_total");
  EXPECT_EQ(Gauge("cpu.utilization", "1"), "cpu_utilization_ratio");
}

TEST(OtlpMetricName, MakesWordsOfAnything) {
  EXPECT_EQ(Gauge("..a--b  c..", ""), "a_b_c");
  EXPECT_EQ(Gauge("9lives", ""), "_9lives");
  EXPECT_EQ(Gauge("größe.der.schlange", ""), "größe_der_schlange");
  EXPECT_EQ(Gauge("...", "s"), "");
  EXPECT_EQ(Gauge("", ""), "");
}

TEST(OtlpLabelName, KeepsLettersDigitsAndUnderscores) {
  EXPECT_EQ(OtlpLabelName("http.status_code"), "http_status_code");
  EXPECT_EQ(OtlpLabelName("1st"), "key_1st");
  EXPECT_EQ(OtlpLabelName("k8s.pod.name"), "k8s_pod_name");
}

}  // namespace
}  // namespace helios::ingest
