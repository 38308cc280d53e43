// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios::http::internal {

/// Undoes gzip (also of several members) or, where `gzip` is false, deflate: zlib's form, or raw as some
/// clients send it. Memory grows with what came out, never above `max_bytes`.
/// Errors: kTooLarge http.body_too_large; kInvalidArgument http.bad_encoding.
[[nodiscard]] Result<std::string> Inflate(std::string_view packed, bool gzip, std::size_t max_bytes);

/// `plain` as one gzip member, at a level that favours speed.
[[nodiscard]] std::string Gzip(std::string_view plain);

}  // namespace helios::http::internal
