// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/self_signed_tls.h"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/file.h"
#include "crypto/certificate.h"
#include "obs/log.h"

namespace helios::wiring {

Result<http::TlsConfig> SelfSignedTls(const std::filesystem::path& directory, const std::string& host,
                                      const Clock& clock) {
  http::TlsConfig tls{.certificate_file = directory / "tls.crt", .key_file = directory / "tls.key"};
  if (std::filesystem::exists(tls.certificate_file) && std::filesystem::exists(tls.key_file)) return tls;
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  char hostname[256] = {};
  if (::gethostname(hostname, sizeof hostname - 1) == 0 && hostname[0] != '\0') names.emplace_back(hostname);
  if (!host.empty() && host != "0.0.0.0" && host != "::" && std::ranges::find(names, host) == names.end()) {
    names.push_back(host);
  }
  HELIOS_TRY(const crypto::SelfSigned made, crypto::MakeSelfSigned(names, clock.Now()));
  HELIOS_CHECK(WriteFileAtomically(tls.key_file, made.key_pem, 0600));
  HELIOS_CHECK(WriteFileAtomically(tls.certificate_file, made.certificate_pem, 0644));
  obs::LogInfo("serve.certificate_made", {{"file", tls.certificate_file.string()}});
  return tls;
}

}  // namespace helios::wiring
