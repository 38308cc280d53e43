// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace helios::ml {

/// A smooth function: its value at `x`, and its gradient there.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

/// Turns a gradient into a descent step in place, by an approximate inverse of the second derivatives, symmetric
/// and positive definite.
using Preconditioner = std::function<void(std::span<double> gradient)>;

struct LbfgsOptions {
  std::size_t memory = 10;            ///< pairs of steps and gradient changes that are remembered
  std::size_t most_iterations = 200;  ///< a bound; well preconditioned problems need a tenth of it
  double tolerance = 1e-9;            ///< done when the next step promises to gain less than this
};

struct LbfgsOutcome {
  double value = 0.0;
  std::size_t iterations = 0;
  bool converged = false;
};

/// Minimises `objective` from `x`, in place, by limited-memory BFGS with a backtracking line search. Pairs without
/// positive curvature are left out, so every direction leads downhill. Never returns a worse point than it got.
/// Cost: memory * x.size() * 4 flops an iteration, and about one evaluation.
///
/// Source: Nocedal & Wright, "Numerical Optimization", 2nd ed., algorithms 7.4 and 7.5.
LbfgsOutcome MinimizeLbfgs(const Objective& objective, const Preconditioner& precondition, std::span<double> x,
                           const LbfgsOptions& options);

}  // namespace helios::ml
