// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "http/client.h"

namespace helios::agent {

/// For tests: gives prepared answers in their order, and keeps what was sent.
class FakeClient final : public http::Client {
 public:
  struct Sent {
    http::Method method;
    std::string target;
    http::Headers headers;
    std::string body;
  };

  Result<http::ClientResponse> Send(http::Method method, std::string_view target, const http::Headers& headers,
                                    std::string_view body) override {
    sent.push_back({method, std::string(target), headers, std::string(body)});
    if (answers.empty()) return Fail(ErrorCode::kUnavailable, "http.cannot_connect", "no answer was prepared");
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }

  std::deque<Result<http::ClientResponse>> answers;
  std::vector<Sent> sent;
};

}  // namespace helios::agent
