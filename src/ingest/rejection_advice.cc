// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/rejection_advice.h"

#include <algorithm>
#include <array>
#include <utility>

namespace helios::ingest {
namespace {

/// By reason.
constexpr auto kAdvice = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"http.body_too_large", "Send less at once: lower the sender's batch size."},
    {"http.too_large", "Send less at once: lower the sender's batch size."},
    {"ingest.bad_data_point",
     "Mend the instrument: each point needs a value, and at most as many attributes as a series may have labels."},
    {"ingest.bad_envelope", "Send the document that the API describes for the route."},
    {"ingest.bad_histogram",
     "Mend the instrument: bounds must rise, and there must be one count more than bounds, none below 0."},
    {"ingest.bad_item", "Make each member of 'metrics' an object with a name and a value."},
    {"ingest.bad_label_name", "Rename the label: it needs 1 to 256 bytes of UTF-8, and __name__ is the metric's."},
    {"ingest.bad_label_value", "Shorten the label's value to 2,048 bytes, and send it as a string in UTF-8."},
    {"ingest.bad_line",
     "Mend the line: measurement[,tag=value] field=value[,field=value] [time], one space between the three."},
    {"ingest.bad_metric_name", "Rename the metric: it needs 1 to 255 bytes of UTF-8, and 'helios:' is reserved."},
    {"ingest.bad_protobuf", "Look for a proxy that changes bodies, or for a sender of another protocol."},
    {"ingest.bad_series", "Look for a proxy that changes bodies, or for a sender of another protocol."},
    {"ingest.bad_snappy",
     "Compress with snappy's block format, not its framing format, and look for a proxy that changes bodies."},
    {"ingest.bad_source", "Shorten 'source', or leave it out."},
    {"ingest.bad_temporality", "Set the exporter to cumulative or delta temporality."},
    {"ingest.bad_timestamp", "Send the time as RFC 3339 text or whole milliseconds since 1970."},
    {"ingest.bad_value", "Send a finite number, or leave the sample out while there is none."},
    {"ingest.conflicting_value",
     "Find the second sender of this series, and give each a label of its own, such as 'instance'."},
    {"ingest.duplicate_label", "Give each label of the series once."},
    {"ingest.future_timestamp", "Set the sender's clock, for instance by NTP; times may be at most 10 min ahead."},
    {"ingest.labels_too_large", "Give the series fewer or shorter labels: 8 KiB at most."},
    {"ingest.out_of_memory",
     "Nothing to do with this series: senders retry by themselves. An operator can give the server more memory."},
    {"ingest.out_of_order",
     "Send within 1 h of the series' newest sample, or find the second sender of this series; old samples can be "
     "imported."},
    {"ingest.overloaded",
     "Nothing to do with this series: senders retry by themselves. If it lasts, an operator can raise "
     "intake.memory_limit_mib or intake.max_in_flight_mib."},
    {"ingest.rate_limited",
     "Scrape less often or fewer series, or choose a plan with more samples a second; senders retry by themselves."},
    {"ingest.replica_not_elected",
     "Nothing to do: the pair's other server is stored, and takes turns when one is silent."},
    {"ingest.series_limit",
     "Remove labels that change all the time (ids, paths, addresses), or choose a plan with more active series."},
    {"ingest.text_field", "Nothing to do where the text is not needed; send it as a tag to keep it."},
    {"ingest.too_many_clusters", "Give servers of one pair the same 'cluster' label; at most 100 are told apart."},
    {"ingest.too_many_delta_series", "Set the exporter to cumulative temporality."},
    {"ingest.too_many_labels", "Remove labels: a series may have 40."},
    {"ingest.too_many_samples", "Send less at once: lower the sender's batch size."},
    {"ingest.too_many_series", "Send less at once: lower the sender's batch size."},
    {"ingest.too_many_symbols", "Send less at once: lower the sender's batch size."},
    {"ingest.too_old",
     "Nothing to do with this sender's settings: the plan does not keep samples of that age. Choose a longer retention "
     "to import them."},
    {"ingest.unknown_field", "Remove the field, or mend its name."},
    {"ingest.unsupported_exemplar",
     "Nothing to do: the samples are stored. Switch exemplars off in the sender to be rid of the notice."},
    {"tsdb.closed", "Nothing to do with this series: the server is stopping, and senders retry by themselves."},
    {"tsdb.disk_full", "An operator must free space on the disk of the samples; senders retry by themselves."},
    {"tsdb.overloaded",
     "Nothing to do with this series: senders retry by themselves. If it lasts, the disk is too slow."},
    {"tsdb.read_only", "An operator must look at the disk and restart the server; senders retry by themselves."},
    {"tsdb.series_deleted", "Send it again: the series was deleted at the same time."},
    {"tsdb.tenant_unavailable",
     "An operator must look at the organization's sample database; senders retry by themselves."},
});
static_assert(std::ranges::is_sorted(kAdvice));

constexpr std::string_view kElse =
    "See what the API's document says of this code under the route; the detail says what was wanted.";

}  // namespace

std::string_view FixOf(std::string_view reason) {
  const auto found =
      std::ranges::lower_bound(kAdvice, reason, {}, &std::pair<std::string_view, std::string_view>::first);
  return found != kAdvice.end() && found->first == reason ? found->second : kElse;
}

}  // namespace helios::ingest
