// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/report.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace helios::bench {
namespace {

constexpr double kMiB = 1U << 20U;

std::string Number(double value) {
  if (value == 0) return "–";
  if (value >= 100) return fmt::format("{:.0f}", value);
  return value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.3g}", value);
}

std::vector<double> Values(const std::vector<Figures>& runs, double Figures::* figure) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Figures& run : runs) values.push_back(run.*figure);
  return values;
}

}  // namespace

double Quantile(std::span<const float> values, double quantile) {
  if (values.empty()) return 0;
  std::vector<float> sorted(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(sorted.size())));
  const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, sorted.size()) - 1);
  std::ranges::nth_element(sorted, nth);
  return *nth;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Figures FiguresOf(const RunResult& run, std::size_t series) {
  const LoadResult& load = run.load;
  const auto samples = static_cast<double>(std::max<std::uint64_t>(load.samples, 1));
  const double millions = samples / 1e6;
  const double after_first = std::max(samples - static_cast<double>(series), 0.0) / 1e6;
  std::uint64_t disk = 0;
  for (const auto& [name, bytes] : run.disk) disk += bytes;
  return {.cpu_per_million = run.cpu / millions,
          .steady_cpu_per_million = after_first > 0 ? (run.cpu - run.first_round_cpu) / after_first : 0,
          .children_cpu_per_million = run.children_cpu / millions,
          .samples_per_second = static_cast<double>(load.samples) / load.seconds,
          .requests_per_second = static_cast<double>(load.requests) / load.seconds,
          .p50_ms = Quantile(load.latencies_ms, 0.5),
          .p99_ms = Quantile(load.latencies_ms, 0.99),
          .peak_mib = static_cast<double>(run.peak_memory) / kMiB,
          .end_mib = static_cast<double>(run.end_memory) / kMiB,
          .children_mib = static_cast<double>(run.children_memory) / kMiB,
          .data_bytes_per_sample = static_cast<double>(DataBytes(run.disk)) / samples,
          .disk_bytes_per_sample = static_cast<double>(disk) / samples,
          .sender_share = load.sender_cpu / (load.sender_cpu + run.cpu + run.children_cpu),
          .stop_seconds = run.stop_seconds,
          .million_samples = static_cast<double>(load.samples) / 1e6};
}

std::string Line(const Figures& figures) {
  return fmt::format("{} CPU-s/M (+{} PostgreSQL), {} samples/s, p99 {} ms, peak {} MiB, {} B/sample",
                     Number(figures.cpu_per_million), Number(figures.children_cpu_per_million),
                     Number(figures.samples_per_second), Number(figures.p99_ms), Number(figures.peak_mib),
                     Number(figures.data_bytes_per_sample));
}

std::string Table(std::span<const Series> all) {
  struct Column {
    std::string_view title;
    double Figures::* figure;
    bool spread = false;
    double factor = 1;
  };
  constexpr std::array kColumns = {
      Column{"CPU-s/M", &Figures::cpu_per_million, true},
      Column{"steady", &Figures::steady_cpu_per_million},
      Column{"PG CPU-s/M", &Figures::children_cpu_per_million},
      Column{"k samples/s", &Figures::samples_per_second, false, 1e-3},
      Column{"requests/s", &Figures::requests_per_second},
      Column{"p50 ms", &Figures::p50_ms},
      Column{"p99 ms", &Figures::p99_ms},
      Column{"peak MiB", &Figures::peak_mib},
      Column{"end MiB", &Figures::end_mib},
      Column{"PG MiB", &Figures::children_mib},
      Column{"B/sample", &Figures::data_bytes_per_sample},
      Column{"with journal", &Figures::disk_bytes_per_sample},
      Column{"stop s", &Figures::stop_seconds},
      Column{"sender %", &Figures::sender_share, false, 100},
      Column{"M samples", &Figures::million_samples},
  };
  std::vector<std::vector<std::string>> rows(1, {"workload", "target", "runs"});
  for (const Column& column : kColumns) rows[0].emplace_back(column.title);
  for (const Series& series : all) {
    auto& row = rows.emplace_back(std::vector{series.workload, series.target, std::to_string(series.runs.size())});
    for (const Column& column : kColumns) {
      std::vector<double> values = Values(series.runs, column.figure);
      for (double& value : values) value *= column.factor;
      std::string cell = Number(Median(values));
      if (column.spread && values.size() > 1) {
        const auto [least, most] = std::ranges::minmax(values);
        cell += fmt::format(" ({}–{})", Number(least), Number(most));
      }
      row.push_back(cell);
    }
  }
  const auto width = [](const std::string& cell) {  // in characters: of a UTF-8 sequence, its first byte
    return static_cast<std::size_t>(std::ranges::count_if(cell, [](char c) { return (c & 0xc0) != 0x80; }));
  };
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width(row[i]), ' ');
      text += i < 2 ? "| " + row[i] + space + " " : "| " + space + row[i] + " ";
    }
    text += "|\n";
    if (&row != &rows[0]) continue;
    for (const std::size_t each : widths) text += "|" + std::string(each + 2, '-');
    text += "|\n";
  }
  return text;
}

}  // namespace helios::bench
