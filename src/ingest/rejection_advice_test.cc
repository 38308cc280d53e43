// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/rejection_advice.h"

#include <gtest/gtest.h>

#include "tsdb/sample_store.h"

namespace helios::ingest {
namespace {

TEST(RejectionAdvice, SaysWhatToDoAboutEachReasonOfTheStore) {
  const std::string_view unknown = FixOf("ingest.nobody_says_so");
  EXPECT_FALSE(unknown.empty());
  for (std::size_t reason = 0; reason < tsdb::kRejectReasons; ++reason) {
    const std::string_view code = tsdb::RejectCode(static_cast<tsdb::RejectReason>(reason));
    EXPECT_NE(FixOf(code), unknown) << code;
  }
  for (const std::string_view code : {"ingest.rate_limited", "ingest.overloaded", "ingest.text_field", "tsdb.disk_full",
                                      "ingest.bad_label_name", "http.body_too_large"}) {
    EXPECT_NE(FixOf(code), unknown) << code;
  }
}

}  // namespace
}  // namespace helios::ingest
