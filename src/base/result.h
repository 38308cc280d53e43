// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace helios {

/// What a caller can do about a failure. Closed, and free of transport: only
/// http/problem.cc knows which HTTP status each code becomes.
enum class ErrorCode : std::uint8_t {
  kInvalidArgument,     ///< can never succeed as written
  kUnauthenticated,     ///< no valid credential came with it
  kPermissionDenied,    ///< the caller is known, and may not
  kNotFound,            ///< absent, or another tenant's: the two look the same
  kConflict,            ///< lost a race or a uniqueness rule; re-read, then retry
  kFailedPrecondition,  ///< well formed, but not in the resource's present state
  kQuotaExceeded,       ///< the tenant's plan or rate limit is spent
  kUnavailable,         ///< passing; retry with backoff
  kDeadlineExceeded,    ///< stopped at the request's deadline
  kDataCorruption,      ///< stored bytes failed their checksum
  kInternal,            ///< a bug of ours
  kTooLarge,            ///< over a size limit, whatever it holds
  kUnsupportedType,     ///< a content type or encoding that is not understood here
};

/// Name of `code` as logs show it, such as "invalid_argument".
std::string_view ErrorCodeName(ErrorCode code);

/// A failure. `reason` is a literal: it outlives everything.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string_view reason;  ///< stable slug a client may match on: "tsdb.out_of_order"
  std::string message;      ///< "cannot <verb> <object>: <cause>; got X; want Y"
};

template <class T>
using Result = std::expected<T, Error>;

/// An error ready to be returned from a function that returns a Result.
template <class... Args>
[[nodiscard]] std::unexpected<Error> Fail(ErrorCode code, std::string_view reason, fmt::format_string<Args...> format,
                                          Args&&... args) {
  return std::unexpected(Error{code, reason, fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace helios

#define HELIOS_CONCAT_INNER(a, b) a##b
#define HELIOS_CONCAT(a, b) HELIOS_CONCAT_INNER(a, b)

/// HELIOS_TRY(const auto row, Find(id)): declares `row`, or returns the error.
#define HELIOS_TRY(declaration, ...) HELIOS_TRY_INNER(HELIOS_CONCAT(helios_try_, __LINE__), declaration, __VA_ARGS__)
#define HELIOS_TRY_INNER(outcome, declaration, ...)     \
  auto outcome = (__VA_ARGS__);                         \
  if (!outcome) [[unlikely]]                            \
    return std::unexpected(std::move(outcome).error()); \
  declaration = *std::move(outcome)

/// HELIOS_CHECK(Commit()): goes on, or returns the error of a Result<void>.
#define HELIOS_CHECK(...)                                                              \
  do {                                                                                 \
    if (auto helios_check_outcome = (__VA_ARGS__); !helios_check_outcome) [[unlikely]] \
      return std::unexpected(std::move(helios_check_outcome).error());                 \
  } while (false)
