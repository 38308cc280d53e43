// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>

namespace helios::ml {

/// What every forecasting model offers. A model is a value: copying one forks its state.
///   Update(y)      takes the next grid value in, NaN for a gap
///   ReachFor(h)    what a forecast h >= 1 steps ahead needs beyond the state; computed once, used at many origins
///   Predict(reach) the value that many steps after the last Update(); defined after the first finite value
template <class M>
concept Model = std::copyable<M> && requires(M model, const M& fitted, std::size_t steps, typename M::Reach reach) {
  model.Update(0.0);
  { fitted.ReachFor(steps) } -> std::same_as<typename M::Reach>;
  { fitted.Predict(reach) } -> std::same_as<double>;
};

}  // namespace helios::ml
