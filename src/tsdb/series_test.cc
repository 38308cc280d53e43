// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/series.h"

#include <gtest/gtest.h>

#include "tsdb/sample_store.h"

namespace helios::tsdb {
namespace {

/// The reason why `key` is refused, or "".
std::string_view Refusal(SeriesKey key) {
  const auto checked = Canonicalize(key);
  if (checked) return "";
  EXPECT_EQ(checked.error().code, ErrorCode::kInvalidArgument);
  return checked.error().reason;
}

TEST(Canonicalize, SortsLabelsAndDropsEmptyValues) {
  SeriesKey key{"cpu", {{"mode", "idle"}, {"empty", ""}, {"host", "a"}}};
  ASSERT_TRUE(Canonicalize(key).has_value());
  EXPECT_EQ(key, (SeriesKey{"cpu", {{"host", "a"}, {"mode", "idle"}}}));
  EXPECT_EQ(key.Find("mode"), "idle");
  EXPECT_EQ(key.Find("empty"), "");
}

TEST(Canonicalize, TakesAnyUtf8Name) {
  EXPECT_EQ(Refusal({"http.requests/s für ☃ 𝄞", {{"größe", "日本"}}}), "");
  EXPECT_EQ(Refusal({std::string(255, 'm'), {}}), "");
}

TEST(Canonicalize, RefusesBadMetricNames) {
  for (const std::string& name : {std::string(), std::string(256, 'm'), std::string("helios:forecast"),
                                  std::string("\xff"), std::string("a\xc3")}) {
    EXPECT_EQ(Refusal({name, {}}), "ingest.bad_metric_name") << name;
  }
  EXPECT_EQ(Refusal({"heliosphere", {}}), "");
}

TEST(Canonicalize, RefusesMalformedUtf8) {
  // Overlong slash, overlong three and four bytes, a surrogate, above U+10FFFF, a lone continuation, a cut character.
  for (const std::string value : {"\xc0\xaf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                  "\x80", "\xe2\x82", "ok\xf8"}) {
    EXPECT_EQ(Refusal({"cpu", {{"host", value}}}), "ingest.bad_label_value") << value;
    EXPECT_EQ(Refusal({"cpu", {{value, "host"}}}), "ingest.bad_label_name") << value;
  }
}

TEST(Canonicalize, RefusesBadLabels) {
  EXPECT_EQ(Refusal({"cpu", {{"", "x"}}}), "ingest.bad_label_name");
  EXPECT_EQ(Refusal({"cpu", {{"__name__", "x"}}}), "ingest.bad_label_name");
  EXPECT_EQ(Refusal({"cpu", {{std::string(257, 'n'), "x"}}}), "ingest.bad_label_name");
  EXPECT_EQ(Refusal({"cpu", {{"n", std::string(2049, 'v')}}}), "ingest.bad_label_value");
  EXPECT_EQ(Refusal({"cpu", {{"n", std::string(2048, 'v')}}}), "");
  EXPECT_EQ(Refusal({"cpu", {{"n", "1"}, {"m", "1"}, {"n", "1"}}}), "ingest.duplicate_label");
}

TEST(Canonicalize, CountsLabelsAndTheirBytes) {
  SeriesKey many{"cpu", {}};
  for (int i = 0; i < 40; ++i) many.labels.push_back({fmt::format("l{}", i), "v"});
  EXPECT_EQ(Refusal(many), "");
  many.labels.push_back({"one_more", ""});
  EXPECT_EQ(Refusal(many), "");  // an empty value is no label
  many.labels.back().value = "v";
  EXPECT_EQ(Refusal(many), "ingest.too_many_labels");

  SeriesKey large{"cpu", {}};
  for (const char* name : {"a", "b", "c", "d"}) large.labels.push_back({name, std::string(2047, 'v')});
  EXPECT_EQ(Refusal(large), "");  // 4 * (1 + 2047) = 8192
  large.labels.back().value += 'v';
  EXPECT_EQ(Refusal(large), "ingest.labels_too_large");
}

TEST(Canonicalize, NamesABadMetricWithoutItsBadBytes) {
  SeriesKey key{std::string(1000, 'x') + "\xff", {}};
  EXPECT_LT(Canonicalize(key).error().message.size(), 300U);
  SeriesKey broken{"\xff", {}};
  EXPECT_EQ(Canonicalize(broken).error().message.find('\xff'), std::string::npos);
}

TEST(SeriesKeyToString, QuotesValues) {
  EXPECT_EQ(ToString({"up", {}}), "up");
  EXPECT_EQ(ToString({"cpu", {{"host", "a\"b\\c\n"}, {"mode", "idle"}}}), R"(cpu{host="a\"b\\c\n",mode="idle"})");
}

TEST(RejectCode, IsStable) {
  EXPECT_EQ(RejectCode(RejectReason::kOutOfOrder), "ingest.out_of_order");
  EXPECT_EQ(RejectCode(RejectReason::kConflict), "ingest.conflicting_value");
  EXPECT_EQ(RejectCode(RejectReason::kTooFarInFuture), "ingest.future_timestamp");
  EXPECT_EQ(RejectCode(RejectReason::kTooOld), "ingest.too_old");
  EXPECT_EQ(RejectCode(RejectReason::kSeriesLimit), "ingest.series_limit");
}

}  // namespace
}  // namespace helios::tsdb
