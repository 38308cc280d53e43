// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "jobs/job.h"

namespace helios::jobs {

/// A job as the API shows it (`Job` of the contract), for every feature that answers with one.
[[nodiscard]] boost::json::object ToJson(const Job& job);

}  // namespace helios::jobs
