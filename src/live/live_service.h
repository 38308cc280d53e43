// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "live/live_hub.h"
#include "tenancy/route.h"

namespace helios::live {

/// Matchers at most of one stream.
inline constexpr std::size_t kMaxMatches = 10;

/// Parses matchers as `match` has them everywhere. Errors: kInvalidArgument query.bad_match.
using MatchParser = std::function<Result<std::vector<tsdb::Matcher>>(std::string_view)>;

/// What a request asks for: `match`, up to kMaxMatches times, each of them a set of matchers of which one at least must
/// name something; none for a stream without samples.
/// Errors: kInvalidArgument http.unknown_parameter, live.too_many_matches, live.bad_match; those of `parse`.
[[nodiscard]] Result<Subscription> ReadSubscription(const http::Request& request, TenantId tenant,
                                                    const MatchParser& parse);

/// GET /api/v1/live. Thread-safe.
class LiveService {
 public:
  /// All must outlive the service.
  LiveService(LiveHub& hub, const CredentialWatch& credentials, MatchParser parse)
      : hub_(hub), credentials_(credentials), parse_(std::move(parse)) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  [[nodiscard]] Result<http::Response> Open(const http::Request& request, const tenancy::RequestContext& context);

  LiveHub& hub_;
  const CredentialWatch& credentials_;
  const MatchParser parse_;
};

}  // namespace helios::live
