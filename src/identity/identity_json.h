// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "http/response.h"
#include "identity/api_keys.h"
#include "identity/organizations.h"
#include "identity/sessions.h"
#include "identity/users.h"

namespace helios::identity {

[[nodiscard]] boost::json::object ToJson(const Organization& organization);
[[nodiscard]] boost::json::object ToJson(const User& user);
[[nodiscard]] boost::json::object ToJson(const ApiKey& key);
/// With the secret, as "key".
[[nodiscard]] boost::json::object ToJson(const NewApiKey& made);
[[nodiscard]] boost::json::object ToJson(const SignedUp& signed_up);
/// Without the token: that goes into the cookie alone.
[[nodiscard]] boost::json::object ToJson(const SignedIn& signed_in);
/// 201 with the session's cookie.
[[nodiscard]] http::Response SignedInResponse(const SignedIn& signed_in);

}  // namespace helios::identity
