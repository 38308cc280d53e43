// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/otlp_translator.h"

#include <algorithm>
#include <cmath>

#include "ingest/otlp_names.h"

namespace helios::ingest {
namespace {

std::string ValueOf(const std::vector<OtlpAttribute>& attributes, std::string_view key) {
  const auto found = std::ranges::find(attributes, key, &OtlpAttribute::key);
  return found == attributes.end() ? std::string() : found->value;
}

/// Two keys that become one label are joined, as far as there is room.
void AddLabel(std::vector<std::pair<std::string, std::string>>& labels, std::string name, const std::string& value) {
  const auto same = std::ranges::find(labels, name, &std::pair<std::string, std::string>::first);
  if (same == labels.end()) {
    labels.emplace_back(std::move(name), value);
  } else if (same->second.size() + 1 + value.size() <= tsdb::kMaxLabelValueBytes) {
    same->second += ";" + value;
  }
}

/// The labels of target_info: job and instance, then every other attribute that a series can have as a label, as many
/// as fit. Empty where there is neither job nor instance to find it by, or nothing beyond them.
std::vector<std::pair<std::string, std::string>> TargetLabels(const std::string& job, const std::string& instance,
                                                              const std::vector<OtlpAttribute>& attributes) {
  std::vector<std::pair<std::string, std::string>> labels;
  if (!job.empty()) labels.emplace_back("job", job);
  if (!instance.empty()) labels.emplace_back("instance", instance);
  const std::size_t identifying = labels.size();
  if (identifying == 0) return labels;
  std::size_t bytes = job.size() + instance.size() + 64;
  for (const OtlpAttribute& attribute : attributes) {
    if (IsIdentifying(attribute.key) || attribute.value.empty()) continue;
    std::string name = OtlpLabelName(attribute.key);
    const bool taken = name == "job" || name == "instance";
    bytes += name.size() + attribute.value.size() + 1;
    const bool fits = labels.size() < tsdb::kMaxLabels && bytes <= tsdb::kMaxLabelSetBytes && !name.empty() &&
                      name.size() <= tsdb::kMaxLabelNameBytes &&
                      attribute.value.size() <= tsdb::kMaxLabelValueBytes / 4;
    if (fits && !taken) {
      AddLabel(labels, std::move(name), attribute.value);
    } else {
      bytes -= name.size() + attribute.value.size() + 1;
    }
  }
  if (labels.size() == identifying) labels.clear();
  return labels;
}

/// Why an explicit histogram's bounds and counts do not fit; "" where they do.
std::string_view FaultOf(const OtlpPoint& point) {
  if (point.bounds.size() > kMaxOtlpBuckets || point.bucket_counts.size() > kMaxOtlpBuckets) {
    return "it has too many buckets";
  }
  if (point.bucket_counts.empty() && point.bounds.empty()) return {};
  if (point.bucket_counts.size() != point.bounds.size() + 1) return "it must have one count more than bounds";
  for (std::size_t i = 0; i < point.bounds.size(); ++i) {
    if (std::isnan(point.bounds[i]) || (i > 0 && point.bounds[i] <= point.bounds[i - 1])) return "its bounds must rise";
  }
  return {};
}

}  // namespace

void OtlpTranslator::BeginResource(const std::vector<OtlpAttribute>& attributes) {
  resource_labels_.clear();
  const std::string service = ValueOf(attributes, "service.name");
  const std::string group = ValueOf(attributes, "service.namespace");
  const std::string instance = ValueOf(attributes, "service.instance.id");
  const std::string job = group.empty() || service.empty() ? service : group + "/" + service;
  if (!job.empty()) resource_labels_.emplace_back("job", job);
  if (!instance.empty()) resource_labels_.emplace_back("instance", instance);
  for (const OtlpAttribute& attribute : attributes) {
    if (IsPromoted(attribute.key)) resource_labels_.emplace_back(OtlpLabelName(attribute.key), attribute.value);
  }
  target_labels_ = TargetLabels(job, instance, attributes);
}

void OtlpTranslator::AddTargetInfo() {
  out_.AppendPart("target_info");
  for (const auto& [name, value] : target_labels_) {
    out_.AppendPart(name);
    out_.AppendPart(value);
  }
  out_.AddSample(out_.FinishSeries(), time_, 1);
  target_labels_.clear();
}

void OtlpTranslator::BeginMetric(const OtlpMetric& metric) {
  metric_ = metric;
  metric_name_ = OtlpMetricName(metric);
}

void OtlpTranslator::SetLabels(const OtlpPoint& point) {
  labels_ = resource_labels_;
  const std::size_t of_resource = labels_.size();
  for (const OtlpAttribute& attribute : point.attributes) {
    std::string name = OtlpLabelName(attribute.key);
    const auto same = std::ranges::find(labels_, name, &std::pair<std::string, std::string>::first);
    if (same == labels_.end()) {
      labels_.emplace_back(std::move(name), attribute.value);
    } else if (static_cast<std::size_t>(same - labels_.begin()) >= of_resource) {
      same->second += ";" + attribute.value;  // two keys that differ in what a label's name may not have
    } else if (name != "job" && name != "instance") {
      same->second = attribute.value;  // the point knows better than its resource
    }
  }
}

void OtlpTranslator::AppendName(std::string_view suffix, std::string_view label, std::string_view text) {
  if (suffix.empty()) {
    out_.AppendPart(metric_name_);
  } else {
    out_.AppendPart(metric_name_ + std::string(suffix));
  }
  for (const auto& [name, value] : labels_) {
    out_.AppendPart(name);
    out_.AppendPart(value);
  }
  if (!label.empty()) {
    out_.AppendPart(label);
    out_.AppendPart(text);
  }
}

void OtlpTranslator::AddRow(std::string_view suffix, std::string_view label, std::string_view text, double value) {
  if (!out_.CheckLimits()) return;  // AddPoint() ends the decoding
  AppendName(suffix, label, text);
  out_.AddRow(out_.FinishSeries(), time_, value);
}

void OtlpTranslator::Refuse(std::string_view code, std::string detail) {
  AppendName({}, {}, {});
  std::string series = tsdb::ShowName(out_.name(), &tsdb::DecodePartsName);
  out_.DropName();
  out_.Reject(code, std::move(detail), std::move(series));
}

bool OtlpTranslator::Accumulate(ClassicHistogram& point) {
  if (metric_.temporality == OtlpTemporality::kCumulative) return true;
  if (metric_.temporality != OtlpTemporality::kDelta) {
    Refuse("ingest.bad_temporality",
           fmt::format("cannot take a point of '{}': its temporality is neither delta nor cumulative",
                       metric_.name.substr(0, 128)));
    return false;
  }
  if (point.stale) return true;
  AppendName({}, {}, {});
  const DeltaSums::Verdict verdict = sums_.Add(tenant_, out_.name(), time_, now_, point, steps_);
  out_.DropName();
  switch (verdict) {
    case DeltaSums::Verdict::kAdded: return true;
    case DeltaSums::Verdict::kRepeated: out_.AddEmptyItem(); return false;
    case DeltaSums::Verdict::kOlder:
      Refuse("ingest.out_of_order", fmt::format("cannot add a delta to '{}': a newer one came before; got {}",
                                                metric_.name.substr(0, 128), FormatRfc3339(time_)));
      return false;
    case DeltaSums::Verdict::kTooManySeries:
      Refuse("ingest.too_many_delta_series",
             fmt::format("cannot add up deltas of '{}': sums of too many series are kept already; send cumulative "
                         "values instead",
                         metric_.name.substr(0, 128)));
      return false;
  }
  return false;
}

void OtlpTranslator::AddNumber(const OtlpPoint& point) {
  if (!point.value && !point.no_recorded_value) {
    Refuse("ingest.bad_data_point",
           fmt::format("cannot take a point of '{}': it has no value", metric_.name.substr(0, 128)));
    return;
  }
  ClassicHistogram sum{.sum = point.value.value_or(0), .stale = point.no_recorded_value, .buckets = {}};
  if (metric_.kind == OtlpKind::kSum && !Accumulate(sum)) return;
  AppendName({}, {}, {});
  out_.AddSample(out_.FinishSeries(), time_, point.no_recorded_value ? StaleMarker() : sum.sum);
}

void OtlpTranslator::AddHistogram(const OtlpPoint& point) {
  ClassicHistogram histogram{.count = point.count,
                             .sum = point.sum.value_or(0),
                             .has_sum = point.sum.has_value() || point.no_recorded_value,
                             .stale = point.no_recorded_value,
                             .buckets = {}};
  std::string_view fault;
  if (metric_.kind == OtlpKind::kExponentialHistogram) {
    const auto wrong = [](const auto& side) {
      return side.size() > kMaxOtlpBuckets ||
             std::ranges::any_of(side, [](const auto& bucket) { return !(bucket.count >= 0); });
    };
    if (wrong(point.exponential.positive) || wrong(point.exponential.negative)) {
      fault = "it has too many buckets, or counts below 0";
    } else {
      ToClassic(point.exponential, histogram.buckets);
    }
  } else {
    fault = FaultOf(point);
    double running = 0;
    for (std::size_t i = 0; fault.empty() && i < point.bounds.size(); ++i) {
      running += point.bucket_counts[i];
      if (!std::isinf(point.bounds[i])) histogram.buckets.push_back({.le = point.bounds[i], .count = running});
    }
  }
  if (!fault.empty()) {
    Refuse("ingest.bad_histogram",
           fmt::format("cannot take a histogram of '{}': {}", metric_.name.substr(0, 128), fault));
    return;
  }
  if (!Accumulate(histogram)) return;
  out_.BeginItem();
  ForEachSeries(histogram, [this](std::string_view suffix, std::string_view le, double value) {
    AddRow(suffix, le.empty() ? "" : "le", le, value);
  });
}

void OtlpTranslator::AddSummary(const OtlpPoint& point) {
  const double stale = StaleMarker();
  if (point.quantiles.size() > kMaxOtlpBuckets) {
    Refuse("ingest.bad_data_point", "cannot take a summary: it has too many quantiles");
    return;
  }
  out_.BeginItem();
  for (const OtlpPoint::Quantile& quantile : point.quantiles) {
    AddRow({}, "quantile", BoundText(quantile.quantile), point.no_recorded_value ? stale : quantile.value);
  }
  AddRow("_count", {}, {}, point.no_recorded_value ? stale : point.count);
  AddRow("_sum", {}, {}, point.no_recorded_value ? stale : point.sum.value_or(0));
}

Result<void> OtlpTranslator::AddPoint(const OtlpPoint& point) {
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  time_ = point.time_ns == 0 ? now_ : FromUnixMs(static_cast<std::int64_t>(point.time_ns / kNsPerMs));
  if (point.attributes.size() > kMaxOtlpAttributes) {
    out_.Reject("ingest.bad_data_point",
                fmt::format("cannot take a point of '{}': it has more than {} attributes", metric_.name.substr(0, 128),
                            kMaxOtlpAttributes),
                tsdb::ReadableBytes(metric_name_));
    return out_.CheckLimits();
  }
  if (!target_labels_.empty()) AddTargetInfo();
  SetLabels(point);
  switch (metric_.kind) {
    case OtlpKind::kHistogram:
    case OtlpKind::kExponentialHistogram: AddHistogram(point); break;
    case OtlpKind::kSummary: AddSummary(point); break;
    default: AddNumber(point);
  }
  return out_.CheckLimits();
}

}  // namespace helios::ingest
