// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ml/internal/aligned_values.h"
#include "ml/internal/artifact_errors.h"
#include "ml/internal/artifact_sections.h"
#include "ml/internal/state_bytes.h"
#include "ml/named_forecaster.h"

namespace helios::ml {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "a named forecaster";

}  // namespace

Result<std::string> NamedForecaster::Save() const {
  HELIOS_TRY(const auto saved, model_->Save());
  StateWriter writer;
  writer(kVersion, clock_, newest_, spacing_, saved);
  std::string part;
  AppendSection(part, Section::kDescription, WriteDescription(description_));
  AppendSection(part, Section::kNamedForecaster, writer.Take());
  return part;
}

Result<NamedForecaster> NamedForecaster::Restore(std::string_view part, std::span<const Sample> history) {
  HELIOS_TRY(const auto sections, Sections::Read(part));
  HELIOS_CHECK(sections.RefuseOthersThan(kWhat, {Section::kDescription, Section::kNamedForecaster}));
  const auto bytes = sections.Find(Section::kNamedForecaster);
  if (!bytes) return BadArtifact(kWhat, "the part has none");
  NamedForecaster made;
  HELIOS_TRY(made.description_, ReadDescription(part));
  StateReader reader(*bytes);
  std::uint8_t version = 0;
  reader(version);
  if (!reader.ok() || version == 0) return BadArtifact(kWhat, "it has no version");
  if (version > kVersion) return NewerFormat(kWhat, version, kVersion);
  std::string saved;
  reader(made.clock_, made.newest_, made.spacing_, saved);
  const auto step = made.description_.step;
  constexpr auto kYears = std::chrono::milliseconds{253'402'300'800'000};
  if (!reader.done() || !StateReader::IsValid(made.clock_) || step < std::chrono::seconds{1} ||
      step > std::chrono::days{1} || made.spacing_.count() < 1 || made.spacing_ > step ||
      std::chrono::abs(made.newest_.time_since_epoch()) > kYears ||
      std::chrono::abs(made.description_.trained_from.time_since_epoch()) > kYears) {
    return BadArtifact(kWhat, "its numbers are not those of one");
  }
  // From the fit's oldest sample on: XGBoost's history must begin where that of the fit did.
  std::vector<Sample> used;
  for (const auto& sample : history) {
    if (sample.time >= made.description_.trained_from) used.push_back(sample);
  }
  const AlignedGrid grid{.anchor = made.newest_, .step = step, .spacing = made.spacing_};
  HELIOS_TRY(const auto aligned, AlignValues(used, made.clock_, grid, -static_cast<std::int64_t>(kMaxGridPoints) + 1));
  const RegularHistory regular{.first = made.newest_ + step * aligned.first, .step = step, .values = aligned.values};
  HELIOS_TRY(made.model_, RestoreModel(saved, aligned.values.empty() ? RegularHistory{} : regular));
  if (made.model_->step() != step) return BadArtifact(kWhat, "its model has another step");
  const auto newer = aligned.first + static_cast<std::int64_t>(aligned.values.size()) - 1;
  if (!aligned.values.empty()) made.newest_ += step * std::max<std::int64_t>(0, newer);
  if (made.model_->origin() != made.newest_) return BadArtifact(kWhat, "its model is of another time");
  return made;
}

}  // namespace helios::ml
