// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

namespace helios::pg {

/// A query of the tree: a file in some module's sql/, embedded by the build. Both views are literals.
struct Statement {
  std::string_view name;  ///< "module.file_name": labels metrics and errors, and names the prepared statement
  std::string_view text;
};

}  // namespace helios::pg
