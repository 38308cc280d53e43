// SPDX-License-Identifier: Apache-2.0
#include "ml/model_parts.h"

#include "ml/internal/artifact_errors.h"
#include "ml/internal/artifact_sections.h"
#include "ml/internal/state_bytes.h"

namespace helios::ml {
namespace {

constexpr std::uint8_t kMetricModelVersion = 1;
constexpr std::string_view kNamed = "a named model";
constexpr std::string_view kMetric = "a metric's model";

/// The section `wanted` of a part that may hold a description beside it, and nothing else.
Result<std::string_view> OnlySection(std::string_view part, std::string_view what, Section wanted) {
  HELIOS_TRY(const auto sections, Sections::Read(part));
  HELIOS_CHECK(sections.RefuseOthersThan(what, {Section::kDescription, wanted}));
  const auto bytes = sections.Find(wanted);
  if (!bytes) return BadArtifact(what, "the part has none");
  return *bytes;
}

}  // namespace

Result<PartKind> ReadPartKind(std::string_view part) {
  HELIOS_TRY(const auto sections, Sections::Read(part));
  HELIOS_CHECK(sections.RefuseOthersThan(
      "a model's part", {Section::kDescription, Section::kForecaster, Section::kEnsemble, Section::kNamedModel,
                         Section::kMetricModel, Section::kNamedForecaster}));
  if (sections.Find(Section::kForecaster)) return PartKind::kForecaster;
  if (sections.Find(Section::kNamedModel)) return PartKind::kNamedModel;
  if (sections.Find(Section::kMetricModel)) return PartKind::kMetricModel;
  if (sections.Find(Section::kNamedForecaster)) return PartKind::kNamedForecaster;
  return BadArtifact("a model's part", "there is no model in it");
}

Result<std::string> SaveNamedModel(const ModelDescription& description, const FittedModel& model) {
  HELIOS_TRY(const auto saved, model.Save());
  std::string part;
  AppendSection(part, Section::kDescription, WriteDescription(description));
  AppendSection(part, Section::kNamedModel, saved);
  return part;
}

Result<std::unique_ptr<FittedModel>> RestoreNamedModel(std::string_view part, const RegularHistory& history) {
  HELIOS_TRY(const auto bytes, OnlySection(part, kNamed, Section::kNamedModel));
  return RestoreModel(bytes, history);
}

Result<std::string> SaveMetricModel(const ModelDescription& description, const XgboostModel& model,
                                    std::span<const std::string> keys) {
  HELIOS_TRY(const auto bytes, model.Bytes());
  StateWriter writer;
  writer(kMetricModelVersion, std::vector<std::string>(keys.begin(), keys.end()), bytes);
  std::string part;
  AppendSection(part, Section::kDescription, WriteDescription(description));
  AppendSection(part, Section::kMetricModel, writer.Take());
  return part;
}

Result<MetricModel> ReadMetricModel(std::string_view part) {
  HELIOS_TRY(const auto bytes, OnlySection(part, kMetric, Section::kMetricModel));
  StateReader reader(bytes);
  std::uint8_t version = 0;
  reader(version);
  if (!reader.ok() || version == 0) return BadArtifact(kMetric, "it has no version");
  if (version > kMetricModelVersion) return NewerFormat(kMetric, version, kMetricModelVersion);
  MetricModel model;
  reader(model.keys, model.model);
  if (!reader.done()) return BadArtifact(kMetric, "it is cut short");
  return model;
}

}  // namespace helios::ml
