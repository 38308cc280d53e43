// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/name_print.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace helios::tsdb {
namespace {

/// The same bytes for the same seed.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

using Arithmetic = NamePrinter::Arithmetic;

std::vector<Arithmetic> Arithmetics() {
  std::vector<Arithmetic> all{Arithmetic::kIntegers};
  if (NamePrinter::Fastest() == Arithmetic::kCarryless) all.push_back(Arithmetic::kCarryless);
  return all;
}

// The header's construction again, bit by bit: numbers are strings of 256 bits, least significant first.
using Bits = std::bitset<256>;

Bits Plus(const Bits& left, const Bits& right) {
  Bits sum;
  bool carry = false;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = left[i] ^ right[i] ^ carry;
    carry = (left[i] && right[i]) || (carry && (left[i] || right[i]));
  }
  return sum;
}

Bits Times(const Bits& left, const Bits& right, bool carries) {
  Bits product;
  for (std::size_t i = 0; i < product.size(); ++i) {
    if (right[i]) product = carries ? Plus(product, left << i) : product ^ (left << i);
  }
  return product;
}

Bits Lowest(const Bits& number, std::size_t bits) {
  return (number << (256 - bits)) >> (256 - bits);
}

Bits FromBytes(std::span<const std::uint8_t> bytes) {
  Bits number;
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) number[i] = (bytes[i / 8] >> (i % 8) & 1U) != 0;
  return number;
}

struct ReferencePrinter {
  std::vector<std::uint8_t> keys;

  explicit ReferencePrinter(Random& random) : keys(2 * NamePrinter::kMostBytes + std::size_t{2} * 4 * 16) {
    random.Fill(keys);
  }

  [[nodiscard]] std::uint64_t Half(int half, bool carries, std::uint64_t tenant, std::uint64_t format,
                                   const std::string& name) const {
    std::vector<std::uint8_t> blocks(name.begin(), name.end());
    if (blocks.size() < 16) {
      blocks.resize(16);
    } else if (blocks.size() % 16 != 0) {
      const std::vector<std::uint8_t> last(blocks.end() - 16, blocks.end());
      blocks.resize(blocks.size() / 16 * 16);
      blocks.insert(blocks.end(), last.begin(), last.end());
    }
    const auto word = [&](const std::vector<std::uint8_t>& from, std::size_t at, std::size_t bytes) {
      return FromBytes(std::span(from).subspan(at, bytes));
    };
    Bits sum;
    for (std::size_t at = 0; at < blocks.size(); at += 16) {
      const std::size_t key = 2 * at + std::size_t{16} * static_cast<std::size_t>(half);
      const auto mixed = [&](std::size_t skip) {
        const Bits x = word(blocks, at + skip, 8);
        const Bits k = word(keys, key + skip, 8);
        return carries ? Lowest(Plus(x, k), 64) : x ^ k;
      };
      const Bits product = Times(mixed(0), mixed(8), carries);
      sum = carries ? Plus(sum, product) : sum ^ product;
    }
    sum = Lowest(sum, 128);
    const std::array<Bits, 4> factors{Lowest(sum, 64), sum >> 64,
                                      Bits(tenant) << 32 | Bits(format) << 24 | Bits(name.size()), Bits(1)};
    Bits total;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      const std::size_t key = 2 * NamePrinter::kMostBytes + static_cast<std::size_t>(half) * 64 + 16 * i;
      total = Plus(total, Times(word(keys, key, 16), factors[i], true));
    }
    const auto fold = [](const Bits& number) { return number ^ (number >> 32U); };
    const Bits mixed = Lowest(Times(fold(Lowest(total, 128) >> 64U), Bits(0x9e3779b97f4a7c15U), true), 64);
    return fold(mixed).to_ullong();
  }
};

std::string Noise(std::mt19937_64& engine, std::size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(engine());
  return text;
}

TEST(NamePrinter, AgreesWithTheConstructionBitByBit) {
  std::mt19937_64 engine(1);
  for (const Arithmetic arithmetic : Arithmetics()) {
    SeededRandom random(7);
    SeededRandom same_random(7);
    const NamePrinter printer(random, arithmetic);
    const ReferencePrinter reference(same_random);
    const bool carries = arithmetic == Arithmetic::kIntegers;
    for (const std::size_t size : {0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100, 275, 1024, 16384}) {
      // All ones carry the most: x + k wraps, and the sum of products passes 2^128.
      for (const std::string& name : {Noise(engine, size), std::string(size, '\xff'), std::string(size, '\0')}) {
        const NamePrint print = printer.Print(0xdeadbeef, 0xfe, name);
        EXPECT_EQ(print.a, reference.Half(0, carries, 0xdeadbeef, 0xfe, name)) << size;
        EXPECT_EQ(print.b, reference.Half(1, carries, 0xdeadbeef, 0xfe, name)) << size;
      }
    }
  }
}

TEST(NamePrinter, TellsLengthsTenantsAndFormatsApart) {
  for (const Arithmetic arithmetic : Arithmetics()) {
    SystemRandom random;
    const NamePrinter printer(random, arithmetic);
    std::set<std::pair<std::uint64_t, std::uint64_t>> prints;
    std::size_t expected = 0;
    for (const std::size_t size : {0, 1, 15, 16, 17, 32, 48}) {
      for (const std::uint32_t tenant : {0U, 1U, 256U, 0xffffffffU}) {
        for (const std::uint8_t format : {0, 1, 255}) {
          const NamePrint print = printer.Print(tenant, format, std::string(size, '\0'));
          prints.emplace(print.a, print.b);
          ++expected;
        }
      }
    }
    EXPECT_EQ(prints.size(), expected);
  }
}

TEST(NamePrinter, TellsApartWhatCollidesWithoutKeys) {
  for (const Arithmetic arithmetic : Arithmetics()) {
    for (int round = 0; round < 50; ++round) {
      SystemRandom random;
      const NamePrinter printer(random, arithmetic);
      const std::string first = "instance=host-01";
      const std::string second = "job=node,zone=a1";
      // A sum over blocks does not see their order; a product with a zero factor does not see the other factor.
      EXPECT_NE(printer.Print(1, 0, first + second), printer.Print(1, 0, second + first));
      EXPECT_NE(printer.Print(1, 0, std::string(8, '\0') + "the left"),
                printer.Print(1, 0, std::string(8, '\0') + "or right"));
      // Differences that cancel in a sum of words, and halves that change places within a block.
      EXPECT_NE(printer.Print(1, 0, std::string("\x02\x01", 2) + std::string(30, 'x')),
                printer.Print(1, 0, std::string("\x01\x02", 2) + std::string(30, 'x')));
      EXPECT_NE(printer.Print(1, 0, "01234567abcdefgh"), printer.Print(1, 0, "abcdefgh01234567"));
      // The last block overlaps the one before it.
      EXPECT_NE(printer.Print(1, 0, std::string(17, 'a')), printer.Print(1, 0, std::string(18, 'a')));
      EXPECT_NE(printer.Print(1, 0, std::string(17, 'a')), printer.Print(1, 0, "b" + std::string(16, 'a')));
    }
  }
}

TEST(NamePrinter, SpreadsLikeChance) {
  constexpr std::size_t kNames = 1U << 17U;
  for (const Arithmetic arithmetic : Arithmetics()) {
    SystemRandom random;
    const NamePrinter printer(random, arithmetic);
    std::array<std::vector<std::uint32_t>, 4> quarters;
    for (std::size_t i = 0; i < kNames; ++i) {
      const std::string name = "node_cpu_seconds_total{cpu=" + std::to_string(i % 64) + ",instance=host-" +
                               std::to_string(i / 64) + ",job=node,mode=idle,region=eu-central-1}";
      const NamePrint print = printer.Print(3, 1, name);
      quarters[0].push_back(static_cast<std::uint32_t>(print.a));
      quarters[1].push_back(static_cast<std::uint32_t>(print.a >> 32U));
      quarters[2].push_back(static_cast<std::uint32_t>(print.b));
      quarters[3].push_back(static_cast<std::uint32_t>(print.b >> 32U));
    }
    for (auto& quarter : quarters) {
      std::ranges::sort(quarter);
      const auto distinct = std::ranges::distance(quarter.begin(), std::ranges::unique(quarter).begin());
      // Two pairs are expected among 2^33 at 2^-32 each; thirty have a chance below 10^-20.
      EXPECT_GE(static_cast<std::size_t>(distinct) + 30, kNames);
    }
  }
}

TEST(NamePrinter, DependsOnItsKeysAlone) {
  const std::string name = "up{instance=\"host-1:9100\",job=\"node\"}";
  for (const Arithmetic arithmetic : Arithmetics()) {
    SeededRandom one(1);
    SeededRandom one_again(1);
    SeededRandom two(2);
    const NamePrinter printer(one, arithmetic);
    EXPECT_EQ(printer.Print(1, 0, name), NamePrinter(one_again, arithmetic).Print(1, 0, name));
    EXPECT_NE(printer.Print(1, 0, name), NamePrinter(two, arithmetic).Print(1, 0, name));
    EXPECT_NE(printer.Print(1, 0, name).a, printer.Print(1, 0, name).b);
  }
}

TEST(NamePrinterDeathTest, RefusesNamesThatItHasNoKeysFor) {
  SystemRandom random;
  const NamePrinter printer(random);
  EXPECT_DEATH((void)printer.Print(1, 0, std::string(NamePrinter::kMostBytes + 1, 'a')), "");
}

}  // namespace
}  // namespace helios::tsdb
