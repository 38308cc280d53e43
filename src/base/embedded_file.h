// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace helios {

/// A file of the tree that the build put into the program; see helios_embed() in cmake/.
struct EmbeddedFile {
  std::string_view name;
  std::string_view bytes;
};

}  // namespace helios
