// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tests/bench/bodies.h"

#include <fmt/format.h>
#include <snappy.h>

#include <bit>
#include <cstring>
#include <iterator>
#include <protozero/pbf_writer.hpp>

namespace helios::bench {
namespace {

constexpr std::size_t kTimeBytes = 6;                              // of a varint for 2^35 to 2^42 ms
constexpr std::size_t kValueAt = sizeof(double) + 1 + kTimeBytes;  // from the end: value, the time's tag, time
constexpr std::size_t kSampleBytes = 2 + 1 + kValueAt;

static_assert(std::endian::native == std::endian::little);

void WriteTime(char* at, std::uint64_t time) {
  for (std::size_t i = 0; i < kTimeBytes; ++i, time >>= 7U) {
    at[i] = static_cast<char>((time & 0x7fU) | (i + 1 < kTimeBytes ? 0x80U : 0U));
  }
}

}  // namespace

RemoteWriteBodies::RemoteWriteBodies(SeriesModel& model) : BodyBuilder(model) {
  protozero::pbf_writer request(frames_);
  for (std::size_t i = 0; i < model.size(); ++i) {
    {
      protozero::pbf_writer series(request, 1);
      for (const auto& [name, value] : SeriesModel::LabelsOf(i)) {
        protozero::pbf_writer label(series, 1);
        label.add_string(1, name);
        label.add_string(2, value);
      }
      protozero::pbf_writer sample(series, 2);
      sample.add_double(1, 0);
      sample.add_int64(2, std::int64_t{1} << 40U);
    }
    ends_.push_back(frames_.size());
  }
}

void RemoteWriteBodies::Build(std::span<const std::uint32_t> series, std::size_t round, std::string& body) {
  thread_local std::string plain;
  plain.clear();
  for (const std::uint32_t each : series) {
    const std::size_t begin = each == 0 ? 0 : ends_[each - 1];
    plain.append(frames_, begin, ends_[each] - begin);
    char* end = plain.data() + plain.size();
    const double value = model_.NextValue(each, round);
    std::memcpy(end - kValueAt, &value, sizeof value);
    WriteTime(end - kTimeBytes, static_cast<std::uint64_t>(ToUnixMs(model_.TimeOf(each, round))));
  }
  snappy::Compress(plain.data(), plain.size(), &body);
}

double RemoteWriteBodies::LabelBytes() const {
  constexpr std::size_t kHeader = 3;  // tag and length of the time series
  const auto series = static_cast<double>(ends_.size());
  return static_cast<double>(frames_.size()) / series - kSampleBytes - kHeader;
}

JsonBodies::JsonBodies(SeriesModel& model) : BodyBuilder(model) {
  for (std::size_t i = 0; i < model.size(); ++i) {
    std::string labels;
    std::string metric;
    for (const auto& [name, value] : SeriesModel::LabelsOf(i)) {  // nothing in them needs an escape
      if (name == "__name__") {
        metric = value;
      } else {
        labels += fmt::format("{}\"{}\":\"{}\"", labels.empty() ? "" : ",", name, value);
      }
    }
    heads_.push_back(fmt::format(R"({{"name":"{}","labels":{{{}}},"value":)", metric, labels));
  }
}

void JsonBodies::Build(std::span<const std::uint32_t> series, std::size_t round, std::string& body) {
  body = R"({"metrics":[)";
  for (const std::uint32_t each : series) {
    body += heads_[each];
    fmt::format_to(std::back_inserter(body), R"({},"timestamp":{}}},)", model_.NextValue(each, round),
                   ToUnixMs(model_.TimeOf(each, round)));
  }
  if (!series.empty()) body.pop_back();
  body += "]}";
}

}  // namespace helios::bench
