// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ml/internal/state_bytes.h"

namespace helios::ml {

// Constants of docs/formats/model-artifact.md.
inline constexpr std::string_view kBundleMagic = "heliosma";
inline constexpr std::uint32_t kBundleVersion = 1;
/// Magic, version, length of the header: the same in every version, as is the checksum at the header's end.
inline constexpr std::size_t kBundlePrefixBytes = 16;
inline constexpr std::size_t kChecksumBytes = 4;
inline constexpr std::size_t kLongestMetric = 4'096;
inline constexpr std::size_t kLongestConfig = 65'536;
/// How a part's bytes are stored: as they are.
inline constexpr std::uint8_t kPlainCodec = 0;
/// Codec before and checksum after a part's bytes.
inline constexpr std::size_t kPartFrameBytes = 1 + kChecksumBytes;

/// The end of an artifact, before its magic and behind nothing else.
struct BundleEnd {
  std::uint64_t index_offset = 0;
  std::uint64_t index_length = 0;
  std::uint64_t parts = 0;
  std::uint32_t index_crc = 0;
  std::uint32_t all_crc = 0;  ///< of every byte before the end
  std::uint32_t version = kBundleVersion;

  static constexpr std::size_t kCoveredBytes = 36;
  static constexpr std::size_t kBytes = kCoveredBytes + kChecksumBytes + kBundleMagic.size();

  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(Fixed(self.index_offset), Fixed(self.index_length), Fixed(self.parts), self.index_crc, self.all_crc,
      self.version);
  }
};

/// Four bytes, little-endian.
inline std::string ChecksumBytes(std::uint32_t crc) {
  StateWriter writer;
  writer(crc);
  return writer.Take();
}
/// Requires four bytes.
inline std::uint32_t ChecksumAt(std::string_view bytes) {
  std::uint32_t crc = 0;
  StateReader(bytes.substr(0, kChecksumBytes))(crc);
  return crc;
}

}  // namespace helios::ml
