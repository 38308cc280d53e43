// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "tenancy/permission.h"
#include "tenancy/request_context.h"

namespace helios::tenancy {

/// Plain blocking code on a worker; the gateway renders an Error as a problem document.
using BlockingHandler = std::function<Result<http::Response>(const http::Request&, const RequestContext&)>;

/// Answers a request; exactly once, from any thread.
using Reply = std::function<void(Result<http::Response>)>;

/// Runs on the connection's own thread and must not block: it hands the reply on.
using InlineHandler = std::function<void(const http::Request&, const std::shared_ptr<const RequestContext>&, Reply)>;

/// Which limit a request counts against: DESIGN §3 rules 14 and 19.
enum class RateClass : std::uint8_t {
  kApi,         ///< the plan's requests a minute and an hour, per organization; per user for sessions
  kIntake,      ///< samples a second; the handler counts them
  kSignUp,      ///< 10 an hour per address
  kSignIn,      ///< 10 a minute per address
  kInvitation,  ///< of those who hold a link: 30 a minute per address
};

/// How a writing POST meets its Idempotency-Key again: DESIGN §3 rule 21.
enum class Replay : std::uint8_t {
  kNone,    ///< the key is not looked at
  kStored,  ///< the first answer is given again
  kSecret,  ///< the first answer showed a secret: 409
};

/// One operation of the API. Features make them; the gateway serves them.
struct Route {
  http::Method method = http::Method::kGet;
  std::string pattern;    ///< "/api/v1/models/{id}"
  std::string operation;  ///< its operationId in the OpenAPI document: labels metrics, logs and audit rows
  /// What the credential must allow; nullopt for a route that needs no credential.
  std::optional<Permission> permission = std::nullopt;
  RateClass rate_class = RateClass::kApi;
  std::size_t max_body_bytes = 4U << 20U;
  /// It leaves its own audit row when it succeeds, so that the gateway adds none.
  bool audited = false;
  /// What becomes of a request that comes again with the same Idempotency-Key.
  Replay replay = Replay::kNone;
  /// Any credential will do: `permission` is left out and yet a credential is needed.
  bool any_credential = false;
  std::variant<BlockingHandler, InlineHandler> handler;
};

using Routes = std::vector<Route>;

}  // namespace helios::tenancy
