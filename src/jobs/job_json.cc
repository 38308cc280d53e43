// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/job_json.h"

#include <boost/json/parse.hpp>

namespace helios::jobs {
namespace {

boost::json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  if (!time) return nullptr;
  return boost::json::value(FormatRfc3339(*time));
}

boost::json::value JsonOrNull(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  return boost::json::parse(*text);  // the database's own, of a jsonb
}

}  // namespace

boost::json::object ToJson(const Job& job) {
  boost::json::object json{{"id", job.id.ToString()},
                           {"kind", job.kind},
                           {"status", JobStatusName(job.status)},
                           {"progress", job.progress},
                           {"progress_note", nullptr},
                           {"seconds_left", nullptr},
                           {"attempts", job.attempts},
                           {"created_at", FormatRfc3339(job.created_at)},
                           {"run_at", TimeOrNull(job.run_at)},
                           {"started_at", TimeOrNull(job.started_at)},
                           {"finished_at", TimeOrNull(job.finished_at)},
                           {"payload", boost::json::parse(job.payload)},
                           {"result", JsonOrNull(job.result)},
                           {"error", JsonOrNull(job.error)}};
  if (!job.progress_note.empty()) json["progress_note"] = job.progress_note;
  if (job.left) json["seconds_left"] = job.left->count();
  return json;
}

}  // namespace helios::jobs
