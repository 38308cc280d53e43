// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/import_batch.h"

#include <snappy.h>

#include <algorithm>
#include <protozero/pbf_writer.hpp>
#include <utility>

namespace helios::transfer {
namespace {

enum WriteRequestField : protozero::pbf_tag_type { kTimeSeries = 1 };
enum TimeSeriesField : protozero::pbf_tag_type { kLabels = 1, kSamples = 2 };
enum LabelField : protozero::pbf_tag_type { kName = 1, kLabelValue = 2 };
enum SampleField : protozero::pbf_tag_type { kSampleValue = 1, kTimestamp = 2 };

void AddLabel(protozero::pbf_writer& series, const std::string& name, const std::string& value) {
  protozero::pbf_writer label(series, kLabels);
  label.add_string(kName, name);
  label.add_string(kLabelValue, value);
}

}  // namespace

void ImportBatch::Sort() {
  for (Series& one : series) {
    const auto place = [](const ImportSample& sample) { return std::pair(sample.time, sample.line); };
    if (!std::ranges::is_sorted(one.samples, {}, place)) std::ranges::sort(one.samples, {}, place);
  }
}

std::pair<ImportBatch, ImportBatch> ImportBatch::Halve() const {
  std::pair<ImportBatch, ImportBatch> halves;
  const std::size_t half = samples / 2;
  for (const Series& one : series) {
    const std::size_t taken = std::min(one.samples.size(), half - halves.first.samples);
    const auto middle = one.samples.begin() + static_cast<std::ptrdiff_t>(taken);
    const auto add = [&](ImportBatch& to, auto begin, auto end) {
      if (begin == end) return;
      to.series.push_back({.key = one.key, .samples = {begin, end}});
      to.samples += to.series.back().samples.size();
    };
    add(halves.first, one.samples.begin(), middle);
    add(halves.second, middle, one.samples.end());
  }
  return halves;
}

const ImportSample* ImportBatch::At(std::size_t position) const {
  for (const Series& one : series) {
    if (position < one.samples.size()) return &one.samples[position];
    position -= one.samples.size();
  }
  return nullptr;
}

std::string ImportBatch::WriteRequest() const {
  std::string message;
  protozero::pbf_writer request(message);
  for (const Series& one : series) {
    protozero::pbf_writer written(request, kTimeSeries);
    AddLabel(written, "__name__", one.key->metric);
    for (const tsdb::Label& label : one.key->labels) AddLabel(written, label.name, label.value);
    for (const ImportSample& sample : one.samples) {
      protozero::pbf_writer point(written, kSamples);
      point.add_double(kSampleValue, sample.value);
      point.add_int64(kTimestamp, ToUnixMs(sample.time));
    }
  }
  std::string body;
  snappy::Compress(message.data(), message.size(), &body);
  return body;
}

}  // namespace helios::transfer
