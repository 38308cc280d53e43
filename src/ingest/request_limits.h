// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>

namespace helios::ingest {

// Of one request, where an operator sets nothing else: DESIGN §3 rule 16.
inline constexpr std::size_t kMaxSamplesPerRequest = 50'000;
inline constexpr std::size_t kMaxSeriesPerRequest = 10'000;
inline constexpr std::size_t kMaxBodyBytes = 16U << 20U;
inline constexpr std::size_t kMaxDecodedBytes = 32U << 20U;

/// How large one request of the intake may be; 413 above. A JSON body has a bound of its own, of 4 MiB.
struct RequestLimits {
  std::size_t samples = kMaxSamplesPerRequest;
  std::size_t series = kMaxSeriesPerRequest;
  std::size_t body_bytes = kMaxBodyBytes;        ///< as sent
  std::size_t decoded_bytes = kMaxDecodedBytes;  ///< what a body declares is compared before anything is allocated
};

}  // namespace helios::ingest
