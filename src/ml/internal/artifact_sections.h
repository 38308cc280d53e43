// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ml/model_description.h"

namespace helios::ml {

/// What a section of a part holds. Never renumbered. A reader leaves out those from kFirstAdvisory on that it does not
/// know; any other unknown one changes the forecast, so it refuses the part.
enum class Section : std::uint8_t {
  kDescription = 1,      ///< ModelDescription
  kForecaster = 2,       ///< FittedForecaster, but for its ensemble
  kEnsemble = 3,         ///< EnsembleForecaster
  kNamedModel = 4,       ///< a FittedModel
  kMetricModel = 5,      ///< XgboostModel, and the keys of its series
  kNamedForecaster = 6,  ///< NamedForecaster
  kFirstAdvisory = 128,
};

/// The sections of one part: tag u8, length as a varint, bytes; each tag once.
class Sections {
 public:
  /// Errors: kDataCorruption ml.bad_artifact.
  [[nodiscard]] static Result<Sections> Read(std::string_view part);

  /// The bytes of a section, or none.
  [[nodiscard]] std::optional<std::string_view> Find(Section section) const;

  /// Refuses sections below kFirstAdvisory that are none of `known`: kFailedPrecondition ml.newer_format.
  [[nodiscard]] Result<void> RefuseOthersThan(std::string_view what, std::initializer_list<Section> known) const;

 private:
  std::vector<std::pair<Section, std::string_view>> sections_;
};

void AppendSection(std::string& part, Section section, std::string_view bytes);

/// The description as a section's bytes.
[[nodiscard]] std::string WriteDescription(const ModelDescription& description);

}  // namespace helios::ml
