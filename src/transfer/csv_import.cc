// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/csv_import.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/file.h"

namespace helios::transfer {
namespace {

constexpr std::string_view kStandardInput = "-";
constexpr std::uint64_t kMostTold = 20;

/// A file that is open for reading.
class OpenFile {
 public:
  static Result<OpenFile> Open(const std::string& path) {
    if (path == kStandardInput) return OpenFile(STDIN_FILENO);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      const bool absent = errno == ENOENT;
      return Fail(absent ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                  absent ? "file.not_found" : "file.unreadable", "cannot open it: {}", ErrnoMessage(errno));
    }
    return OpenFile(fd);
  }
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }

  [[nodiscard]] Result<std::size_t> Read(std::span<char> to) const {
    for (;;) {
      const ssize_t got = ::read(fd_, to.data(), to.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == EINTR) continue;
      return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot read it: {}", ErrnoMessage(errno));
    }
  }

 private:
  explicit OpenFile(int fd) : fd_(fd) {}
  int fd_;
};

std::uint64_t SizeOf(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

/// The series' name where nothing says one: "cpu" of "data/cpu.csv"; none of standard input.
std::string MetricOf(const std::string& file) {
  return file == kStandardInput ? std::string() : std::filesystem::path(file).stem().string();
}

}  // namespace

CsvImport::CsvImport(const CsvOptions& options, SeriesBook& book, Progress& progress)
    : options_(options), book_(book), progress_(progress) {}

void CsvImport::Tell(std::string_view text) {
  ++told_;
  if (told_ <= kMostTold) progress_.Note(text);
  if (told_ == kMostTold) progress_.Note("further lines are counted, and not shown");
}

void CsvImport::Refused(const ImportSender::Refused& refused) {
  if (refused.sample == nullptr) {
    Tell(fmt::format("{}: {} more samples were refused", file_, Grouped(refused.count)));
    return;
  }
  Tell(fmt::format("{}:{}: refused: {} [{}]", file_, refused.sample->line, refused.detail, refused.code));
}

Result<void> CsvImport::ReadFile(const std::string& file, bool tell, const Take& take) {
  file_ = file == kStandardInput ? "standard input" : file;
  const auto read = [&]() -> Result<void> {
    HELIOS_TRY(const OpenFile source, OpenFile::Open(file));
    CsvReader reader([&source](std::span<char> to) { return source.Read(to); }, options_, MetricOf(file), book_,
                     [&](std::uint64_t line, std::string_view why) {
                       if (tell) Tell(fmt::format("{}:{}: left out: {}", file_, line, why));
                     });
    std::vector<CsvSample> samples;
    for (;;) {
      HELIOS_TRY(const bool more, reader.Next(samples));
      if (!more) break;
      for (const CsvSample& sample : samples) HELIOS_CHECK(take(sample));
      if (!tell) continue;
      progress_.Show({.series = book_.size(),
                      .samples = tally_.samples + reader.tally().samples,
                      .share = bytes_of_all_ == 0 ? std::nullopt
                                                  : std::optional(static_cast<double>(bytes_before_ + reader.bytes()) /
                                                                  static_cast<double>(bytes_of_all_))});
    }
    if (!tell) return {};
    tally_.samples += reader.tally().samples;
    tally_.gaps += reader.tally().gaps;
    tally_.bad += reader.tally().bad;
    bytes_before_ += reader.bytes();
    return {};
  };
  auto done = read();
  if (!done) done.error().message = fmt::format("{}: {}", file_, done.error().message);
  return done;
}

Result<void> CsvImport::Run(const std::vector<std::string>& files, ImportSender& sender) {
  const bool known = std::ranges::find(files, kStandardInput) == files.end();
  for (const std::string& file : files) bytes_of_all_ += known ? SizeOf(file) : 0;
  for (const std::string& file : files) {
    HELIOS_CHECK(ReadFile(file, /*tell=*/true,
                          [&](const CsvSample& sample) { return sender.Add(*sample.series, sample.sample); }));
    HELIOS_CHECK(sender.Flush());  // so that what is refused is told with its file
  }
  return {};
}

Result<std::optional<TimestampMs>> CsvImport::NewestTime(const std::vector<std::string>& files) {
  std::optional<TimestampMs> newest;
  for (const std::string& file : files) {
    if (file == kStandardInput) {
      return Fail(ErrorCode::kInvalidArgument, "transfer.bad_option",
                  "cannot find the newest time of standard input beforehand; want a file, or --shift");
    }
    HELIOS_CHECK(ReadFile(file, /*tell=*/false, [&](const CsvSample& sample) -> Result<void> {
      newest = std::max(newest.value_or(sample.sample.time), sample.sample.time);
      return {};
    }));
  }
  return newest;
}

}  // namespace helios::transfer
