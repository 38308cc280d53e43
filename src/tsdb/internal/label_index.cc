// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/label_index.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "tsdb/internal/label_search.h"

namespace helios::tsdb {
namespace {

/// The pairs that series among `slots` have, each once.
std::vector<std::uint32_t> PairsAmong(const LabelStore& store, std::span<const std::uint32_t> slots) {
  std::vector<bool> seen(store.pair_numbers());
  std::vector<std::uint32_t> pairs;
  for (const std::uint32_t slot : slots) {
    for (const std::uint32_t pair : store.PairsOf(slot)) {
      if (seen[pair]) continue;
      seen[pair] = true;
      pairs.push_back(pair);
    }
  }
  return pairs;
}

std::vector<std::string> ValuesOf(const LabelStore& store, std::span<const std::uint32_t> pairs) {
  std::vector<std::string> values;
  values.reserve(pairs.size());
  for (const std::uint32_t pair : pairs) values.emplace_back(store.pair(pair).value());
  return values;
}

/// The first `limit` of the pairs' values, sorted.
std::vector<std::string> FirstValues(const LabelStore& store, std::vector<std::uint32_t> pairs, std::size_t limit) {
  const auto value_of = [&](std::uint32_t number) { return store.pair(number).value(); };
  if (limit < pairs.size() / 16) {
    std::ranges::partial_sort(pairs, pairs.begin() + static_cast<std::ptrdiff_t>(limit), {}, value_of);
  } else {
    std::ranges::sort(pairs, {}, value_of);
  }
  return ValuesOf(store, std::span(pairs).first(std::min(limit, pairs.size())));
}

/// The first `limit` values that a label has anywhere.
std::vector<std::string> FirstValues(const LabelStore& store, const LabelStore::Name& name, std::size_t limit) {
  const auto value_of = [&](std::uint32_t number) { return store.pair(number).value(); };
  const auto sorted = std::span(name.sorted).first(std::min(limit, name.sorted.size()));
  std::vector<std::uint32_t> recent = name.recent;
  std::ranges::sort(recent, {}, value_of);
  std::vector<std::uint32_t> pairs;
  pairs.reserve(sorted.size() + recent.size());
  std::ranges::merge(sorted, recent, std::back_inserter(pairs), {}, value_of, value_of);
  return ValuesOf(store, std::span(pairs).first(std::min(limit, pairs.size())));
}

}  // namespace

std::shared_lock<std::shared_mutex> LabelIndex::LockToRead() const {
  const std::lock_guard turn(turn_);
  return std::shared_lock(mutex_);
}

std::unique_lock<std::shared_mutex> LabelIndex::LockToWrite() {
  const std::lock_guard turn(turn_);
  return std::unique_lock(mutex_);
}

void LabelIndex::Insert(std::uint32_t slot, const SeriesKey& key) {
  const auto lock = LockToWrite();
  store_.Insert(slot, key);
}

void LabelIndex::Erase(std::span<const std::uint32_t> slots) {
  std::vector<std::uint32_t> sorted(slots.begin(), slots.end());
  std::ranges::sort(sorted);
  const auto twice = std::ranges::unique(sorted);
  sorted.erase(twice.begin(), twice.end());
  const auto lock = LockToWrite();
  store_.Erase(sorted);
}

SeriesKey LabelIndex::Key(std::uint32_t slot) const {
  SeriesKey key;
  const auto lock = LockToRead();
  const auto pairs = store_.PairsOf(slot);
  if (pairs.empty()) return key;
  key.metric = store_.pair(pairs.front()).value();
  key.labels.reserve(pairs.size() - 1);
  for (const std::uint32_t number : pairs.subspan(1)) {
    const LabelStore::Pair& pair = store_.pair(number);
    key.labels.push_back({store_.name(pair.name).text, std::string(pair.value())});
  }
  return key;
}

Result<std::vector<std::uint32_t>> LabelIndex::Find(const SeriesSelector& selector) const {
  HELIOS_TRY(const auto search, LabelSearch::Compile(selector));
  const auto lock = LockToRead();
  return search.Run(store_);
}

std::vector<std::string> LabelIndex::MetricNames() const {
  const auto lock = LockToRead();
  const std::uint32_t name = store_.FindName(LabelStore::kMetricLabel);
  if (name == LabelStore::kNone) return {};
  return FirstValues(store_, store_.name(name), kNoLimit);
}

Result<std::vector<std::string>> LabelIndex::LabelNames(const SeriesSelector& selector, std::size_t limit) const {
  HELIOS_TRY(const auto search, LabelSearch::Compile(selector));
  std::vector<std::string> names;
  const auto lock = LockToRead();
  std::vector<bool> present(store_.name_numbers(), search.matches_all());
  if (!search.matches_all()) {
    for (const std::uint32_t pair : PairsAmong(store_, search.Run(store_))) present[store_.pair(pair).name] = true;
  }
  for (std::uint32_t number = 0; number < present.size(); ++number) {
    if (present[number] && store_.name(number).values() > 0) names.push_back(store_.name(number).text);
  }
  std::ranges::sort(names);
  if (names.size() > limit) names.resize(limit);
  return names;
}

Result<std::vector<std::string>> LabelIndex::LabelValues(std::string_view name, const SeriesSelector& selector,
                                                         std::size_t limit) const {
  HELIOS_TRY(const auto search, LabelSearch::Compile(selector));
  const auto lock = LockToRead();
  const std::uint32_t number = store_.FindName(name);
  if (number == LabelStore::kNone) return std::vector<std::string>();
  if (search.matches_all()) return FirstValues(store_, store_.name(number), limit);
  std::vector<std::uint32_t> pairs = PairsAmong(store_, search.Run(store_));
  std::erase_if(pairs, [&](std::uint32_t pair) { return store_.pair(pair).name != number; });
  return FirstValues(store_, std::move(pairs), limit);
}

std::vector<LabelCardinality> LabelIndex::Cardinality(std::size_t top) const {
  std::vector<LabelCardinality> labels;
  const auto lock = LockToRead();
  for (std::uint32_t number = 0; number < store_.name_numbers(); ++number) {
    const LabelStore::Name& name = store_.name(number);
    if (name.values() > 0) labels.push_back({name.text, name.values(), name.series});
  }
  std::ranges::sort(labels, [](const LabelCardinality& a, const LabelCardinality& b) {
    return std::tie(b.values, a.name) < std::tie(a.values, b.name);
  });
  if (labels.size() > top) labels.resize(top);
  return labels;
}

std::size_t LabelIndex::size() const {
  const auto lock = LockToRead();
  return store_.slots().size();
}

std::size_t LabelIndex::bytes() const {
  const auto lock = LockToRead();
  return sizeof *this + store_.bytes();
}

}  // namespace helios::tsdb
