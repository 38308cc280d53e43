// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "ml/local_clock.h"

namespace helios::jobs {

/// The clock of a zone of the system's IANA database, from 2000 to 2100: for who asks time and again and keeps it, some
/// 3 KB. UTC where the zone is not known here. About 0.1 ms.
[[nodiscard]] ml::LocalClock ZoneClock(std::string_view zone);

}  // namespace helios::jobs
