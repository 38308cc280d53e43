// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace helios::ingest {

using LabelPairs = std::vector<std::pair<std::string, std::string>>;

/// A remote write 1.0 request in the making, written as Prometheus does: a value of 0 is left out.
class WriteRequestV1 {
 public:
  class Series {
   public:
    Series(WriteRequestV1& request, const LabelPairs& labels) : series_(request.writer_, 1) {
      for (const auto& [name, value] : labels) Label(name, value);
    }
    Series& Label(const std::string& name, const std::string& value) {
      protozero::pbf_writer label(series_, 1);
      label.add_string(1, name);
      label.add_string(2, value);
      return *this;
    }
    Series& Sample(double value, std::int64_t time) {
      protozero::pbf_writer sample(series_, 2);
      if (std::bit_cast<std::uint64_t>(value) != 0) sample.add_double(1, value);
      sample.add_int64(2, time);
      return *this;
    }
    Series& Exemplar(double value, std::int64_t time) {
      protozero::pbf_writer exemplar(series_, 3);
      exemplar.add_double(2, value);
      exemplar.add_int64(3, time);
      return *this;
    }
    Series& Histogram(const std::string& message) {
      series_.add_message(4, message);
      return *this;
    }

   private:
    protozero::pbf_writer series_;
  };

  Series Add(const LabelPairs& labels) { return Series(*this, labels); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  protozero::pbf_writer writer_{bytes_};
};

/// A remote write 2.0 request in the making.
class WriteRequestV2 {
 public:
  struct Sample {
    double value;
    std::int64_t time;
  };

  std::uint32_t Symbol(const std::string& text) {
    const auto [found, added] = symbols_.try_emplace(text, static_cast<std::uint32_t>(order_.size()));
    if (added) order_.push_back(text);
    return found->second;
  }
  void Add(const LabelPairs& labels, const std::vector<Sample>& samples,
           const std::vector<std::string>& histograms = {}, int exemplars = 0) {
    std::vector<std::uint32_t> references;
    for (const auto& [name, value] : labels) {
      references.push_back(Symbol(name));
      references.push_back(Symbol(value));
    }
    AddReferences(references, samples, histograms, exemplars);
  }
  void AddReferences(const std::vector<std::uint32_t>& references, const std::vector<Sample>& samples,
                     const std::vector<std::string>& histograms = {}, int exemplars = 0) {
    protozero::pbf_writer series(series_writer_, 5);
    series.add_packed_uint32(1, references.begin(), references.end());
    for (const Sample& sample : samples) {
      protozero::pbf_writer message(series, 2);
      message.add_double(1, sample.value);
      message.add_int64(2, sample.time);
      message.add_int64(3, sample.time - 60'000);
    }
    for (const std::string& histogram : histograms) series.add_message(3, histogram);
    for (int i = 0; i < exemplars; ++i) {
      protozero::pbf_writer exemplar(series, 4);
      exemplar.add_double(2, i);
      exemplar.add_int64(3, 1'767'441'600'000);
    }
    protozero::pbf_writer metadata(series, 5);
    metadata.add_enum(1, 1);
  }
  [[nodiscard]] std::string bytes() const {
    std::string bytes;
    protozero::pbf_writer writer(bytes);
    for (const std::string& symbol : order_) writer.add_string(4, symbol);
    return bytes + series_;
  }

 private:
  std::vector<std::string> order_ = {""};
  std::map<std::string, std::uint32_t> symbols_ = {{"", 0}};
  std::string series_;
  protozero::pbf_writer series_writer_{series_};
};

/// A native histogram of schema 1 with 2 zeros, and 1, 3, 2 values in (0.5, 2^-0.5], (2^-0.5, 1], (1, 2^0.5], and 1
/// value in [-1, -2^-0.5).
inline std::string NativeHistogramMessage(std::int64_t time) {
  std::string bytes;
  protozero::pbf_writer message(bytes);
  message.add_uint64(1, 9);
  message.add_double(3, 12.5);
  message.add_sint32(4, 1);
  message.add_double(5, 0.001);
  message.add_uint64(6, 2);
  {
    protozero::pbf_writer span(message, 8);
    span.add_sint32(1, 0);
    span.add_uint32(2, 1);
  }
  const std::vector<std::int64_t> negative = {1};
  message.add_packed_sint64(9, negative.begin(), negative.end());
  {
    protozero::pbf_writer span(message, 11);
    span.add_sint32(1, -1);
    span.add_uint32(2, 3);
  }
  const std::vector<std::int64_t> positive = {1, 2, -1};
  message.add_packed_sint64(12, positive.begin(), positive.end());
  message.add_int64(15, time);
  return bytes;
}

}  // namespace helios::ingest
