// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "portal/accept_encoding.h"

#include <gtest/gtest.h>

#include <array>

namespace helios::portal {
namespace {

constexpr std::array<std::string_view, 2> kBoth = {"br", "gzip"};

TEST(ChooseCoding, TakesTheFirstOfferedThatTheReaderNames) {
  EXPECT_EQ(ChooseCoding("gzip, deflate, br, zstd", kBoth), "br");
  EXPECT_EQ(ChooseCoding("gzip, deflate", kBoth), "gzip");
  EXPECT_EQ(ChooseCoding("GZIP;q=0.3", kBoth), "gzip");
  EXPECT_EQ(ChooseCoding("br;q=0.1 , gzip;q=1.0", kBoth), "br");
}

TEST(ChooseCoding, GivesTheBytesAsTheyAreWhereNothingIsTaken) {
  EXPECT_EQ(ChooseCoding("", kBoth), std::nullopt);
  EXPECT_EQ(ChooseCoding("identity", kBoth), std::nullopt);
  EXPECT_EQ(ChooseCoding("zstd", kBoth), std::nullopt);
  EXPECT_EQ(ChooseCoding("bread, gzippy", kBoth), std::nullopt);
  EXPECT_EQ(ChooseCoding(",,;;,q=1", kBoth), std::nullopt);
}

TEST(ChooseCoding, NeverTakesWhatIsRefused) {
  EXPECT_EQ(ChooseCoding("br;q=0, gzip", kBoth), "gzip");
  EXPECT_EQ(ChooseCoding("br; q=0.000, gzip ;q=0", kBoth), std::nullopt);
  EXPECT_EQ(ChooseCoding("*;q=0", kBoth), std::nullopt);
}

TEST(ChooseCoding, AStarTakesWhateverIsNotNamed) {
  EXPECT_EQ(ChooseCoding("*", kBoth), "br");
  EXPECT_EQ(ChooseCoding("br;q=0, *", kBoth), "gzip");
}

}  // namespace
}  // namespace helios::portal
