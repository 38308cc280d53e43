// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/job_kinds.h"

namespace helios::wiring {

// No feature has a job yet; each adds its kinds here, under the conditions that it has.
jobs::JobKinds MakeJobKinds(const JobResources& /*resources*/) {
  return {};
}

}  // namespace helios::wiring
