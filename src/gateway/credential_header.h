// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "http/request.h"
#include "identity/credentials.h"

namespace helios::gateway {

/// The credential a request carries: X-API-Key, Authorization (Bearer or Token with a key, or Basic with the key as
/// password), on /write alone the query parameter `p`, as InfluxDB's senders have it, or the session cookie; in this
/// order.
///
/// Errors: kUnauthenticated gateway.no_credential, gateway.malformed_key (its checksum is wrong: no query
/// is spent on it); kPermissionDenied gateway.cross_site for a write by a session from another site.
[[nodiscard]] Result<identity::CredentialHash> CredentialOf(const http::Request& request,
                                                            const identity::Credentials& credentials);

}  // namespace helios::gateway
