// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <deque>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "tsdb/series.h"

namespace helios::transfer {

/// Every series met so far, each once. References stay valid as long as the book. Not thread-safe.
class SeriesBook {
 public:
  /// Brings `key` into canonical form and finds it, or adds it. Errors: those of tsdb::Canonicalize().
  [[nodiscard]] Result<const tsdb::SeriesKey*> Enter(tsdb::SeriesKey key);

  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] const std::deque<tsdb::SeriesKey>& keys() const { return keys_; }

 private:
  std::deque<tsdb::SeriesKey> keys_;
  std::unordered_map<std::string, const tsdb::SeriesKey*> by_name_;
};

}  // namespace helios::transfer
