// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/byte_stream.h"

#include <zstd.h>

#include <memory>
#include <new>

namespace helios::tsdb {
namespace {

constexpr int kLevel = 1;
// The bytes are noise with an uneven distribution: a short repetition is chance, and costs more as a reference than as
// literals. This is the longest minimum that zstd takes, and the smallest table: it remembers little and looks at
// little.
constexpr int kMinMatch = 7;
constexpr int kHashLog = 6;

struct Deleter {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_CCtx* Compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, Deleter> context = [] {
    std::unique_ptr<ZSTD_CCtx, Deleter> made(ZSTD_createCCtx());
    if (!made) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_minMatch, kMinMatch);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_hashLog, kHashLog);
    return made;
  }();
  return context.get();
}

ZSTD_DCtx* Decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, Deleter> context(ZSTD_createDCtx());
  if (!context) throw std::bad_alloc();
  return context.get();
}

}  // namespace

bool AppendCompressed(std::span<const std::uint8_t> bytes, std::size_t plain_size, std::string& out) {
  if (bytes.empty()) return false;
  const std::size_t before = out.size();
  const std::size_t bound = ZSTD_compressBound(bytes.size());
  out.resize(before + kMaxVarintBytes + bound);
  char* const frame = out.data() + before + kMaxVarintBytes;
  const std::size_t size = ZSTD_compress2(Compressor(), frame, bound, bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0 || size + VarintBytes(size) > plain_size - plain_size / 50) {
    out.resize(before);
    return false;
  }
  char* const at = PutVarint(out.data() + before, size);
  std::memmove(at, frame, size);
  out.resize(static_cast<std::size_t>(at - out.data()) + size);
  return true;
}

bool TakeCompressed(ColumnReader& in, std::span<std::uint8_t> bytes) {
  const std::uint64_t size = in.Varint();
  if (!in.ok() || size > in.left()) return false;
  const char* frame = in.Bytes(size);
  return ZSTD_decompressDCtx(Decompressor(), bytes.data(), bytes.size(), frame, size) == bytes.size();
}

}  // namespace helios::tsdb
