// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "tests/support/api_client.h"

namespace helios::testing {

/// Somebody who asks: an origin, and the headers that go with each request, so also a browser's cookie. Each request
/// has a connection of its own; cheap to copy; safe to share between threads.
class Caller {
 public:
  explicit Caller(std::string origin, http::Headers headers = {});

  /// The same with one more header, or another value of it.
  [[nodiscard]] Caller With(std::string_view name, std::string value) const;
  [[nodiscard]] Caller WithKey(std::string key) const { return With("X-API-Key", std::move(key)); }

  /// A body of null is none.
  Answer Ask(http::Method method, const std::string& target, const boost::json::value& body = nullptr) const;
  Answer Get(const std::string& target) const { return Ask(http::Method::kGet, target); }
  Answer Post(const std::string& target, const boost::json::value& body) const {
    return Ask(http::Method::kPost, target, body);
  }
  Answer Patch(const std::string& target, const boost::json::value& body) const {
    return Ask(http::Method::kPatch, target, body);
  }
  Answer Delete(const std::string& target) const { return Ask(http::Method::kDelete, target); }

 private:
  std::string origin_;
  http::Headers headers_;
};

/// A browser that signed in: the session's cookie, and the Origin of the server itself. A failed test and no cookie
/// where it may not. The server takes ten a minute from one address.
[[nodiscard]] Caller SignIn(const std::string& origin, const std::string& email,
                            const std::string& password = kPassword);

/// Makes an API key. `maker` needs keys.manage and the scopes themselves.
[[nodiscard]] Caller MakeKey(const Caller& maker, const std::string& origin, const std::vector<std::string>& scopes);

/// The body of a 2xx answer; a failed test, and an empty object, for any other.
[[nodiscard]] boost::json::value BodyOf(const Answer& answer);

/// A field that is a string, or "".
[[nodiscard]] std::string TextOf(const boost::json::value& object, std::string_view field);

}  // namespace helios::testing
