// SPDX-License-Identifier: Apache-2.0
#include "agent/batch.h"

#include <zlib.h>

#include <algorithm>
#include <iterator>

#include "agent/little_endian.h"
#include "obs/log.h"

namespace helios::agent {
namespace {

constexpr std::size_t kHeaderBytes = 16;

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  obs::AppendJsonEscaped(out, text);
  out += '"';
}

void AppendLabel(std::string& out, const std::pair<std::string, std::string>& label, bool& first) {
  if (!std::exchange(first, false)) out += ',';
  AppendQuoted(out, label.first);
  out += ':';
  AppendQuoted(out, label.second);
}

std::unexpected<Error> Bad(std::string_view what) {
  return Fail(ErrorCode::kDataCorruption, "agent.bad_batch", "cannot read a buffered batch: {}", what);
}

}  // namespace

Batch MakeBatch(std::span<const Sample> samples, TimestampMs time, const Labels& machine) {
  Batch batch{.time = time, .samples = 0, .lines = {}};
  std::string& out = batch.lines;
  for (const Sample& sample : samples) {
    const std::size_t before = out.size();
    out += "{\"name\":";
    AppendQuoted(out, sample.name);
    fmt::format_to(std::back_inserter(out), ",\"value\":{},\"timestamp\":{},\"labels\":{{", sample.value,
                   ToUnixMs(time));
    bool first = true;
    for (const auto& label : machine) AppendLabel(out, label, first);
    for (const auto& label : sample.labels) AppendLabel(out, label, first);
    out += "},\"source\":\"helios-agent\"}\n";
    if (out.size() > kMaxBatchBytes) {
      out.resize(before);
      break;
    }
    ++batch.samples;
  }
  return batch;
}

std::string IngestBody(const Batch& batch) {
  std::string body = "{\"metrics\":[";
  body += batch.lines;
  if (batch.samples > 0) body.pop_back();  // the last line feed: the others become commas
  std::ranges::replace(body, '\n', ',');
  body += "]}";
  return body;
}

std::pair<Batch, Batch> Halve(const Batch& batch) {
  const std::uint32_t half = batch.samples / 2;
  std::size_t end = 0;
  for (std::uint32_t line = 0; line < half; ++line) end = batch.lines.find('\n', end) + 1;
  return {Batch{.time = batch.time, .samples = half, .lines = batch.lines.substr(0, end)},
          Batch{.time = batch.time, .samples = batch.samples - half, .lines = batch.lines.substr(end)}};
}

std::string Encode(const Batch& batch) {
  std::string bytes;
  AppendLittleEndian<std::uint64_t>(bytes, static_cast<std::uint64_t>(ToUnixMs(batch.time)));
  AppendLittleEndian<std::uint32_t>(bytes, batch.samples);
  AppendLittleEndian<std::uint32_t>(bytes, static_cast<std::uint32_t>(batch.lines.size()));
  uLongf size = ::compressBound(batch.lines.size());
  bytes.resize(kHeaderBytes + size);
  // Into room of compressBound()'s size it fails only without memory, where everything else does too.
  ::compress2(reinterpret_cast<Bytef*>(bytes.data() + kHeaderBytes), &size,
              reinterpret_cast<const Bytef*>(batch.lines.data()), batch.lines.size(), Z_BEST_SPEED);
  bytes.resize(kHeaderBytes + size);
  return bytes;
}

Result<Batch> Decode(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return Bad("it is shorter than its header");
  Batch batch;
  batch.time = FromUnixMs(static_cast<std::int64_t>(LittleEndian<std::uint64_t>(bytes)));
  batch.samples = LittleEndian<std::uint32_t>(bytes.substr(8));
  const std::size_t expected = LittleEndian<std::uint32_t>(bytes.substr(12));
  if (expected > kMaxBatchBytes) return Bad("it claims to be larger than a batch may be");
  batch.lines.resize(expected);
  uLongf size = expected;
  const std::string_view packed = bytes.substr(kHeaderBytes);
  const int outcome = ::uncompress(reinterpret_cast<Bytef*>(batch.lines.data()), &size,
                                   reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (outcome != Z_OK || size != expected) return Bad("it does not decompress");
  if (static_cast<std::size_t>(std::ranges::count(batch.lines, '\n')) != batch.samples ||
      (batch.samples > 0 && !batch.lines.ends_with('\n'))) {
    return Bad("it holds another number of samples than it says");
  }
  return batch;
}

}  // namespace helios::agent
