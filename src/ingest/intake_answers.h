// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

#include "http/response.h"
#include "ingest/intake_pipeline.h"

namespace helios::ingest {

/// "3 of 7 samples were refused; the first: sample 2: …". There must be a rejected one.
[[nodiscard]] std::string RejectionText(const IntakeOutcome& outcome);

/// accepted, rejected, and the reason of each of the first hundred: the members that a problem of a partly taken
/// request has beside the general ones.
[[nodiscard]] boost::json::object RejectionMembers(const IntakeOutcome& outcome);

/// 400 ingest.samples_rejected.
[[nodiscard]] http::Response PartlyRejected(const IntakeOutcome& outcome, std::string_view request_id);

/// Refusals as problem documents, for IntakeCall::refuse.
[[nodiscard]] std::function<http::Response(const Refusal&)> RefuseWithProblem(std::string request_id);

/// The media type's parameter of that name, such as `proto` of "application/x-protobuf;proto=x"; "" where absent.
[[nodiscard]] std::string_view MediaTypeParameter(std::string_view content_type, std::string_view name);

}  // namespace helios::ingest
