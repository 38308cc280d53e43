// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Last-Event-ID is whatever a client sends: an id or nothing, and an id comes back as it went.
#include <cstdlib>

#include "live/event_id.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace helios::live;
  const auto id = DecodeId({reinterpret_cast<const char*>(data), size});
  if (!id) return 0;
  const auto again = DecodeId(EncodeId(*id));
  if (!again || again->subscription != id->subscription || again->began != id->began || again->sent != id->sent) {
    std::abort();
  }
  return 0;
}
