// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/request.h"

namespace helios::http {

/// Finds what a method and a path mean. `Target` is whatever the owner keeps for a route.
///
/// A pattern is a path whose segments may be parameters: "/api/v1/models/{id}". A literal segment wins
/// over a parameter. A last segment "{name...}" takes the rest of the path. Not thread-safe while routes
/// are added; const afterwards.
template <class Target>
class Router {
 public:
  struct Match {
    const Target* target = nullptr;
    std::vector<std::pair<std::string, std::string>> parameters;
  };
  struct NotFound {};
  struct MethodNotAllowed {
    std::vector<Method> allowed;  ///< for the Allow header
  };
  using Outcome = std::variant<Match, NotFound, MethodNotAllowed>;

  void Add(Method method, std::string_view pattern, Target target);

  /// HEAD falls back to GET's route.
  [[nodiscard]] Outcome Find(Method method, std::string_view path) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::map<Method, std::pair<Target, std::vector<std::string>>> targets;  ///< with parameter names, in order
    std::map<Method, std::pair<Target, std::vector<std::string>>> rest_targets;
  };
  using Values = std::vector<std::string_view>;

  const Node* Descend(const Node& node, std::string_view path, Values& values, bool& rest) const;

  Node root_;
};

namespace internal {

/// Cuts the first segment off `path`, which starts with '/'.
inline std::string_view TakeSegment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

}  // namespace internal

template <class Target>
void Router<Target>::Add(Method method, std::string_view pattern, Target target) {
  Node* node = &root_;
  std::vector<std::string> names;
  while (!pattern.empty()) {
    const std::string_view segment = internal::TakeSegment(pattern);
    if (segment.ends_with("...}")) {
      names.emplace_back(segment.substr(1, segment.size() - 5));
      node->rest_targets.insert_or_assign(method, std::pair(std::move(target), std::move(names)));
      return;
    }
    if (segment.starts_with('{')) {
      names.emplace_back(segment.substr(1, segment.size() - 2));
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
    } else {
      auto& child = node->literals[std::string(segment)];
      if (!child) child = std::make_unique<Node>();
      node = child.get();
    }
  }
  node->targets.insert_or_assign(method, std::pair(std::move(target), std::move(names)));
}

template <class Target>
auto Router<Target>::Descend(const Node& node, std::string_view path, Values& values, bool& rest) const -> const Node* {
  if (path.empty() && !node.targets.empty()) return &node;
  if (!path.empty()) {
    std::string_view remaining = path;
    const std::string_view segment = internal::TakeSegment(remaining);
    if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
      if (const Node* found = Descend(*literal->second, remaining, values, rest)) return found;
    }
    if (node.parameter && !segment.empty()) {
      values.push_back(segment);
      if (const Node* found = Descend(*node.parameter, remaining, values, rest)) return found;
      values.pop_back();
    }
  }
  if (!node.rest_targets.empty()) {
    values.push_back(path.empty() ? path : path.substr(1));
    rest = true;
    return &node;
  }
  return nullptr;
}

template <class Target>
auto Router<Target>::Find(Method method, std::string_view path) const -> Outcome {
  if (!path.starts_with('/')) return NotFound{};
  Values values;
  bool rest = false;
  const Node* node = Descend(root_, path, values, rest);
  if (node == nullptr) return NotFound{};
  const auto& targets = rest ? node->rest_targets : node->targets;
  auto found = targets.find(method);
  if (found == targets.end() && method == Method::kHead) found = targets.find(Method::kGet);
  if (found == targets.end()) {
    MethodNotAllowed refused;
    for (const auto& [allowed, target] : targets) refused.allowed.push_back(allowed);
    return refused;
  }
  Match match{.target = &found->second.first, .parameters = {}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    match.parameters.emplace_back(found->second.second[i], std::string(values[i]));
  }
  return match;
}

}  // namespace helios::http
