// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/export_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include "base/file.h"
#include "transfer/import_session.h"
#include "transfer/sample_query.h"
#include "tsdb/own_series.h"

namespace helios::transfer {
namespace {

/// Where an export goes. What is written is complete when Close() says so.
class Output {
 public:
  static Result<Output> Open(const std::string& path) {
    if (path == "-") return Output(STDOUT_FILENO);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
      return Fail(ErrorCode::kConflict, "transfer.file_exists", "cannot write {}: it is there already", path);
    }
    if (fd < 0) return Unwritable();
    return Output(fd);
  }
  Output(Output&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Output& operator=(Output&&) = delete;
  ~Output() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }

  Result<void> Write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Unwritable();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<void> Close() {
    const int fd = std::exchange(fd_, -1);
    if (fd > STDERR_FILENO && (::fsync(fd) != 0 || ::close(fd) != 0)) return Unwritable();
    return {};
  }

 private:
  explicit Output(int fd) : fd_(fd) {}
  static std::unexpected<Error> Unwritable() {
    return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot write the export: {}", ErrnoMessage(errno));
  }
  int fd_;
};

/// Series of each metric, by the number of which they are asked for.
struct Catalogue {
  std::map<std::string, std::vector<tsdb::SeriesKey>> metrics;
  std::vector<std::string> label_names;
  std::size_t series = 0;
  std::size_t own = 0;  ///< left out
};

Result<Catalogue> FindAll(SampleQuery& query, const tsdb::SeriesSelector& selector) {
  HELIOS_TRY(auto keys, query.List(selector));
  Catalogue catalogue;
  std::set<std::string> labels;
  for (tsdb::SeriesKey& key : keys) {
    if (key.metric.starts_with(tsdb::kOwnPrefix) && selector.metric != key.metric) {
      ++catalogue.own;
      continue;
    }
    for (const tsdb::Label& label : key.labels) labels.insert(label.name);
    ++catalogue.series;
    auto& of_metric = catalogue.metrics[key.metric];
    of_metric.push_back(std::move(key));
  }
  catalogue.label_names.assign(labels.begin(), labels.end());
  return catalogue;
}

/// Exactly the series, where each label is one of `names`.
tsdb::SeriesSelector SelectorOf(const tsdb::SeriesKey& key, const std::vector<std::string>& names) {
  tsdb::SeriesSelector selector{.metric = key.metric, .matchers = {}};
  for (const std::string& name : names) {
    selector.matchers.push_back(
        {.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = std::string(key.Find(name))});
  }
  return selector;
}

/// What is asked for one after the other: a metric, or each series of one that has more than an answer may.
std::vector<tsdb::SeriesSelector> Questions(const Catalogue& catalogue, const tsdb::SeriesSelector& selector) {
  std::vector<tsdb::SeriesSelector> questions;
  for (const auto& [metric, keys] : catalogue.metrics) {
    if (keys.size() <= SampleQuery::kMostSeries) {
      questions.push_back({.metric = metric, .matchers = selector.matchers});
      continue;
    }
    for (const tsdb::SeriesKey& key : keys) questions.push_back(SelectorOf(key, catalogue.label_names));
  }
  return questions;
}

}  // namespace

Result<int> Export(const ExportOptions& options) {
  HELIOS_TRY(const auto session,
             ImportSession::Open({.platform = options.platform, .patience = options.patience, .quiet = options.quiet}));
  SampleQuery query(session->platform());
  HELIOS_TRY(const Catalogue catalogue, FindAll(query, options.selector));
  const std::set<std::string> known(catalogue.label_names.begin(), catalogue.label_names.end());
  HELIOS_TRY(Output output, Output::Open(options.output));
  SampleWriter writer(options.format, catalogue.label_names);
  HELIOS_CHECK(output.Write(writer.Header()));

  const auto questions = Questions(catalogue, options.selector);
  std::uint64_t samples = 0;
  std::uint64_t new_series = 0;
  std::string text;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    HELIOS_CHECK(query.Read(questions[i], options.range, [&](const auto& series, double share) -> Result<void> {
      text.clear();
      SampleWriter window(options.format, catalogue.label_names);
      for (const RemoteSeries& one : series) {
        // Came while this runs, with a label that no column has.
        if (!std::ranges::all_of(one.key.labels,
                                 [&](const tsdb::Label& label) { return known.contains(label.name); })) {
          ++new_series;
          continue;
        }
        for (const ImportSample& sample : one.samples) window.Append(one.key, sample.time, sample.value, text);
        samples += one.samples.size();
      }
      session->progress().Show({.series = catalogue.series,
                                .samples = samples,
                                .share = (static_cast<double>(i) + share) / static_cast<double>(questions.size())});
      return output.Write(text);
    }));
  }
  HELIOS_CHECK(output.Close());
  session->progress().Finish();
  std::string summary =
      fmt::format("exported {} samples of {} series in {}", Grouped(samples), Grouped(catalogue.series),
                  DescribeTime(std::chrono::duration_cast<std::chrono::seconds>(session->progress().elapsed())));
  if (catalogue.own > 0) {
    summary += fmt::format("; {} series of Helios itself are left out: name their metric to export them",
                           Grouped(catalogue.own));
  }
  if (new_series > 0) summary += "; series that came meanwhile are left out";
  session->progress().Note(summary);
  return new_series > 0 ? kSomeRefused : kAllDone;
}

}  // namespace helios::transfer
