// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/series_book.h"

#include <utility>

#include "tsdb/sample_batch.h"

namespace helios::transfer {

Result<const tsdb::SeriesKey*> SeriesBook::Enter(tsdb::SeriesKey key) {
  HELIOS_CHECK(tsdb::Canonicalize(key));
  std::string name;
  tsdb::EncodeName(key, name);
  const auto [found, added] = by_name_.try_emplace(std::move(name), nullptr);
  if (added) found->second = &keys_.emplace_back(std::move(key));
  return found->second;
}

}  // namespace helios::transfer
