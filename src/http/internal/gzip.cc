// SPDX-License-Identifier: Apache-2.0
#include "http/internal/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace helios::http::internal {
namespace {

constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;
constexpr std::size_t kFirstBlock = 16U << 10U;

class Inflater {
 public:
  explicit Inflater(int window) {
    if (inflateInit2(&stream_, window) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream& operator*() { return stream_; }

 private:
  z_stream stream_{};
};

/// A deflate state costs 256 KiB to set up: each thread keeps one.
class Deflater {
 public:
  Deflater() {
    constexpr int kFast = 4;
    constexpr int kMemory = 8;
    if (deflateInit2(&stream_, kFast, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  z_stream& operator*() { return stream_; }

 private:
  z_stream stream_{};
};

Bytef* AsBytes(std::string_view text) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));  // zlib never writes to its input
}

int WindowOf(std::string_view packed, bool gzip) {
  if (gzip) return kGzipWindow;
  if (packed.size() < 2) return kZlibWindow;
  const auto first = static_cast<unsigned char>(packed[0]);
  const auto second = static_cast<unsigned char>(packed[1]);
  const bool zlib = (first & 0x0fU) == Z_DEFLATED && (first * 256U + second) % 31U == 0;  // RFC 1950, section 2.2
  return zlib ? kZlibWindow : kRawWindow;
}

}  // namespace

Result<std::string> Inflate(std::string_view packed, bool gzip, std::size_t max_bytes) {
  Inflater inflater(WindowOf(packed, gzip));
  z_stream& stream = *inflater;
  stream.next_in = AsBytes(packed);
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string plain;
  std::size_t used = 0;
  while (true) {
    if (used == plain.size()) {
      if (used > max_bytes) {
        return Fail(ErrorCode::kTooLarge, "http.body_too_large",
                    "cannot decode the body: it holds more than {} bytes once decompressed", max_bytes);
      }
      // One byte more than allowed tells a body that just fits from one that does not.
      plain.resize(std::min(max_bytes + 1, std::max(kFirstBlock, used * 2)));
    }
    stream.next_out = reinterpret_cast<Bytef*>(plain.data() + used);
    stream.avail_out = static_cast<uInt>(plain.size() - used);
    const int outcome = inflate(&stream, Z_NO_FLUSH);
    used = plain.size() - stream.avail_out;
    if (outcome == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (!gzip || inflateReset(&stream) != Z_OK) {
        return Fail(ErrorCode::kInvalidArgument, "http.bad_encoding",
                    "cannot decode the body: {} bytes follow the end of the compressed data", stream.avail_in);
      }
      continue;
    }
    const bool starved = stream.avail_in == 0 && stream.avail_out != 0;
    if ((outcome != Z_OK && outcome != Z_BUF_ERROR) || starved) {
      return Fail(ErrorCode::kInvalidArgument, "http.bad_encoding", "cannot decode the body: {}",
                  starved ? "the compressed data ends early" : "it is not what Content-Encoding says");
    }
  }
  if (used > max_bytes) {
    return Fail(ErrorCode::kTooLarge, "http.body_too_large",
                "cannot decode the body: it holds more than {} bytes once decompressed", max_bytes);
  }
  plain.resize(used);
  return plain;
}

std::string Gzip(std::string_view plain) {
  thread_local Deflater deflater;
  z_stream& stream = *deflater;
  deflateReset(&stream);
  std::string packed(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
  stream.next_in = AsBytes(plain);
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);  // deflateBound() is enough room for one call
  packed.resize(packed.size() - stream.avail_out);
  return packed;
}

}  // namespace helios::http::internal
