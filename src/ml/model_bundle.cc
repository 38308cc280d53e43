// SPDX-License-Identifier: Apache-2.0
#include "ml/model_bundle.h"

#include <algorithm>

#include "base/crc32c.h"
#include "ml/internal/artifact_errors.h"
#include "ml/internal/bundle_format.h"

namespace helios::ml {
namespace {

constexpr std::string_view kWhat = "a model artifact";

struct OpenedHeader {
  BundleHeader header;
  std::size_t length = 0;
};

Result<OpenedHeader> OpenHeader(std::string_view bytes) {
  if (!bytes.starts_with(kBundleMagic)) return BadArtifact(kWhat, "it does not begin as one");
  StateReader prefix(bytes.substr(kBundleMagic.size()));
  std::uint32_t version = 0;
  std::uint32_t length = 0;
  prefix(version, length);
  if (!prefix.ok() || length < kBundlePrefixBytes + kChecksumBytes || length > bytes.size()) {
    return BadArtifact(kWhat, "its header is cut short");
  }
  const auto covered = bytes.substr(0, length - kChecksumBytes);
  if (Crc32c(covered) != ChecksumAt(bytes.substr(covered.size()))) return BadArtifact(kWhat, "its header is damaged");
  if (version > kBundleVersion) return NewerFormat(kWhat, version, kBundleVersion);
  OpenedHeader opened{.header = {}, .length = length};
  StateReader reader(covered.substr(kBundlePrefixBytes));
  reader(opened.header.created, opened.header.metric, opened.header.config);
  if (version == 0 || !reader.done()) return BadArtifact(kWhat, "its header is not one");
  return opened;
}

Result<BundleEnd> OpenEnd(std::string_view bytes, std::size_t header_length) {
  if (bytes.size() < header_length + BundleEnd::kBytes || !bytes.ends_with(kBundleMagic)) {
    return BadArtifact(kWhat, "it is cut short");
  }
  const auto last = bytes.substr(bytes.size() - BundleEnd::kBytes);
  const auto covered = last.substr(0, BundleEnd::kCoveredBytes);
  if (Crc32c(covered) != ChecksumAt(last.substr(covered.size()))) return BadArtifact(kWhat, "its end is damaged");
  BundleEnd end;
  StateReader reader(covered);
  reader(end);
  const std::uint64_t end_offset = bytes.size() - BundleEnd::kBytes;
  if (end.index_length > end_offset || end.index_offset != end_offset - end.index_length ||
      end.index_offset < header_length || end.version != kBundleVersion) {
    return BadArtifact(kWhat, "its end belongs to another artifact");
  }
  return end;
}

}  // namespace

Result<ModelBundle> ModelBundle::Open(std::string_view bytes) {
  HELIOS_TRY(auto opened, OpenHeader(bytes));
  HELIOS_TRY(const auto end, OpenEnd(bytes, opened.length));
  const auto index = bytes.substr(end.index_offset, end.index_length);
  if (Crc32c(index) != end.index_crc) return BadArtifact(kWhat, "its index is damaged");

  ModelBundle bundle;
  bundle.bytes_ = bytes;
  bundle.header_ = std::move(opened.header);
  bundle.crc_ = end.all_crc;
  StateReader reader(index);
  bundle.entries_.reserve(std::min<std::uint64_t>(end.parts, index.size() / 3));
  for (std::uint64_t i = 0; i < end.parts; ++i) {
    std::string_view key;
    std::size_t offset = 0;
    std::size_t length = 0;
    reader(key, offset, length);
    const bool ascends = bundle.entries_.empty() || bundle.entries_.back().key < key;
    if (!reader.ok() || !ascends || length <= kPartFrameBytes || offset < opened.length || offset > end.index_offset ||
        length > end.index_offset - offset) {
      return BadArtifact(kWhat, "its index is not one");
    }
    bundle.entries_.push_back({key, offset, length});
  }
  if (!reader.done()) return BadArtifact(kWhat, "its index is longer than it says");
  return bundle;
}

Result<std::string_view> ModelBundle::Part(std::string_view key) const {
  const auto found = std::ranges::lower_bound(entries_, key, {}, &Entry::key);
  if (found == entries_.end() || found->key != key) {
    return Fail(ErrorCode::kNotFound, "ml.no_such_model", "cannot find a series' model in an artifact of {} parts",
                entries_.size());
  }
  return PartAt(static_cast<std::size_t>(found - entries_.begin()));
}

Result<std::string_view> ModelBundle::PartAt(std::size_t i) const {
  const auto& entry = entries_[i];
  const auto framed = bytes_.substr(entry.offset, entry.length);
  const auto covered = framed.substr(0, framed.size() - kChecksumBytes);
  if (Crc32c(covered, Crc32c(entry.key)) != ChecksumAt(framed.substr(covered.size()))) {
    return BadArtifact(kWhat, "the part of this series is damaged");
  }
  if (const auto codec = static_cast<std::uint8_t>(covered.front()); codec != kPlainCodec) {
    return NewerFormat("a part of a model artifact", codec, kPlainCodec);
  }
  return covered.substr(1);
}

Result<void> ModelBundle::Verify() const {
  if (Crc32c(bytes_.substr(0, bytes_.size() - BundleEnd::kBytes)) == crc_) return {};
  return BadArtifact(kWhat, "its bytes are not those that were written");
}

}  // namespace helios::ml
