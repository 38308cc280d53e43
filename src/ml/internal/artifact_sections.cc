// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/artifact_sections.h"

#include <algorithm>

#include "ml/internal/artifact_errors.h"
#include "ml/internal/state_bytes.h"

namespace helios::ml {
namespace {

constexpr std::uint8_t kDescriptionVersion = 1;
constexpr std::string_view kPart = "a model's part";
constexpr std::string_view kDescription = "a model's description";

/// One section as it lies in a part.
struct Framed {
  Section section{};
  std::string_view bytes;
};

/// Takes a section off the front of `part`.
std::optional<Framed> TakeSection(std::string_view& part) {
  Framed framed{.section = static_cast<Section>(part.front()), .bytes = {}};
  std::size_t length = 0;
  std::size_t at = 1;
  for (unsigned shift = 0;; shift += 7, ++at) {
    if (at >= part.size() || shift > 28) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(part[at]);
    length |= std::size_t{byte & 0x7fU} << shift;
    if (byte < 0x80) break;
  }
  part.remove_prefix(at + 1);
  if (length > part.size()) return std::nullopt;
  framed.bytes = part.substr(0, length);
  part.remove_prefix(length);
  return framed;
}

template <class Self, class F>
void DescriptionFields(Self& self, F& f) {
  f(self.model_type, self.reason, self.metrics.mase, self.metrics.smape, self.metrics.mae, self.metrics.coverage,
    self.metrics.origins, self.trained_from, self.trained_to, self.step, self.season_length, self.history_samples);
}

}  // namespace

void AppendSection(std::string& part, Section section, std::string_view bytes) {
  part += static_cast<char>(section);
  StateWriter writer;
  writer(bytes.size());
  part += writer.Take();
  part += bytes;
}

Result<Sections> Sections::Read(std::string_view part) {
  Sections sections;
  while (!part.empty()) {
    const auto framed = TakeSection(part);
    if (!framed) return BadArtifact(kPart, "a section is cut short");
    if (sections.Find(framed->section)) return BadArtifact(kPart, "a section is there twice");
    sections.sections_.emplace_back(framed->section, framed->bytes);
  }
  return sections;
}

std::optional<std::string_view> Sections::Find(Section section) const {
  const auto found = std::ranges::find(sections_, section, &std::pair<Section, std::string_view>::first);
  if (found == sections_.end()) return std::nullopt;
  return found->second;
}

Result<void> Sections::RefuseOthersThan(std::string_view what, std::initializer_list<Section> known) const {
  for (const auto& [section, bytes] : sections_) {
    if (section >= Section::kFirstAdvisory || std::ranges::find(known, section) != known.end()) continue;
    return Fail(ErrorCode::kFailedPrecondition, "ml.newer_format",
                "cannot read {}: it was written by a newer Helios, or is another kind of model; got section {}", what,
                static_cast<unsigned>(section));
  }
  return {};
}

std::string WriteDescription(const ModelDescription& description) {
  StateWriter writer;
  writer(kDescriptionVersion);
  DescriptionFields(description, writer);
  return writer.Take();
}

Result<ModelDescription> ReadDescription(std::string_view part) {
  HELIOS_TRY(const auto sections, Sections::Read(part));
  const auto bytes = sections.Find(Section::kDescription);
  if (!bytes) return BadArtifact(kDescription, "the part has none");
  StateReader reader(*bytes);
  std::uint8_t version = 0;
  reader(version);
  if (!reader.ok() || version == 0) return BadArtifact(kDescription, "it has no version");
  if (version > kDescriptionVersion) return NewerFormat(kDescription, version, kDescriptionVersion);
  ModelDescription description;
  DescriptionFields(description, reader);
  constexpr auto kYears = std::chrono::milliseconds{253'402'300'800'000};  // to the end of the year 9999
  const auto in_years = [&](TimestampMs time) { return std::chrono::abs(time.time_since_epoch()) <= kYears; };
  if (!reader.done() || !in_years(description.trained_from) || !in_years(description.trained_to) ||
      description.trained_from > description.trained_to || description.step.count() <= 0 || description.step > kYears) {
    return BadArtifact(kDescription, "its numbers are not those of one");
  }
  return description;
}

}  // namespace helios::ml
