// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include <string>

namespace helios::http::internal {

/// Appends `value` as compact JSON. Doubles are shortest round-trip ("0.75", where Boost writes 7.5E-1);
/// NaN and infinities, which JSON lacks, become null.
void AppendJson(std::string& out, const boost::json::value& value);

}  // namespace helios::http::internal
