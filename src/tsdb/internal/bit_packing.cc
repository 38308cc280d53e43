// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/bit_packing.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace helios::tsdb {
namespace {

constexpr std::size_t kGroup = 8;

template <unsigned kWidth>
constexpr std::uint64_t kMask = kWidth == 64 ? ~0ULL : (1ULL << (kWidth % 64)) - 1;

std::uint64_t Load(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// A number may span nine bytes when it is wider than 56 bits: the ninth is the byte after the word.
template <unsigned kWidth, std::size_t kIndex>
std::uint64_t Extract(const char* group) {
  constexpr std::size_t kBit = kIndex * kWidth;
  constexpr unsigned kShift = kBit % 8;
  std::uint64_t value = Load(group + kBit / 8) >> kShift;
  if constexpr (kShift + kWidth > 64) {
    value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(group[kBit / 8 + 8])) << (64 - kShift);
  }
  return value & kMask<kWidth>;
}

template <unsigned kWidth>
void UnpackGroups(const char* bytes, std::size_t groups, std::uint64_t* out) {
  for (; groups > 0; --groups, bytes += kWidth, out += kGroup) {
    [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
      ((out[kIndex] = Extract<kWidth, kIndex>(bytes)), ...);
    }(std::make_index_sequence<kGroup>());
  }
}

template <unsigned kWidth, std::size_t kIndex>
void Insert(std::uint64_t value, std::uint64_t* words) {
  constexpr std::size_t kBit = kIndex * kWidth;
  constexpr unsigned kShift = kBit % 64;
  words[kBit / 64] |= value << kShift;
  if constexpr (kShift + kWidth > 64) words[kBit / 64 + 1] |= value >> (64 - kShift);
}

// Writes whole words: up to seven bytes beyond the group, which the next one overwrites.
template <unsigned kWidth>
void PackGroups(const std::uint64_t* values, std::size_t groups, char* out) {
  if constexpr (kWidth > 0) {
    for (; groups > 0; --groups, values += kGroup, out += kWidth) {
      std::uint64_t words[(kWidth + 7) / 8] = {};
      [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
        (Insert<kWidth, kIndex>(values[kIndex], words), ...);
      }(std::make_index_sequence<kGroup>());
      std::memcpy(out, words, sizeof words);
    }
  }
}

using UnpackFunction = void (*)(const char*, std::size_t, std::uint64_t*);
using PackFunction = void (*)(const std::uint64_t*, std::size_t, char*);

constexpr auto kUnpack = []<std::size_t... kWidth>(std::index_sequence<kWidth...>) {
  return std::array<UnpackFunction, sizeof...(kWidth)>{UnpackGroups<kWidth>...};
}(std::make_index_sequence<kMaxPackedWidth + 1>());

constexpr auto kPack = []<std::size_t... kWidth>(std::index_sequence<kWidth...>) {
  return std::array<PackFunction, sizeof...(kWidth)>{PackGroups<kWidth>...};
}(std::make_index_sequence<kMaxPackedWidth + 1>());

}  // namespace

void PackBits(const std::uint64_t* values, std::size_t count, unsigned width, char* out) {
  const std::size_t groups = count / kGroup;
  kPack[width](values, groups, out);
  if (const std::size_t rest = count % kGroup; rest > 0) {
    std::array<std::uint64_t, kGroup> last{};
    std::copy_n(values + groups * kGroup, rest, last.begin());
    std::array<char, kMaxPackedWidth + kPackSlack> bytes{};
    kPack[width](last.data(), 1, bytes.data());
    std::memcpy(out + groups * width, bytes.data(), PackedBytes(rest, width));
  }
}

void UnpackBits(const char* bytes, const char* readable_end, std::size_t count, unsigned width, std::uint64_t* out) {
  if (width == 0) {
    std::fill_n(out, count, 0);
    return;
  }
  const UnpackFunction unpack = kUnpack[width];
  const std::size_t groups = count / kGroup;
  // The last number of a group is read as a word that may reach eight bytes beyond the group.
  const auto readable = static_cast<std::size_t>(readable_end - bytes);
  std::size_t in_place = groups;
  if (groups * width + 8 > readable) {
    in_place = readable < 8 ? 0 : std::min(groups, (readable - 8) / width);
  }
  unpack(bytes, in_place, out);
  for (std::size_t done = in_place * kGroup; done < count; done += kGroup) {
    const std::size_t numbers = std::min(kGroup, count - done);
    std::array<char, kMaxPackedWidth + 8> copy{};
    std::memcpy(copy.data(), bytes + done / kGroup * width, PackedBytes(numbers, width));
    std::array<std::uint64_t, kGroup> unpacked;
    unpack(copy.data(), 1, unpacked.data());
    std::copy_n(unpacked.begin(), numbers, out + done);
  }
}

std::uint64_t UnpackOne(const char* bytes, const char* readable_end, std::size_t index, unsigned width) {
  if (width == 0) return 0;
  const std::size_t bit = index * width;
  std::array<char, 16> copy{};
  const char* from = bytes + bit / 8;
  std::memcpy(copy.data(), from, std::min<std::size_t>(9, static_cast<std::size_t>(readable_end - from)));
  const unsigned shift = bit % 8;
  std::uint64_t value = Load(copy.data()) >> shift;
  if (shift > 0) value |= Load(copy.data() + 8) << (64 - shift);
  return width == 64 ? value : value & ((1ULL << width) - 1);
}

}  // namespace helios::tsdb
