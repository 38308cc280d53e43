// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/embedded_store.h"

#include <gtest/gtest.h>

#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

class EmbeddedHarness final : public StoreHarness {
 public:
  explicit EmbeddedHarness(const Clock& clock) : clock_(clock) { Open(); }

  SampleStore& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    Open();
  }

 private:
  void Open() {
    auto opened =
        OpenEmbeddedStore({.directory = directory_.path() / "store", .segment_bytes = 4U << 20U}, clock_, metrics_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = *std::move(opened);
  }

  const Clock& clock_;
  ScratchDirectory directory_;
  obs::Metrics metrics_;
  std::unique_ptr<SampleStore> store_;
};

StoreFactory EmbeddedFactory() {
  return {"Embedded", [](const Clock& clock) { return std::make_unique<EmbeddedHarness>(clock); }};
}

INSTANTIATE_TEST_SUITE_P(Stores, SampleStoreConformance, testing::Values(EmbeddedFactory()), FactoryName);

}  // namespace
}  // namespace helios::tsdb
