// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "transfer/prometheus_import.h"
#include "transfer/range_query.h"

namespace helios::transfer {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kFirstPoints = 2'000;
constexpr milliseconds kFirstWindow = std::chrono::hours{24};
constexpr milliseconds kLeastWindow = std::chrono::minutes{1};

/// Whether an answer says that less should be asked for at once, in the words of Prometheus, Thanos, Mimir or
/// VictoriaMetrics.
bool AsksForLess(const http::ClientResponse& response) {
  if (response.status == 413) return true;
  if (response.status != 400 && response.status != 422 && response.status != 503) return false;
  constexpr std::array<std::string_view, 5> kWords = {"exceed", "too many", "too large", "limit", "timed out"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return response.body.contains(word); });
}

}  // namespace

Result<std::vector<RemoteSeries>> PrometheusReader::Ask(const tsdb::SeriesSelector& selector, tsdb::TimeRange window,
                                                        std::size_t& bytes) {
  const bool remote_read = options_.way == PrometheusWay::kRemoteRead;
  const auto response =
      remote_read ? client_.Send(http::Method::kPost, "/api/v1/read", "application/x-protobuf",
                                 EncodeReadRequest(selector, window))
                  : client_.Send(http::Method::kPost, "/api/v1/query_range", "application/x-www-form-urlencoded",
                                 EncodeRangeQuery(selector, window, options_.step));
  if (!response) return std::unexpected(response.error());
  if (response->status == 200) {
    bytes = response->body.size();
    return remote_read ? DecodeReadAnswer(response->body, kMostDecodedBytes) : DecodeRangeAnswer(response->body);
  }
  if (AsksForLess(*response)) {
    return Fail(ErrorCode::kTooLarge, "transfer.answer_too_large", "cannot read so much at once: the server answers {}",
                Says(*response));
  }
  return Fail(ErrorCode::kUnavailable, "transfer.source_failed", "cannot read from '{}': it answers {}",
              options_.server.url, Says(*response));
}

Result<void> PrometheusReader::Run(const Take& take) {
  const bool remote_read = options_.way == PrometheusWay::kRemoteRead;
  // A window holds its begin and not its end; a range query has a point at its begin and at each step behind it.
  const milliseconds unit = remote_read ? milliseconds{1} : options_.step;
  const milliseconds least = remote_read ? kLeastWindow : options_.step;
  const milliseconds most = remote_read ? milliseconds::max() / 4 : kMostPoints * options_.step;
  const double whole = static_cast<double>((options_.range.last - options_.range.first).count()) + 1;
  for (std::size_t i = 0; i < options_.selectors.size(); ++i) {
    milliseconds width = remote_read ? kFirstWindow : kFirstPoints * options_.step;
    for (TimestampMs at = options_.range.first; at <= options_.range.last;) {
      const TimestampMs end = options_.range.last - at < width ? options_.range.last + unit : at + width;
      std::size_t bytes = 0;
      auto series = Ask(options_.selectors[i], {.first = at, .last = end - unit}, bytes);
      if (!series) {
        if (series.error().code != ErrorCode::kTooLarge || width <= least) return std::unexpected(series.error());
        width = std::max(least, width / 2 / unit * unit);
        continue;
      }
      at = end;
      const double done = std::min(1.0, static_cast<double>((at - options_.range.first).count()) / whole);
      HELIOS_CHECK(
          take(*std::move(series), (static_cast<double>(i) + done) / static_cast<double>(options_.selectors.size())));
      if (bytes < kGoodAnswerBytes / 4) width = std::min(most, 2 * width);
      if (bytes > kGoodAnswerBytes) width = std::max(least, width / 2 / unit * unit);
    }
  }
  return {};
}

}  // namespace helios::transfer
