// SPDX-License-Identifier: Apache-2.0
#include "stateless/routes.h"

#include <array>

namespace helios::stateless {
namespace {

constexpr std::array kRoutes = {
    Route{http::Method::kPost, "/predict", Predict},
    Route{http::Method::kPost, "/detect", Detect},
    Route{http::Method::kPost, "/recommend", Recommend},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace helios::stateless
