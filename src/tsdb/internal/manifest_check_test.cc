// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/manifest_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/crc32c.h"

namespace helios::tsdb {
namespace {

std::string Record(std::string_view payload) {
  const std::string covered = '\1' + std::string(payload);
  const std::uint32_t crc = Crc32c(covered);
  const std::uint32_t masked = ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U;
  std::string record;
  for (unsigned i = 0; i < 4; ++i) record += static_cast<char>(masked >> (8 * i) & 0xffU);
  record += static_cast<char>(payload.size() & 0xffU);
  record += static_cast<char>(payload.size() >> 8U);
  return record + covered;
}

TEST(ManifestCheck, TakesWholeRecordsAndATornEnd) {
  const std::string whole = Record("first") + Record(std::string(200, 'x')) + Record("last");
  for (std::size_t end = 0; end <= whole.size(); ++end) {
    EXPECT_FALSE(HasRecordBehindDamage(std::string_view(whole).substr(0, end))) << end;
  }
}

TEST(ManifestCheck, TakesRecordsOfManyBlocks) {
  std::string log;
  while (log.size() < 100'000) {
    const std::size_t left = 32768 - log.size() % 32768;
    if (left < 7) {
      log.append(left, '\0');
    } else {
      log += Record(std::string(std::min<std::size_t>(left - 7, 1000), 'x'));
    }
  }
  EXPECT_FALSE(HasRecordBehindDamage(log));
}

TEST(ManifestCheck, FindsEveryFlippedBitBeforeTheLastRecord) {
  const std::string before = Record("first") + Record(std::string(50, 'x'));
  for (std::size_t bit = 0; bit < before.size() * 8; ++bit) {
    std::string log = before + Record("last");
    log[bit / 8] = static_cast<char>(log[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(HasRecordBehindDamage(log)) << bit;
  }
}

}  // namespace
}  // namespace helios::tsdb
