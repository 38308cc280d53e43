// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "http/router.h"
#include "http/server.h"
#include "http/worker_pool.h"
#include "identity/credentials.h"
#include "obs/metrics.h"
#include "tenancy/rate_limiter.h"
#include "tenancy/route.h"

namespace helios::gateway {

/// What the gateway works with. All of it outlives the gateway.
struct Environment {
  identity::Credentials& credentials;
  tenancy::RateLimiter& limiter;
  http::WorkerPool& workers;
  const Clock& clock;
  obs::Metrics& metrics;
