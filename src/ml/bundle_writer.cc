// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/crc32c.h"
#include "ml/internal/bundle_format.h"
#include "ml/model_bundle.h"

namespace helios::ml {
namespace {

/// The index goes out in pieces, so that it is never in memory twice.
constexpr std::size_t kIndexPiece = std::size_t{64} << 10U;

}  // namespace

Result<BundleWriter> BundleWriter::Start(const BundleHeader& header, Sink sink) {
  if (header.metric.size() > kLongestMetric || header.config.size() > kLongestConfig) {
    return Fail(
        ErrorCode::kInvalidArgument, "ml.bad_bundle_header",
        "cannot write an artifact: its header is too long; got a metric of {} and a config of {} bytes; want at "
        "most {} and {}",
        header.metric.size(), header.config.size(), kLongestMetric, kLongestConfig);
  }
  StateWriter fields;
  fields(header.created, header.metric, header.config);
  const auto body = fields.Take();
  StateWriter prefix;
  prefix(kBundleVersion, static_cast<std::uint32_t>(kBundlePrefixBytes + body.size() + kChecksumBytes));
  auto bytes = std::string(kBundleMagic) + prefix.Take() + body;
  bytes += ChecksumBytes(Crc32c(bytes));
  BundleWriter writer(std::move(sink));
  HELIOS_CHECK(writer.Write(bytes));
  return writer;
}

Result<void> BundleWriter::Write(std::string_view bytes) {
  crc_ = Crc32c(bytes, crc_);
  written_ += bytes.size();
  return sink_(bytes);
}

Result<void> BundleWriter::Add(std::string_view key, std::string_view part) {
  if (key.size() > kLongestKey || part.empty() || part.size() > kLargestPart) {
    return Fail(
        ErrorCode::kInvalidArgument, "ml.bad_bundle_part",
        "cannot add a part to an artifact: got a key of {} and a part of {} bytes; want at most {}, and 1 to {}",
        key.size(), part.size(), kLongestKey, kLargestPart);
  }
  // The checksum covers the key, so that no part passes for another series' one.
  const char codec = static_cast<char>(kPlainCodec);
  const auto crc = Crc32c(part, Crc32c({&codec, 1}, Crc32c(key)));
  entries_.push_back({std::string(key), written_, kPartFrameBytes + part.size()});
  HELIOS_CHECK(Write({&codec, 1}));
  HELIOS_CHECK(Write(part));
  return Write(ChecksumBytes(crc));
}

Result<void> BundleWriter::Finish() {
  std::ranges::sort(entries_, {}, &Entry::key);
  if (const auto twice = std::ranges::adjacent_find(entries_, {}, &Entry::key); twice != entries_.end()) {
    return Fail(ErrorCode::kInvalidArgument, "ml.bad_bundle_part",
                "cannot finish an artifact: a series was added twice; its key has {} bytes", twice->key.size());
  }
  BundleEnd end{.index_offset = written_, .parts = entries_.size()};
  const auto flush = [&](StateWriter& piece) -> Result<void> {
    const auto bytes = piece.Take();
    piece = StateWriter();
    end.index_crc = Crc32c(bytes, end.index_crc);
    return Write(bytes);
  };
  StateWriter piece;
  for (const auto& entry : entries_) {
    piece(entry.key, static_cast<std::size_t>(entry.offset), static_cast<std::size_t>(entry.length));
    if (piece.size() >= kIndexPiece) HELIOS_CHECK(flush(piece));
  }
  HELIOS_CHECK(flush(piece));
  end.index_length = written_ - end.index_offset;
  end.all_crc = crc_;
  StateWriter last;
  last(end);
  auto bytes = last.Take();
  bytes += ChecksumBytes(Crc32c(bytes));
  bytes += kBundleMagic;
  return Write(bytes);
}

}  // namespace helios::ml
