// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/server.h"

namespace helios::testing {

/// Each test gets the real program on a data directory of its own, running and on a free port (about 2 s: PostgreSQL is
/// made, started and migrated).
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server.Start()); }

  Server server;
};

}  // namespace helios::testing
