// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "http/client.h"

namespace helios::transfer {

/// For tests: gives prepared answers in their order, and keeps what was sent.
class FakeClient final : public http::Client {
 public:
  struct Sent {
    std::string target;
    http::Headers headers;
    std::string body;
  };

  Result<http::ClientResponse> Send(http::Method, std::string_view target, const http::Headers& headers,
                                    std::string_view body) override {
    sent.push_back({std::string(target), headers, std::string(body)});
    if (answers.empty()) return Fail(ErrorCode::kInvalidArgument, "test.no_answer", "no answer was prepared");
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }

  void Answer(int status, std::string body, std::vector<std::pair<std::string, std::string>> fields = {}) {
    http::ClientResponse response{.status = status, .headers = {}, .body = std::move(body)};
    for (auto& [name, value] : fields) response.headers.Add(std::move(name), std::move(value));
    answers.emplace_back(std::move(response));
  }

  std::deque<Result<http::ClientResponse>> answers;
  std::vector<Sent> sent;
};

}  // namespace helios::transfer
