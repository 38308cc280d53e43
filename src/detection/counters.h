// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "tsdb/sample_store.h"

namespace helios::detection {

/// Whether a metric's series are counters, which are judged by their rate a second (ml/counter_rate.h): its name says
/// so, or it is the "_count" or "_sum" of a histogram, which has a "_bucket" beside it. A gauge may end in "_count" as
/// well.
[[nodiscard]] bool IsCounter(const tsdb::SampleStore& store, TenantId tenant, const std::string& metric);

}  // namespace helios::detection
