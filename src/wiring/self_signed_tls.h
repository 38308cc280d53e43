// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "http/server.h"

namespace helios::wiring {

/// The certificate of tls.self_signed, for this host's names and `host`: made once, kept in the data directory.
/// Errors: those of crypto::MakeSelfSigned(); kUnavailable file.unwritable.
[[nodiscard]] Result<http::TlsConfig> SelfSignedTls(const std::filesystem::path& directory, const std::string& host,
                                                    const Clock& clock);

}  // namespace helios::wiring
