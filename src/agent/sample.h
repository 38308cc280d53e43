// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace helios::agent {

/// Label names and values of one series, in the order they are sent.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// One measurement. Its time is that of the round it was taken in; the labels of the whole machine
/// (`host` and those of --label) are added when a round becomes a Batch.
struct Sample {
  std::string name;
  double value = 0;
  Labels labels;
};

}  // namespace helios::agent
