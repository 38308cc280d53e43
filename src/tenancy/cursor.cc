// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/cursor.h"

#include <span>

#include "base/hex.h"
#include "crypto/digest.h"

namespace helios::tenancy {
namespace {

constexpr std::size_t kSealBytes = 16;
constexpr std::size_t kMaxCursorBytes = 1024;

}  // namespace

std::string CursorCodec::Seal(TenantId tenant, std::string_view filters, std::string_view position) const {
  const std::string text = fmt::format("{}\n{}\n{}\n{}", tenant, filters.size(), filters, position);
  const crypto::Digest256 digest = crypto::HmacSha256(key_, text);
  return ToHex(std::span(digest).first(kSealBytes));
}

std::string CursorCodec::Encode(TenantId tenant, std::string_view filters, std::string_view position) const {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(position.data());
  return Seal(tenant, filters, position) + ToHex(std::span(bytes, position.size()));
}

Result<std::string> CursorCodec::Decode(TenantId tenant, std::string_view filters, std::string_view cursor) const {
  std::string position;
  if (cursor.size() >= 2 * kSealBytes && cursor.size() <= kMaxCursorBytes && cursor.size() % 2 == 0) {
    position.resize(cursor.size() / 2 - kSealBytes);
    auto* bytes = reinterpret_cast<std::uint8_t*>(position.data());
    if (FromHex(cursor.substr(2 * kSealBytes), std::span(bytes, position.size())) &&
        crypto::EqualInConstantTime(cursor.substr(0, 2 * kSealBytes), Seal(tenant, filters, position))) {
      return position;
    }
  }
  return Fail(ErrorCode::kInvalidArgument, "http.bad_cursor",
              "cannot go on from this cursor: it was not made for this list with these filters; start without one");
}

}  // namespace helios::tenancy
