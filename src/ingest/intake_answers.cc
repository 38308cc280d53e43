// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/intake_answers.h"

#include <boost/json/array.hpp>

#include "http/problem.h"

namespace helios::ingest {
namespace {

constexpr std::size_t kMaxErrorsShown = 100;

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string RejectionText(const IntakeOutcome& outcome) {
  const RejectedSample& first = outcome.rejected.front();
  return fmt::format("{} of {} samples were refused; the first: sample {}: {}", outcome.total - outcome.accepted,
                     outcome.total, first.index, first.detail);
}

boost::json::object RejectionMembers(const IntakeOutcome& outcome) {
  boost::json::array errors;
  for (const RejectedSample& sample : outcome.rejected) {
    if (errors.size() == kMaxErrorsShown) break;
    errors.push_back(boost::json::object{{"index", sample.index}, {"code", sample.code}, {"detail", sample.detail}});
  }
  return {
      {"accepted", outcome.accepted}, {"rejected", outcome.total - outcome.accepted}, {"errors", std::move(errors)}};
}

http::Response PartlyRejected(const IntakeOutcome& outcome, std::string_view request_id) {
  return http::Problem(400, "ingest.samples_rejected", RejectionText(outcome), request_id, RejectionMembers(outcome));
}

std::function<http::Response(const Refusal&)> RefuseWithProblem(std::string request_id) {
  return
      [request_id = std::move(request_id)](const Refusal& refusal) { return http::Problem(refusal.error, request_id); };
}

std::string_view MediaTypeParameter(std::string_view content_type, std::string_view name) {
  std::size_t at = content_type.find(';');
  while (at != std::string_view::npos) {
    content_type.remove_prefix(at + 1);
    at = content_type.find(';');
    const std::string_view parameter = Trim(content_type.substr(0, at));
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || Trim(parameter.substr(0, equals)) != name) continue;
    std::string_view value = Trim(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

}  // namespace helios::ingest
