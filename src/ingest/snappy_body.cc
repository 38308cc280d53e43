// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/snappy_body.h"

#include <snappy.h>

#include <memory>

namespace helios::ingest {
namespace {

constexpr std::size_t kKeptBytes = 4U << 20U;

/// Bytes that are written before they are read: they need no clearing.
class Buffer {
 public:
  char* Reserve(std::size_t size) {
    if (size > capacity_ || (capacity_ > kKeptBytes && size <= kKeptBytes)) {
      bytes_.reset();
      bytes_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    return bytes_.get();
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
};

}  // namespace

Result<std::string_view> UncompressSnappy(std::string_view body, std::size_t max_bytes) {
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(body.data(), body.size(), &size)) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_snappy",
                "cannot read the body: it is not in snappy's block format");
  }
  if (size > max_bytes) {
    return Fail(ErrorCode::kTooLarge, "http.body_too_large",
                "cannot take the body: it declares {} bytes decoded; want at most {}", size, max_bytes);
  }
  thread_local Buffer buffer;
  char* const bytes = buffer.Reserve(size);
  if (!snappy::RawUncompress(body.data(), body.size(), bytes)) {
    return Fail(ErrorCode::kInvalidArgument, "ingest.bad_snappy", "cannot read the body: its snappy data is damaged");
  }
  return std::string_view(bytes, size);
}

}  // namespace helios::ingest
