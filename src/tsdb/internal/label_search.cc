// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/label_search.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <span>
#include <utility>

namespace helios::tsdb {
namespace {

// Looking at one series' labels costs about as much as merging so many slots.
constexpr std::size_t kMergedPerLook = 16;

/// The series of all `pairs`, sorted. No series has two of them.
std::vector<std::uint32_t> Union(const LabelStore& store, std::span<const std::uint32_t> pairs, std::size_t series) {
  std::vector<std::uint32_t> slots;
  slots.reserve(series);
  if (pairs.size() <= 1 || series < 64) {
    for (const std::uint32_t pair : pairs) store.pair(pair).slots.AppendTo(slots);
    if (pairs.size() > 1) std::ranges::sort(slots);
    return slots;
  }
  std::uint32_t last = 0;
  for (const std::uint32_t pair : pairs) last = std::max(last, store.pair(pair).slots.last());
  if (last / 64 > series * 2) {  // too thin for a bitmap
    for (const std::uint32_t pair : pairs) store.pair(pair).slots.AppendTo(slots);
    std::ranges::sort(slots);
    return slots;
  }
  std::vector<std::uint64_t> bits(last / 64 + 1);
  for (const std::uint32_t pair : pairs) {
    store.pair(pair).slots.ForEach([&](std::uint32_t slot) { bits[slot / 64] |= std::uint64_t{1} << (slot % 64); });
  }
  for (std::size_t i = 0; i < bits.size(); ++i) {
    for (std::uint64_t word = bits[i]; word != 0; word &= word - 1) {
      slots.push_back(static_cast<std::uint32_t>(i * 64) + static_cast<std::uint32_t>(std::countr_zero(word)));
    }
  }
  return slots;
}

/// The pairs of `name_number` whose value `matcher` accepts (`accepted`) or does not, in no order.
std::vector<std::uint32_t> PairsWhere(const LabelStore& store, std::uint32_t name_number, const ValueMatcher& matcher,
                                      bool accepted) {
  const LabelStore::Name& name = store.name(name_number);
  std::vector<std::uint32_t> found;
  const auto value_of = [&](std::uint32_t number) { return store.pair(number).value(); };
  const auto take_if = [&](std::uint32_t number) {
    if (matcher.Accepts(value_of(number)) == accepted) found.push_back(number);
  };
  if (!accepted) {
    std::ranges::for_each(name.sorted, take_if);
    std::ranges::for_each(name.recent, take_if);
    return found;
  }
  if (const auto* literals = matcher.literals()) {
    for (const std::string& literal : *literals) {
      const std::uint32_t number = store.FindPair(name_number, literal);
      if (number != LabelStore::kNone) found.push_back(number);
    }
    return found;
  }
  const auto& prefix = matcher.prefix();
  const auto& [first, last] = matcher.range();
  auto at = std::ranges::lower_bound(name.sorted, prefix ? prefix->prefix : first, {}, value_of);
  for (; at != name.sorted.end(); ++at) {
    const std::string_view value = value_of(*at);
    if (prefix ? !value.starts_with(prefix->prefix) : last && value > *last) break;
    take_if(*at);
  }
  std::ranges::for_each(name.recent, take_if);
  return found;
}

}  // namespace

Result<LabelSearch> LabelSearch::Compile(const SeriesSelector& selector) {
  LabelSearch search;
  const auto add = [&](const Matcher& matcher) -> Result<void> {
    const bool negative = matcher.kind == Matcher::Kind::kNotEqual || matcher.kind == Matcher::Kind::kNotRegex;
    HELIOS_TRY(auto compiled, ValueMatcher::Compile(matcher));
    search.conditions_.push_back({matcher.label, negative, std::move(compiled)});
    return {};
  };
  if (!selector.metric.empty()) {
    HELIOS_CHECK(add({std::string(LabelStore::kMetricLabel), Matcher::Kind::kEqual, selector.metric}));
  }
  for (const Matcher& matcher : selector.matchers) HELIOS_CHECK(add(matcher));
  return search;
}

LabelSearch::Choice LabelSearch::Choose(const LabelStore& store, const Condition& condition) {
  Choice choice;
  // Series without the label are in exactly when the condition holds for "". Then it is less work to say who is out.
  choice.all_but = condition.matcher.Accepts("") != condition.negative;
  choice.name = store.FindName(condition.label);
  if (choice.name == LabelStore::kNone) return choice;
  choice.pairs = PairsWhere(store, choice.name, condition.matcher, condition.negative == choice.all_but);
  std::ranges::sort(choice.pairs);
  for (const std::uint32_t pair : choice.pairs) choice.series += store.pair(pair).slots.size();
  return choice;
}

void LabelSearch::Narrow(const LabelStore& store, const Choice& choice, std::vector<std::uint32_t>& slots) {
  const bool keep = !choice.all_but;
  if (choice.pairs.empty()) {
    if (keep) slots.clear();
    return;
  }
  if (choice.pairs.size() == 1) {
    store.pair(choice.pairs.front()).slots.Filter(slots, keep);
    return;
  }
  if (choice.series > slots.size() * kMergedPerLook) {
    std::erase_if(slots, [&](std::uint32_t slot) {
      const auto pairs = store.PairsOf(slot);
      const auto own = std::ranges::find(pairs, choice.name, [&](std::uint32_t pair) { return store.pair(pair).name; });
      return (own != pairs.end() && std::ranges::binary_search(choice.pairs, *own)) != keep;
    });
    return;
  }
  const std::vector<std::uint32_t> chosen = Union(store, choice.pairs, choice.series);
  std::vector<std::uint32_t> left;
  left.reserve(slots.size());
  if (keep) {
    std::ranges::set_intersection(slots, chosen, std::back_inserter(left));
  } else {
    std::ranges::set_difference(slots, chosen, std::back_inserter(left));
  }
  slots = std::move(left);
}

std::vector<std::uint32_t> LabelSearch::Run(const LabelStore& store) const {
  std::vector<Choice> choices;
  for (const Condition& condition : conditions_) {
    choices.push_back(Choose(store, condition));
    if (!choices.back().all_but && choices.back().pairs.empty()) return {};
  }
  std::ranges::sort(choices, {}, [](const Choice& choice) { return std::pair(choice.all_but, choice.series); });

  std::vector<std::uint32_t> slots;
  std::size_t done = 0;
  if (!choices.empty() && !choices.front().all_but) {
    slots = Union(store, choices.front().pairs, choices.front().series);
    done = 1;
  } else {
    store.slots().AppendTo(slots);
  }
  for (; done < choices.size() && !slots.empty(); ++done) Narrow(store, choices[done], slots);
  return slots;
}

}  // namespace helios::tsdb
