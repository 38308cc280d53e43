// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/value.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "http/client.h"

namespace helios::testing {

/// What the server answered; status 0 where no answer came, with the reason of the client's error in `lost`.
struct Answer {
  int status = 0;
  http::Headers headers = {};
  std::string body = {};
  std::string lost = {};

  /// The body as JSON; null where it is none.
  [[nodiscard]] boost::json::value Json() const;
  /// The `code` of a problem document, or "".
  [[nodiscard]] std::string Code() const;
  /// The first header of that name, or "".
  [[nodiscard]] std::string Header(std::string_view name) const;
};

/// Shown by a failed expectation.
std::ostream& operator<<(std::ostream& out, const Answer& answer);

/// One connection to the server, with a credential that goes with every request. Not thread-safe.
class ApiClient {
 public:
  /// `key` is an API key, or "" for none. Aborts on an origin that is no URL.
  explicit ApiClient(std::string origin, std::string key = {}, http::ClientConfig config = {});

  Answer Get(std::string_view target);
  Answer Post(std::string_view target, const boost::json::value& body);
  /// As it is: with the credential and these headers alone.
  Answer Send(http::Method method, std::string_view target, std::string_view body = {}, http::Headers headers = {});

  [[nodiscard]] const std::string& key() const { return key_; }

 private:
  std::string key_;
  std::unique_ptr<http::Client> client_;
};

/// A sample as a test writes it.
struct Sample {
  std::string metric;
  TimestampMs time;
  double value = 0;
  std::map<std::string, std::string> labels = {};
};

/// A sample as it is read back.
struct Point {
  std::int64_t ms = 0;
  double value = 0;
  bool operator==(const Point&) const = default;
};

/// The body of POST /api/v1/ingest.
[[nodiscard]] std::string IngestBody(std::span<const Sample> samples);

/// The body of POST /api/v1/prometheus/write: a WriteRequest of one series for each sample, in snappy's block format.
[[nodiscard]] std::string RemoteWriteBody(std::span<const Sample> samples);

/// An organization that signed up, and its first key, which may read and write.
class Tenant {
 public:
  Tenant(std::string origin, const boost::json::value& signed_up, http::ClientConfig config = {});

  Answer Ingest(std::span<const Sample> samples);
  Answer RemoteWrite(std::span<const Sample> samples);

  /// Every sample of the series with exactly these labels, oldest first; none and a failed test where the answer is not
  /// 200. Values come back bit by bit.
  std::vector<Point> Query(const std::string& metric, const std::map<std::string, std::string>& labels = {});

  /// Of each series of the metric, by the value of one of its labels.
  std::map<std::string, std::vector<Point>> QueryBy(const std::string& label, const std::string& metric);

  Answer Predict(const std::string& metric, const std::vector<int>& horizons = {15, 30, 60});

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& slug() const { return slug_; }
  [[nodiscard]] const std::string& key() const { return api.key(); }

 private:
  std::string id_;
  std::string slug_;

 public:
  ApiClient api;
};

/// POST /api/v1/organizations: plan enterprise, whose requests nobody counts. The server takes ten an hour from one
/// address, and forgets their number when it starts again.
Answer SignUp(ApiClient& client, const std::string& slug, const std::string& plan = "enterprise");

/// What SignUp() gives the owner.
inline constexpr const char* kPassword = "correct horse battery";
[[nodiscard]] std::string OwnerEmail(const std::string& slug);

}  // namespace helios::testing
