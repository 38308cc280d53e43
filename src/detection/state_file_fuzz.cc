// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Detection's memory on disk: any bytes as its manifest, its series or its anomalies fill the detector or are refused
// with a code. What filled it is saved and loaded again alike.
//
// The first byte chooses: 0 the rest is the manifest, 1 a part with series, else a part with anomalies; parts have the
// right checksum.
#include "detection/state_file.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <future>
#include <string>
#include <string_view>

#include "base/hex.h"
#include "base/manual_clock.h"
#include "crypto/digest.h"
#include "tsdb/testing/scratch_directory.h"

namespace {

using namespace helios;             // NOLINT(google-build-using-namespace): one file, no header
using namespace helios::detection;  // NOLINT(google-build-using-namespace)

void Require(bool holds) {
  if (!holds) std::abort();
}

void Write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// A store with one series, whose id is in the seeds.
struct World {
  World() {
    store = std::move(
        tsdb::OpenEmbeddedStore({.directory = directory.path() / "store", .segment_bytes = 1U << 20U}, clock, metrics)
            .value());
    tsdb::KeyedBatch batch(tsdb::SeriesKey{"cpu", {}});
    batch.AddSample(0, clock.Now(), 1);
    std::promise<void> done;
    store->Append(*TenantId::Parse("01900000-0000-7000-8000-000000000001"), {}, batch.batch(),
                  [&done](const auto& outcome) {
                    Require(outcome && outcome->stored == 1);
                    done.set_value();
                  });
    done.get_future().get();
    std::filesystem::create_directories(folder);
  }

  const tsdb::ScratchDirectory directory{"/dev/shm"};
  const std::filesystem::path folder = directory.path() / "state";
  ManualClock clock{FromUnixMs(1'767'441'600'000)};
  obs::Metrics metrics;
  obs::Metrics own_metrics;
  DetectionMetrics detection_metrics{own_metrics};
  std::unique_ptr<tsdb::EmbeddedStore> store;
};

/// An empty detector, and what it tells.
struct Memory {
  explicit Memory(World& world)
      : detector(
            *world.store, world.clock,
            [](TenantId) { return StreamDetector::Manner{std::make_shared<const ml::Detector>(), FindZone("UTC")}; },
            outbox, world.detection_metrics, {.most_series = 100}) {}

  [[nodiscard]] std::size_t Open() const {
    std::size_t open = 0;
    for (const auto& [id, tenant] : detector.table().tenants()) {
      for (const auto& [series_id, series] : tenant.series) open += series.open ? 1 : 0;
    }
    return open;
  }

  ReportOutbox outbox;
  StreamDetector detector;
};

std::string Manifest(const World& world, std::string_view kind, std::string_view part) {
  return fmt::format(
      R"({{"version":2,"store":"{}","generation":1,"parts":[{{"name":"part","kind":"{}","sha256":"{}"}}]}})",
      world.store->id(), kind, ToHex(crypto::Sha256(part)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  Write(world.folder / "part", input);
  if (data[0] == 0) {
    Write(world.folder / "manifest.json", input);
  } else {
    Write(world.folder / "manifest.json", Manifest(world, data[0] == 1 ? "series" : "anomalies", input));
  }
  Memory memory(world);
  const auto loaded = LoadState(world.folder, world.store->id(), memory.detector, memory.outbox);
  if (!loaded) return Require(!loaded.error().reason.empty()), 0;
  Require(SaveState(world.folder, world.store->id(), 2, memory.detector.table(), memory.outbox).has_value());
  Memory again(world);
  Require(LoadState(world.folder, world.store->id(), again.detector, again.outbox) == 2U);
  Require(again.Open() == memory.Open() && again.outbox.size() == memory.outbox.size());
  return 0;
}
