// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Any bytes as a file of held chunks, and one of ours with a byte changed or cut: it is brought home whole, or set
// aside and counted as lost. What comes home is what was held, and nothing waits twice.
//
// The first byte chooses: 0 the rest is the file; else four bytes say what becomes of the file, and the rest is chunks.
#include "tsdb/internal/held_chunks.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "obs/log.h"
#include "tsdb/internal/chunk_db.h"
#include "tsdb/internal/chunk_key.h"
#include "tsdb/testing/scratch_directory.h"

namespace {

using namespace helios::tsdb;  // NOLINT(google-build-using-namespace): one file, no header
namespace fs = std::filesystem;

using Chunks = std::map<std::string, std::string>;

void Require(bool holds) {
  if (!holds) std::abort();
}

Chunks MakeChunks(std::string_view input) {
  Chunks chunks;
  for (std::uint32_t n = 0; !input.empty() && n < 100; ++n) {
    const auto byte = static_cast<std::uint8_t>(input.front());
    ChunkKey key{
        .tenant = 1, .kind = static_cast<ChunkKind>(1 + byte % 3), .day = byte >> 4, .flush = 1, .series = {n}};
    input.remove_prefix(1);
    const std::string_view chunk = input.substr(0, byte);
    chunks[EncodeChunkKey(key)] = chunk;
    input.remove_prefix(chunk.size());
  }
  return chunks;
}

void Write(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Holds the chunks in a file below `directory`; its path.
fs::path Hold(const fs::path& directory, const Chunks& chunks) {
  std::mutex opening;
  HeldFile file(*rocksdb::Env::Default(), directory, /*flush=*/1, std::unique_lock(opening));
  for (const auto& [key, sealed] : chunks) Require(file.Put(key, sealed).has_value());
  Require(file.Commit().has_value());
  return directory / "0000000001.sst";
}

/// Changes or cuts the file; whether it is another one than before.
bool Damage(const fs::path& path, std::string_view how) {
  std::string bytes = Read(path);
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(how[i]); };
  // From the end, where RocksDB's footer and index lie.
  const std::size_t place = bytes.size() - 1 - (byte(0) + 256U * byte(1)) % bytes.size();
  if ((byte(2) & 1U) != 0) {
    bytes.resize(place);
  } else {
    bytes[place] = static_cast<char>(bytes[place] ^ how[3]);
  }
  Write(path, bytes);
  return (byte(2) & 1U) != 0 || how[3] != 0;
}

/// A database that is made anew now and then, before it grows.
struct Database {
  const ScratchDirectory directory{"/dev/shm"};
  std::unique_ptr<ChunkDb> db =
      std::move(ChunkDb::Open(directory.path() / "db", {rocksdb::Env::Default(), nullptr, nullptr}).value());
  std::size_t uses = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::optional<Database> at(std::in_place);
  if (at->uses++ > 200) at.emplace();
  if (size < 6) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const fs::path directory = at->directory.path() / "own" / "held";
  fs::create_directories(directory);
  Chunks chunks;
  bool damaged = true;
  if (data[0] == 0) {
    Write(directory / "0000000001.sst", input);
  } else {
    chunks = MakeChunks(input.substr(4));
    if (chunks.empty()) return 0;
    damaged = Damage(Hold(directory, chunks), input.substr(0, 4));
  }
  const std::uint64_t lost = at->db->lost_chunks();
  const auto brought = BringHome(*at->db, directory);
  if (!brought) Require(!brought.error().reason.empty());
  if (!damaged) Require(brought.has_value() && at->db->lost_chunks() == lost);
  if (brought) {
    Require(!fs::exists(directory / "0000000001.sst"));
    // Whole or not at all: a file set aside gave nothing.
    for (const auto& [key, sealed] : chunks) {
      rocksdb::PinnableSlice value;
      const auto found = at->db->Get(Family::kChunks, key, nullptr, value);
      if (at->db->lost_chunks() == lost) Require(found && *found && AsView(value) == sealed);
    }
  }
  fs::remove_all(directory);
  return 0;
}
