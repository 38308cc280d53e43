// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/label_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <thread>

namespace helios::tsdb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Matcher::Kind;
using Slots = std::vector<std::uint32_t>;
using Series = std::map<std::uint32_t, SeriesKey>;

const NamePrinter& Printer() {
  static SystemRandom random;
  static const NamePrinter printer(random);
  return printer;
}

struct LabelIndexTest : testing::Test {
  LabelIndex index{Printer()};

  Slots Find(std::string metric, std::vector<Matcher> matchers) {
    return index.Find({std::move(metric), std::move(matchers)}).value();
  }
};

// The plainest reading of the rules: every matcher on every series.
Slots SlotsThatMatch(const Series& series, const SeriesSelector& selector) {
  re2::RE2::Options options;
  options.set_dot_nl(true);
  std::deque<re2::RE2> regexes;
  for (const Matcher& matcher : selector.matchers) regexes.emplace_back(matcher.value, options);
  const auto matches = [&](const SeriesKey& key) {
    if (!selector.metric.empty() && key.metric != selector.metric) return false;
    for (std::size_t i = 0; i < regexes.size(); ++i) {
      const Matcher& matcher = selector.matchers[i];
      const std::string value(matcher.label == "__name__" ? std::string_view(key.metric) : key.Find(matcher.label));
      const bool regex = matcher.kind == Kind::kRegex || matcher.kind == Kind::kNotRegex;
      const bool same = regex ? re2::RE2::FullMatch(value, regexes[i]) : value == matcher.value;
      if (same != (matcher.kind == Kind::kEqual || matcher.kind == Kind::kRegex)) return false;
    }
    return true;
  };
  Slots slots;
  for (const auto& [slot, key] : series) {
    if (matches(key)) slots.push_back(slot);
  }
  return slots;
}

TEST_F(LabelIndexTest, IsEmptyAtFirst) {
  EXPECT_THAT(Find("", {}), IsEmpty());
  EXPECT_THAT(Find("up", {{"job", Kind::kNotEqual, "x"}}), IsEmpty());
  EXPECT_THAT(index.MetricNames(), IsEmpty());
  EXPECT_THAT(index.LabelNames({}).value(), IsEmpty());
  EXPECT_THAT(index.LabelValues("job", {}).value(), IsEmpty());
  EXPECT_THAT(index.Cardinality(10), IsEmpty());
  EXPECT_EQ(index.Key(0), SeriesKey());
  index.Erase(Slots{0, 1});
  EXPECT_EQ(index.size(), 0U);
}

TEST_F(LabelIndexTest, CountsAMissingLabelAsEmpty) {
  index.Insert(1, {"up", {{"env", "prod"}}});
  index.Insert(2, {"up", {{"env", "test"}}});
  index.Insert(3, {"up", {}});
  EXPECT_EQ(Find("up", {{"env", Kind::kEqual, ""}}), (Slots{3}));
  EXPECT_EQ(Find("up", {{"env", Kind::kNotEqual, ""}}), (Slots{1, 2}));
  EXPECT_EQ(Find("up", {{"env", Kind::kNotEqual, "prod"}}), (Slots{2, 3}));
  EXPECT_EQ(Find("up", {{"env", Kind::kRegex, ".*"}}), (Slots{1, 2, 3}));
  EXPECT_EQ(Find("up", {{"env", Kind::kRegex, ".+"}}), (Slots{1, 2}));
  EXPECT_EQ(Find("up", {{"env", Kind::kRegex, "prod|"}}), (Slots{1, 3}));
  EXPECT_EQ(Find("up", {{"env", Kind::kNotRegex, "prod|"}}), (Slots{2}));
  EXPECT_EQ(Find("up", {{"env", Kind::kNotRegex, "t.*"}}), (Slots{1, 3}));
  EXPECT_EQ(Find("up", {{"env", Kind::kNotRegex, ".*"}}), (Slots{}));
  EXPECT_EQ(Find("up", {{"none", Kind::kEqual, ""}}), (Slots{1, 2, 3}));
  EXPECT_EQ(Find("up", {{"none", Kind::kNotEqual, ""}}), (Slots{}));
  EXPECT_EQ(Find("up", {{"none", Kind::kRegex, "x?"}}), (Slots{1, 2, 3}));
  EXPECT_EQ(Find("up", {{"none", Kind::kRegex, "x"}}), (Slots{}));
}

TEST_F(LabelIndexTest, TreatsTheMetricAsALabel) {
  index.Insert(7, {"node_load1", {{"job", "node"}}});
  index.Insert(8, {"node_load5", {{"job", "node"}}});
  index.Insert(9, {"up", {{"job", "node"}}});
  EXPECT_EQ(Find("", {{"__name__", Kind::kRegex, "node_.*"}}), (Slots{7, 8}));
  EXPECT_EQ(Find("", {{"__name__", Kind::kNotEqual, "up"}, {"job", Kind::kEqual, "node"}}), (Slots{7, 8}));
  EXPECT_EQ(Find("up", {{"__name__", Kind::kEqual, "node_load1"}}), (Slots{}));
  EXPECT_EQ(Find("", {}), (Slots{7, 8, 9}));
  EXPECT_THAT(index.MetricNames(), ElementsAre("node_load1", "node_load5", "up"));
}

TEST_F(LabelIndexTest, RebuildsKeysWithUtf8Names) {
  const SeriesKey key{"größe.☃ 𝄞", {{"host", "日本"}, {"größe", "a\nb"}}};
  index.Insert(4'000'000'000, key);
  EXPECT_EQ(index.Key(4'000'000'000), key);
  EXPECT_EQ(Find(key.metric, {{"host", Kind::kRegex, "日."}}), (Slots{4'000'000'000}));
  EXPECT_EQ(Find("", {{"größe", Kind::kRegex, "a.b"}}), (Slots{4'000'000'000}));
  EXPECT_EQ(index.LabelNames({}).value(), (std::vector<std::string>{"__name__", "größe", "host"}));
}

TEST_F(LabelIndexTest, ListsNamesAndValuesOfTheSelectedSeries) {
  index.Insert(1, {"cpu", {{"host", "b"}, {"mode", "idle"}}});
  index.Insert(2, {"cpu", {{"host", "a"}, {"mode", "user"}}});
  index.Insert(3, {"mem", {{"host", "c"}, {"zone", "z"}}});
  EXPECT_THAT(index.LabelNames({}).value(), ElementsAre("__name__", "host", "mode", "zone"));
  EXPECT_THAT(index.LabelNames({}, 2).value(), ElementsAre("__name__", "host"));
  EXPECT_THAT(index.LabelNames({"mem", {}}).value(), ElementsAre("__name__", "host", "zone"));
  EXPECT_THAT(index.LabelValues("host", {}).value(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(index.LabelValues("host", {}, 2).value(), ElementsAre("a", "b"));
  EXPECT_THAT(index.LabelValues("host", {}, 0).value(), IsEmpty());
  EXPECT_THAT(index.LabelValues("host", {"cpu", {}}).value(), ElementsAre("a", "b"));
  EXPECT_THAT(index.LabelValues("host", {"cpu", {}}, 1).value(), ElementsAre("a"));
  EXPECT_THAT(index.LabelValues("mode", {"mem", {}}).value(), IsEmpty());
  EXPECT_THAT(index.LabelValues("__name__", {"", {{"mode", Kind::kEqual, "idle"}}}).value(), ElementsAre("cpu"));
}

TEST_F(LabelIndexTest, CountsValuesAndSeriesOfEachLabel) {
  index.Insert(1, {"cpu", {{"host", "b"}, {"mode", "idle"}}});
  index.Insert(2, {"cpu", {{"host", "a"}, {"mode", "idle"}}});
  index.Insert(3, {"cpu", {{"host", "c"}}});
  EXPECT_THAT(index.Cardinality(10), ElementsAre(LabelCardinality{"host", 3, 3}, LabelCardinality{"__name__", 1, 3},
                                                 LabelCardinality{"mode", 1, 2}));
  EXPECT_THAT(index.Cardinality(1), ElementsAre(LabelCardinality{"host", 3, 3}));
  index.Erase(Slots{2, 1});
  EXPECT_THAT(index.Cardinality(10), ElementsAre(LabelCardinality{"__name__", 1, 1}, LabelCardinality{"host", 1, 1}));
}

TEST_F(LabelIndexTest, NamesTheExpressionThatItRefuses) {
  const SeriesSelector bad{"up", {{"env", Kind::kEqual, "prod"}, {"job", Kind::kRegex, "(open"}}};
  for (const Error& error :
       {index.Find(bad).error(), index.LabelNames(bad).error(), index.LabelValues("env", bad).error()}) {
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(error.reason, "query.bad_regex");
    EXPECT_THAT(error.message, HasSubstr("(open"));
    EXPECT_THAT(error.message, HasSubstr("'job'"));
  }
}

TEST_F(LabelIndexTest, FindsValuesThatWereNotSortedInYet) {
  for (std::uint32_t i = 0; i < 3000; ++i) {
    index.Insert(i, {"up", {{"host", "h" + std::to_string(i * 7919 % 3000)}}});
    if (i % 97 != 0) continue;
    const Slots found = Find("", {{"host", Kind::kRegex, "h1.*"}});
    std::uint32_t expected = 0;
    for (std::uint32_t j = 0; j <= i; ++j) expected += std::to_string(j * 7919 % 3000).starts_with('1') ? 1 : 0;
    ASSERT_EQ(found.size(), expected) << i;
  }
  const auto values = index.LabelValues("host", {}).value();
  EXPECT_EQ(values.size(), 3000U);
  EXPECT_TRUE(std::ranges::is_sorted(values));
}

TEST_F(LabelIndexTest, GivesMemoryBack) {
  const std::size_t empty = index.bytes();
  Slots slots;
  for (std::uint32_t slot = 0; slot < 20'000; ++slot) {
    index.Insert(slot, {"m" + std::to_string(slot % 50), {{"pod", std::to_string(slot / 3)}, {"region", "eu"}}});
    slots.push_back(slot);
  }
  const std::size_t full = index.bytes();
  index.Erase(slots);
  EXPECT_EQ(index.size(), 0U);
  EXPECT_THAT(index.LabelNames({}).value(), IsEmpty());
  // Numbers and pages stay, for those who come next.
  EXPECT_LT(index.bytes() - empty, full * 2 / 3);
  for (const std::uint32_t slot : slots) {
    index.Insert(slot, {"n" + std::to_string(slot % 50), {{"pod", std::to_string(slot / 3 + 1)}, {"region", "us"}}});
  }
  EXPECT_LT(index.bytes(), full * 11 / 10);
}

// Random sets of labels over few names and values, so that conditions meet, and random selectors.
struct Dice {
  std::mt19937_64 engine;

  std::uint64_t Below(std::uint64_t end) { return engine() % end; }
  const std::string& Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }

  std::vector<std::string> names = {"a", "b", "c", "größe", "instance", "job", "zone"};
  std::vector<std::string> values = {"1",   "2",    "10", "11",  "a", "ab",     "abc",
                                     "b.c", "日本", "日", "x|y", "A", "host-1", "host-2"};
  std::vector<std::string> patterns = {"1|2", "(a|ab)",       "1.*",    ".*",       ".+",    "",      "a|",
                                       "a.+", "host-.",       "[ab]+",  "日.*",     "b\\.c", "(?i)a", "x\\|y|a",
                                       "1?",  "(1|a)[01b]c?", ".*1.*",  "zzz",      "zzz.*", "h.*-1", "10|11|a",
                                       ".",   "\\d+",         "[^a].*", "(ab|b).*", "..",    "^1.$"};

  SeriesKey Key() {
    SeriesKey key{Below(2) == 0 ? "cpu" : Pick(values), {}};
    for (const std::string& name : names) {
      if (Below(2) == 0) continue;
      // One label is nearly unique, one nearly the same everywhere.
      key.labels.push_back({name, name == "instance" ? Pick(values) + std::to_string(Below(60))
                                  : name == "zone"   ? "z"
                                                     : Pick(values)});
    }
    return key;
  }

  SeriesSelector Selector() {
    SeriesSelector selector{Below(3) == 0 ? "cpu" : "", {}};
    for (std::uint64_t i = 0, count = Below(5); i < count; ++i) {
      const auto kind = static_cast<Kind>(Below(4));
      const bool regex = kind == Kind::kRegex || kind == Kind::kNotRegex;
      const std::string label = Below(8) == 0 ? "__name__" : Below(20) == 0 ? "absent" : Pick(names);
      selector.matchers.push_back({label, kind, regex ? Pick(patterns) : Below(8) == 0 ? "" : Pick(values)});
    }
    return selector;
  }
};

TEST(LabelIndex, AgreesWithTestingEverySeriesThroughErasureAndReuse) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Dice dice{.engine = std::mt19937_64(seed)};
    LabelIndex index(Printer());
    Series series;
    const std::uint64_t slots = seed % 3 == 0 ? 300 : seed % 3 == 1 ? 3000 : 1U << 30U;
    for (int round = 0; round < 6; ++round) {
      for (int i = 0; i < 400; ++i) {
        const auto slot = static_cast<std::uint32_t>(dice.Below(slots));
        const auto [at, added] = series.try_emplace(slot, dice.Key());
        if (added) index.Insert(slot, at->second);
      }
      for (int i = 0; i < 60; ++i) {
        const SeriesSelector selector = dice.Selector();
        const Slots expected = SlotsThatMatch(series, selector);
        ASSERT_EQ(index.Find(selector).value(), expected);
        std::set<std::string> names;
        std::set<std::string> values;
        for (const std::uint32_t slot : expected) {
          names.insert("__name__");
          for (const Label& label : series[slot].labels) {
            names.insert(label.name);
            if (label.name == "instance") values.insert(label.value);
          }
        }
        ASSERT_EQ(index.LabelNames(selector).value(), std::vector<std::string>(names.begin(), names.end()));
        ASSERT_EQ(index.LabelValues("instance", selector).value(),
                  std::vector<std::string>(values.begin(), values.end()));
      }
      for (const auto& [slot, key] : series) ASSERT_EQ(index.Key(slot), key);
      ASSERT_EQ(index.size(), series.size());
      Slots gone;
      for (int i = 0; i < 40; ++i) gone.push_back(static_cast<std::uint32_t>(dice.Below(slots)));
      const std::uint64_t percent = dice.Below(4) == 0 ? 97 : 30;
      for (const auto& entry : series) {
        if (dice.Below(100) < percent) gone.push_back(entry.first);
      }
      std::ranges::shuffle(gone, dice.engine);
      index.Erase(gone);
      for (const std::uint32_t slot : gone) series.erase(slot);
    }
  }
}

TEST(LabelIndex, AnswersWhileSeriesComeAndGo) {
  LabelIndex index(Printer());
  for (std::uint32_t slot = 0; slot < 500; ++slot) {
    index.Insert(slot, {"stays", {{"host", std::to_string(slot)}, {"zone", "z"}}});
  }
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  readers.reserve(3);
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      while (!stop.load()) {
        EXPECT_EQ(index.Find({"stays", {{"zone", Kind::kEqual, "z"}, {"host", Kind::kRegex, ".+"}}})->size(), 500U);
        EXPECT_EQ(index.Key(499).Find("host"), "499");
        EXPECT_EQ(index.LabelValues("host", {"stays", {}})->size(), 500U);
        EXPECT_GE(index.MetricNames().size(), 1U);
        EXPECT_GE(index.Cardinality(3).size(), 3U);
        EXPECT_GT(index.bytes(), 0U);
      }
    });
  }
  for (int round = 0; round < 30; ++round) {
    Slots slots;
    for (std::uint32_t slot = 500; slot < 800; ++slot) {
      index.Insert(slot,
                   {"goes", {{"host", std::to_string(slot * 7 + static_cast<std::uint32_t>(round))}, {"zone", "z"}}});
      slots.push_back(slot);
    }
    index.Erase(slots);
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(index.size(), 500U);
}

}  // namespace
}  // namespace helios::tsdb
