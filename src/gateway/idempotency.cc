// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "gateway/idempotency.h"

#include <optional>
#include <string>
#include <utility>

#include "base/hex.h"
#include "crypto/digest.h"
#include "gateway/sql.h"
#include "http/problem.h"

namespace helios::gateway {
namespace {

constexpr std::size_t kMaxKeyBytes = 255;
constexpr std::chrono::minutes kAbandonedAfter{1};
constexpr std::chrono::hours kKeptFor{24};

/// The header is a structured-field string; the bare form is taken too.
Result<std::string> ParseKey(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (!text.empty() && text.size() <= kMaxKeyBytes) return std::string(text);
  return Fail(ErrorCode::kInvalidArgument, "idempotency.bad_key",
              "cannot use the Idempotency-Key: it has {} bytes; want 1 to {}", text.size(), kMaxKeyBytes);
}

/// Claims the key for this request, or says how it was answered before.
Result<std::optional<http::Response>> Claim(pg::Database& database, const tenancy::Route& route, const std::string& key,
                                            const std::string& hash, const tenancy::RequestContext& context) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto claimed,
             tx.Execute(sql::kClaimIdempotencyKey, {tx.tenant(), route.operation, key, hash, context.now,
                                                    context.now - kAbandonedAfter, context.now - kKeptFor}));
  if (!claimed.empty()) {
    HELIOS_CHECK(tx.Commit());
    return std::nullopt;
  }
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindIdempotencyKey, {tx.tenant(), route.operation, key}));
  HELIOS_CHECK(tx.Commit());
  if (rows.empty()) {
    return Fail(ErrorCode::kConflict, "idempotency.in_flight",
                "cannot run this now: a request with this key ends just now");
  }
  const auto row = rows.front();
  if (row.Get<std::string>("request_hash") != hash) {
    return Fail(ErrorCode::kFailedPrecondition, "idempotency.key_reused",
                "cannot use the Idempotency-Key '{}' again: another request had it; make a new one", key);
  }
  const auto status = row.Get<std::optional<std::int64_t>>("status");
  if (!status) {
    return Fail(ErrorCode::kConflict, "idempotency.in_flight",
                "cannot run this now: the first request with the Idempotency-Key '{}' still runs; try again", key);
  }
  const auto body = row.Get<std::optional<std::string>>("response");
  if (!body) {
    return Fail(ErrorCode::kConflict, "idempotency.secret_shown",
                "cannot answer this again: the first answer showed a secret, which is kept nowhere; "
                "revoke what it made and make another");
  }
  http::Response response = http::JsonText(static_cast<int>(*status), *body);
  if (response.status >= 400) response.headers.Set("Content-Type", "application/problem+json");
  response.headers.Set("Idempotency-Replayed", "true");
  return response;
}

}  // namespace

Result<http::Response> RunOnce(pg::Database& database, const tenancy::Route& route, const http::Request& request,
                               const tenancy::RequestContext& context,
                               const std::function<Result<http::Response>()>& handle) {
  const auto header = request.headers.Find("Idempotency-Key");
  if (!header || route.replay == tenancy::Replay::kNone || context.tenant.is_nil()) return handle();
  HELIOS_TRY(const std::string key, ParseKey(*header));
  const std::string hash = ToHex(crypto::Sha256(request.target + "\n" + request.body));
  HELIOS_TRY(auto earlier, Claim(database, route, key, hash, context));
  if (earlier) return *std::move(earlier);

  auto answer = handle();
  const http::Response rendered = answer ? *answer : http::Problem(answer.error(), context.request_id);
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  const auto* text = std::get_if<std::string>(&rendered.body);
  const bool passing = rendered.status >= 500 || (!answer && answer.error().reason == "pg.serialization_failure");
  if (passing || text == nullptr) {
    HELIOS_CHECK(tx.Execute(sql::kForgetIdempotencyKey, {tx.tenant(), route.operation, key}));
  } else {
    const bool secret = route.replay == tenancy::Replay::kSecret && rendered.status < 300;
    const std::optional<std::string> kept = secret || text->empty() ? std::nullopt : std::optional(*text);
    HELIOS_CHECK(tx.Execute(sql::kKeepAnswer, {tx.tenant(), route.operation, key, rendered.status, kept}));
  }
  HELIOS_CHECK(tx.Commit());
  return answer;
}

}  // namespace helios::gateway
