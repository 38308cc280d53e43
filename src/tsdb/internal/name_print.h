// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace helios::tsdb {

/// 128 bits that stand for the name of a series as a sender wrote it. Means something to the NamePrinter that made it
/// alone, so it is never stored.
struct NamePrint {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  bool operator==(const NamePrint&) const = default;
};

/// Makes prints of the names of series under secret keys, so that a known series is found without parsing its labels
/// and without comparing its bytes.
///
/// Two names with the same print would become one series, silently; hence a bound that holds whatever a sender writes,
/// as long as it learns nothing of the keys: **two different (tenant, format, bytes) get the same print with
/// probability at most 2^-126**, over keys drawn uniformly. Names under one store may number N: the chance that any two
/// of them ever share a print is below N^2 * 2^-127, for a thousand million names 2^-67.
///
/// Construction. `a` and `b` are made alike, with keys of their own; each takes three steps.
///   1. The bytes in blocks of two 64-bit little-endian words (x_i, y_i). The last block is moved back so that it ends
///      with the name; a name under 16 bytes is padded with zeros. So for one length, different bytes give different
///      blocks. With keys k_i, l_i of 64 bits a block,
///        S = sum over i of (x_i + k_i mod 2^64) * (y_i + l_i mod 2^64)   mod 2^128          (kIntegers: NH), or
///        S = xor over i of (x_i ^ k_i) times (y_i ^ l_i) as polynomials over GF(2)           (kCarryless: PH).
///   2. With m = tenant * 2^32 + format * 2^24 + length, and keys p, q, r, s of 128 bits,
///        h = the upper 64 bits of (p * (S mod 2^64) + q * (S / 2^64) + r * m + s mod 2^128).
///   3. Three invertible operations mix the bits of h: h ^= h >> 32, h *= 0x9e3779b97f4a7c15, h ^= h >> 32.
///
/// Proof. Step 2 first: for different triples u, v of 64-bit words, collisions have probability 2^-64 exactly. Take a
/// position where they differ, d != 0 its difference, key p say, all other keys but s fixed. d is an odd number times
/// 2^t with t < 64, so p * d mod 2^128 is uniform over the multiples of 2^t, and D = H(u) - H(v) (before the upper bits
/// are taken) is a constant more than that: given its lower 64 bits, its upper ones are uniform. H(v) is uniform and
/// independent of D, because of s. The carry out of the lower halves of H(v) + D is decided by the lower bits alone,
/// and the prints are equal only if D's upper bits are minus that carry: probability 2^-64. (Dietzfelbinger 1996.)
///   Names that differ in m are done. Else they have equal lengths, and some block differs: then S is the same with
/// probability at most 2^-64. Say x_i differs from x'_i (for y_i the same with the roles changed), and fix all keys but
/// l_i: c = x_i + k_i and c' = x'_i + k_i differ, and S = S' reads c * (l_i + y) = c' * (l_i + y') + const. At most one
/// l_i solves it. Carry-less: the difference of two solutions, multiplied by c ^ c' != 0, would be 0. Integers: let j,
/// k be two solutions, z = (j + y mod 2^64) - (k + y mod 2^64) and z' likewise with y'; c * z = c' * z' mod 2^128, and
/// both are j - k mod 2^64, neither is 0, both lie within (-2^64, 2^64). If z = z', then (c - c') * z = 0 mod 2^128
/// with both factors below 2^64 in size and not 0: impossible. Else say z > 0, z' = z - 2^64: then c * z + c' * (2^64 -
/// z) is 0 mod 2^128, at least 0 and below 2^128, so both terms are 0, and c = c' = 0: impossible. (Black et al., UMAC,
/// 1999.)
///   Step 3 is one-to-one. Together `a` collides with probability at most 2^-64 + 2^-64 = 2^-63; `b`'s keys are
///   independent: 2^-126.
/// Each half is uniform for each name by itself, because of s. Step 3 is for tables, which use some bits alone: steps 1
/// and 2 are linear enough to map names that count up to prints that count up, and these crowd together under one key
/// in a few hundred.
///
/// Cost: 14 ns for 275 bytes with carry-less multiplication, 22 without; 33 KiB of keys, of which a name touches twice
/// its own length. Thread-safe.
class NamePrinter {
 public:
  /// How step 1 multiplies. The bound is the same, the prints are not.
  enum class Arithmetic : std::uint8_t {
    kIntegers,   ///< on any CPU
    kCarryless,  ///< with PCLMULQDQ and AVX
  };

  /// Longer names are never looked up by print; the caller checks.
  static constexpr std::size_t kMostBytes = std::size_t{16} << 10U;

  /// With the faster arithmetic this CPU has. Draws keys: from SystemRandom, except in tests.
  explicit NamePrinter(Random& random) : NamePrinter(random, Fastest()) {}
  /// Requires what the arithmetic asks of the CPU.
  NamePrinter(Random& random, Arithmetic arithmetic);

  [[nodiscard]] static Arithmetic Fastest();

  /// Requires bytes.size() <= kMostBytes, and ends the process otherwise.
  [[nodiscard]] NamePrint Print(std::uint32_t tenant, std::uint8_t format, std::string_view bytes) const;

 private:
  __extension__ using Wide = unsigned __int128;

  /// Step 1's keys of one block: k, l for `a`, then for `b`. Drawn first, in order, each word little endian.
  struct alignas(32) BlockKeys {
    std::uint64_t words[4];
  };
  /// Step 2's keys of one half: p, q, r, s. Drawn for `a`, then for `b`, each little endian.
  struct FinalKeys {
    Wide low, high, about, offset;
  };
  struct Sums {
    Wide a, b;
  };

  [[nodiscard]] Sums SumIntegers(const char* bytes, std::size_t size) const;
  [[nodiscard]] Sums SumCarryless(const char* bytes, std::size_t size) const;
  [[nodiscard]] static std::uint64_t Finish(const FinalKeys& keys, Wide sum, std::uint64_t about);

  std::vector<BlockKeys> blocks_;
  FinalKeys final_a_{};
  FinalKeys final_b_{};
  Arithmetic arithmetic_;
};

}  // namespace helios::tsdb
