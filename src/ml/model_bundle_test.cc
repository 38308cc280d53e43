// SPDX-License-Identifier: Apache-2.0
#include "ml/model_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/crc32c.h"
#include "ml/forecast.h"
#include "ml/internal/bundle_format.h"
#include "ml/model_description.h"
#include "ml/model_parts.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

const BundleHeader kHeader{
    .created = FromUnixMs(1'767'441'600'000), .metric = "node_cpu", .config = R"({"training_days":14})"};

std::string Bundle(const Parts& parts, const BundleHeader& header = kHeader) {
  std::string bytes;
  auto writer = BundleWriter::Start(header, [&](std::string_view more) -> Result<void> {
    bytes += more;
    return {};
  });
  EXPECT_TRUE(writer);
  for (const auto& [key, part] : parts) EXPECT_TRUE(writer->Add(key, part));
  EXPECT_TRUE(writer->Finish());
  return bytes;
}

/// Whether all of it can be read, and is `expected`.
bool Serves(std::string_view bytes, const Parts& expected) {
  const auto bundle = ModelBundle::Open(bytes);
  if (!bundle || bundle->size() != expected.size() || !bundle->Verify()) return false;
  return std::ranges::all_of(expected, [&](const auto& entry) {
    const auto part = bundle->Part(entry.first);
    return part && *part == entry.second;
  });
}

TEST(ModelBundle, FindsEachPartByItsKeyWhateverTheOrderTheyCameIn) {
  const Parts parts = {{"series b", "second"}, {"", "the metric's"}, {std::string("a\0b", 3), "first"}};
  const auto bytes = Bundle(parts);
  const auto bundle = ModelBundle::Open(bytes);
  ASSERT_TRUE(bundle) << bundle.error().message;
  EXPECT_EQ(bundle->header().created, kHeader.created);
  EXPECT_EQ(bundle->header().metric, kHeader.metric);
  EXPECT_EQ(bundle->header().config, kHeader.config);
  EXPECT_TRUE(Serves(bytes, parts));
  EXPECT_EQ(bundle->KeyAt(0), "");
  EXPECT_EQ(bundle->KeyAt(2), "series b");
  EXPECT_EQ(*bundle->PartAt(2), "second");
  EXPECT_EQ(bundle->Part("series c").error().reason, "ml.no_such_model");
}

TEST(ModelBundle, MayBeEmpty) {
  EXPECT_TRUE(Serves(Bundle({}, {}), {}));
}

TEST(ModelBundle, HoldsAHundredThousandSeries) {
  std::size_t largest_piece = 0;
  std::string bytes;
  auto writer = BundleWriter::Start(kHeader, [&](std::string_view more) -> Result<void> {
    largest_piece = std::max(largest_piece, more.size());
    bytes += more;
    return {};
  });
  ASSERT_TRUE(writer);
  for (std::size_t i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(writer->Add(fmt::format("{:08x}", i * 2'654'435'761U % 4'294'967'291U), fmt::format("part {}", i)));
  }
  ASSERT_TRUE(writer->Finish());
  EXPECT_LT(largest_piece, 70'000U);  // also the index goes out in pieces
  const auto bundle = ModelBundle::Open(bytes);
  ASSERT_TRUE(bundle);
  for (const std::size_t i : {0U, 1U, 77'777U, 99'999U}) {
    EXPECT_EQ(*bundle->Part(fmt::format("{:08x}", i * 2'654'435'761U % 4'294'967'291U)), fmt::format("part {}", i));
  }
}

TEST(ModelBundle, NoticesEveryByteThatChanged) {
  const Parts parts = {{"a", "one part"}, {"b", "another"}};
  const auto bytes = Bundle(parts);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_FALSE(Serves(damaged, parts)) << i << " " << bit;
    }
  }
}

TEST(ModelBundle, NoticesDamageWithoutReadingTheWhole) {
  const Parts parts = {{"a", "one part"}, {"b", "another"}};
  const auto bytes = Bundle(parts);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] = static_cast<char>(~damaged[i]);
    const auto bundle = ModelBundle::Open(damaged);
    if (!bundle) {
      EXPECT_EQ(bundle.error().reason, "ml.bad_artifact");
      continue;
    }
    // Then it lies in one of the parts, and costs that alone.
    const auto a = bundle->Part("a");
    const auto b = bundle->Part("b");
    EXPECT_NE(a.has_value(), b.has_value()) << i;
    EXPECT_EQ((a ? b : a).error().reason, "ml.bad_artifact");
  }
}

TEST(ModelBundle, RefusesOneThatIsCutShortOrLonger) {
  const auto bytes = Bundle({{"a", "one part"}});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = ModelBundle::Open(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().reason, "ml.bad_artifact");
  }
  EXPECT_FALSE(ModelBundle::Open(bytes + "x"));
  EXPECT_FALSE(ModelBundle::Open(bytes + bytes));
}

TEST(ModelBundle, SaysWhenItWasWrittenByANewerHelios) {
  auto bytes = Bundle({{"a", "one part"}});
  bytes[8] = 2;
  const auto header_length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[12]));
  const auto crc = ChecksumBytes(Crc32c(std::string_view(bytes).substr(0, header_length - 4)));
  std::ranges::copy(crc, bytes.begin() + static_cast<std::ptrdiff_t>(header_length - 4));
  const auto newer = ModelBundle::Open(bytes);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().reason, "ml.newer_format");
  EXPECT_EQ(newer.error().message,
            "cannot read a model artifact: it was written by a newer Helios; got version 2; want at most 1");
}

TEST(ModelBundle, DoesNotTakeAPartForAnotherSeries) {
  auto bytes = Bundle({{"a", "PART-ONE"}, {"b", "PART-TWO"}});
  const auto first = bytes.find("PART-ONE") - 1;
  const auto second = bytes.find("PART-TWO") - 1;
  std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(first),
                   bytes.begin() + static_cast<std::ptrdiff_t>(first + 8 + kPartFrameBytes),
                   bytes.begin() + static_cast<std::ptrdiff_t>(second));
  const auto bundle = ModelBundle::Open(bytes);
  ASSERT_TRUE(bundle);
  EXPECT_FALSE(bundle->Part("a"));
  EXPECT_FALSE(bundle->Part("b"));
}

TEST(BundleWriter, RefusesWhatAReaderWouldNotFind) {
  const auto nowhere = [](std::string_view) -> Result<void> { return {}; };
  EXPECT_EQ(
      BundleWriter::Start({.created = {}, .metric = std::string(4'097, 'm'), .config = ""}, nowhere).error().reason,
      "ml.bad_bundle_header");
  auto writer = BundleWriter::Start(kHeader, nowhere);
  ASSERT_TRUE(writer);
  EXPECT_EQ(writer->Add(std::string(256, 'k'), "part").error().reason, "ml.bad_bundle_part");
  EXPECT_EQ(writer->Add("a", "").error().reason, "ml.bad_bundle_part");
  EXPECT_TRUE(writer->Add("a", "part"));
  EXPECT_TRUE(writer->Add("a", "part"));
  EXPECT_EQ(writer->Finish().error().reason, "ml.bad_bundle_part");
}

TEST(BundleWriter, PassesAnErrorOfTheSinkUp) {
  std::size_t room = 200;
  auto writer = BundleWriter::Start(kHeader, [&](std::string_view more) -> Result<void> {
    if (more.size() > room) return Fail(ErrorCode::kUnavailable, "test.full", "no space");
    room -= more.size();
    return {};
  });
  ASSERT_TRUE(writer);
  EXPECT_TRUE(writer->Add("a", "part"));
  EXPECT_EQ(writer->Add("b", std::string(300, 'x')).error().reason, "test.full");
}

TEST(ModelBundle, ServesASeriesFromItsPartAloneAndHandsPartsOnAsTheyAre) {
  const auto history = SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0}.Make();
  const auto fitted = FitForecaster(history, {});
  ASSERT_TRUE(fitted);
  const auto old_version = Bundle({{"1", fitted->Save()}, {"2", "not promoted"}});
  const auto opened = ModelBundle::Open(old_version);
  ASSERT_TRUE(opened);
  const auto promoted = Bundle({{"1", std::string(*opened->Part("1"))}});
  const auto bundle = ModelBundle::Open(promoted);
  ASSERT_TRUE(bundle);
  const auto part = bundle->Part("1");
  ASSERT_TRUE(part);
  EXPECT_EQ(*ReadPartKind(*part), PartKind::kForecaster);
  EXPECT_EQ(ReadDescription(*part)->model_type, "ensemble");
  const auto restored = FittedForecaster::Restore(*part, history);
  ASSERT_TRUE(restored);
  const std::chrono::minutes hour[] = {std::chrono::minutes{60}};
  EXPECT_EQ(restored->Forecast(hour, 0.95)->points[0].value, fitted->Forecast(hour, 0.95)->points[0].value);
}

TEST(ModelParts, CarryANamedModelWithItsDescription) {
  const std::vector<double> values = {3.0, 1.0, 2.0, 4.0, 2.0, 3.0};
  const RegularHistory history{.first = {}, .step = std::chrono::minutes{5}, .values = values};
  const auto model = FitModel(NamedModel::kTheta, history, {});
  ASSERT_TRUE(model);
  ModelDescription description{.model_type = "theta", .reason = "the tenant chose it", .step = std::chrono::minutes{5}};
  description.metrics.mase = 0.7;
  const auto part = SaveNamedModel(description, **model);
  ASSERT_TRUE(part);
  EXPECT_EQ(*ReadPartKind(*part), PartKind::kNamedModel);
  EXPECT_EQ(ReadDescription(*part)->reason, "the tenant chose it");
  EXPECT_EQ(ReadDescription(*part)->metrics.mase, 0.7);
  EXPECT_EQ(ReadDescription(*part)->metrics.coverage, std::nullopt);
  const auto restored = RestoreNamedModel(*part, {});
  ASSERT_TRUE(restored);
  EXPECT_EQ((*restored)->Forecast(3, {})->value, (*model)->Forecast(3, {})->value);
  EXPECT_FALSE(FittedForecaster::Restore(*part, {}));
  EXPECT_FALSE(ReadMetricModel(*part));
}

TEST(ModelParts, CarryTheTreesOfAMetricAndWhoseTheyAre) {
  if (!XgboostModel::Available()) GTEST_SKIP() << "this build has no XGBoost";
  std::vector<double> values;
  for (const auto& sample : SyntheticSeries{.samples = 240, .step = std::chrono::hours{1}, .noise = 5.0}.Make()) {
    values.push_back(sample.value);
  }
  const MetricHistory history{.first = {}, .step = std::chrono::hours{1}, .series = {values, values}};
  const auto model = XgboostModel::Fit(history, {.rounds = 3});
  ASSERT_TRUE(model);
  const ModelDescription description{.model_type = "xgboost", .reason = "", .step = std::chrono::hours{1}};
  const auto part = SaveMetricModel(description, *model, std::vector<std::string>{"1", "2"});
  ASSERT_TRUE(part);
  EXPECT_EQ(*ReadPartKind(*part), PartKind::kMetricModel);
  const auto read = ReadMetricModel(*part);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->keys, testing::ElementsAre("1", "2"));
  const auto restored = XgboostModel::FromBytes(read->model, history);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->Forecast(1, 5, {})->value, model->Forecast(1, 5, {})->value);
}

}  // namespace
}  // namespace helios::ml
