// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "alerting/alert_rules.h"
#include "alerting/expectation.h"
#include "alerting/rule_fields.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::alerting {

/// /api/v1/alert-rules. Thread-safe.
class AlertingService {
 public:
  /// What they refer to must outlive the service.
  AlertingService(const Environment& environment, const tsdb::SampleStore& store, MatchParser parse_match,
                  CounterCheck is_counter, const tenancy::CursorCodec& cursors)
      : environment_(environment),
        store_(store),
        parse_match_(std::move(parse_match)),
        is_counter_(std::move(is_counter)),
        cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  using Context = tenancy::RequestContext;
  using Answer = Result<http::Response>;

  [[nodiscard]] Answer PostRule(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetRules(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetRuleById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PatchRule(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer DeleteRuleById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostBacktest(const http::Request& request, const Context& context) const;

  const Environment environment_;
  const tsdb::SampleStore& store_;
  const MatchParser parse_match_;
  const CounterCheck is_counter_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::alerting
