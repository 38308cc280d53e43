// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "tsdb/internal/late_writer.h"
#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// The way of a batch into the head and the open group.
///
/// Names are recognised by their prints; only new ones are read. What is in order, or close enough to the newest
/// sample to be in its series' buffer, is decided at once, under the store's lock; the rest goes to the LateWriter,
/// which may look on disk. Thread-safe.
class AppendPath {
 public:
  /// Both must outlive it.
  AppendPath(StoreCore& core, LateWriter& late_writer) : core_(core), late_writer_(late_writer) {}

  /// `ahead` is how far beyond the clock a sample's time may lie.
  void Append(TenantId tenant, const TenantPolicy& policy, const SampleBatch& batch, std::chrono::milliseconds ahead,
              AppendCallback done);

 private:
  struct Request;
  struct Scratch;
  /// Marks rows outside the times that may be stored; false where none is left.
  void CheckTimes(Request& request) const;
  void MakePrints(Request& request) const;
  /// Finds the series of known names. With the lock held. True where all that are needed were found.
  [[nodiscard]] bool FindSlots(Request& request) const;
  /// Reads the names that were not found. Without the lock.
  static void ReadNames(Request& request, const NamePrinter& printer);
  /// Finds or creates their series. With the lock held.
  void ResolveRead(Request& request);
  void PlaceRows(Request& request);
  void PlaceRow(Request& request, std::size_t index, std::int64_t active_since_ms);

  StoreCore& core_;
  LateWriter& late_writer_;
};

}  // namespace helios::tsdb
