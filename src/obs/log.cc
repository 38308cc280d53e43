// SPDX-License-Identifier: Apache-2.0
#include "obs/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <mutex>
#include <span>

#include "base/time.h"

namespace helios::obs {
namespace {

constexpr std::size_t kBufferBytes = 64U << 10U;

/// Collects lines and writes them to standard error in large pieces.
class BufferedStderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ~BufferedStderrSink() override { Drain(); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    buffer_.append(message.payload.data(), message.payload.size());
    buffer_ += '\n';
    if (buffer_.size() >= kBufferBytes) Drain();
  }
  void flush_() override { Drain(); }

 private:
  void Drain() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
      const ssize_t put = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (put < 0 && errno != EINTR) break;  // nobody reads standard error: the lines are lost, the work goes on
      if (put > 0) rest.remove_prefix(static_cast<std::size_t>(put));
    }
    buffer_.clear();
  }

  std::string buffer_;
};

std::atomic<LogLevel> minimum_level{LogLevel::kInfo};

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>("helios", std::make_shared<BufferedStderrSink>());
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::warn);
    spdlog::register_logger(made);
    spdlog::flush_every(std::chrono::seconds(1));
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
  }
  return "error";
}

void AppendString(std::string& out, std::string_view text) {
  out += '"';
  AppendJsonEscaped(out, text);
  out += '"';
}

void AppendValue(std::string& out, const Field::Value& value) {
  std::visit(
      [&out](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string_view>) {
          AppendString(out, held);
        } else if constexpr (std::is_same_v<Held, double>) {
          if (std::isfinite(held)) {
            fmt::format_to(std::back_inserter(out), "{}", held);
          } else {
            out += "null";
          }
        } else {
          fmt::format_to(std::back_inserter(out), "{}", held);
        }
      },
      value);
}

void Write(LogLevel level, std::string_view event, std::span<const Field> first, std::span<const Field> rest) {
  std::string line;
  line.reserve(256);
  line += "{\"time\":\"";
  line += FormatRfc3339(SystemClock().Now());
  line += "\",\"level\":\"";
  line += LevelName(level);
  line += "\",\"event\":";
  AppendString(line, event);
  for (const auto fields : {first, rest}) {
    for (const Field& field : fields) {
      line += ',';
      AppendString(line, field.key);
      line += ':';
      AppendValue(line, field.value);
    }
  }
  line += '}';
  Logger().log(ToSpdlog(level), spdlog::string_view_t(line));
}

/// Length of the valid UTF-8 sequence at the front of `text`, or 0. Source: Unicode 15, table 3-7.
std::size_t Utf8SequenceLength(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xbf) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const std::uint8_t low = lead == 0xe0 ? 0xa0 : 0x80;
    const std::uint8_t high = lead == 0xed ? 0x9f : 0xbf;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const std::uint8_t low = lead == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xf4 ? 0x8f : 0xbf;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

Result<LogLevel> ParseLogLevel(std::string_view name) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (name == LevelName(level)) return level;
  }
  return Fail(ErrorCode::kInvalidArgument, "obs.bad_log_level",
              "cannot set the log level: got '{}'; want debug, info, warning or error", name);
}

void SetLogLevel(LogLevel level) {
  minimum_level.store(level, std::memory_order_relaxed);
}

void Log(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < minimum_level.load(std::memory_order_relaxed)) return;
  Write(level, event, std::span(fields.begin(), fields.size()), {});
}

void LogFailure(std::string_view event, const Error& error, std::initializer_list<Field> fields) {
  const std::initializer_list<Field> failure = {
      {"code", ErrorCodeName(error.code)}, {"reason", error.reason}, {"message", error.message}};
  Write(LogLevel::kError, event, std::span(fields.begin(), fields.size()), std::span(failure.begin(), failure.size()));
}

void FlushLogs() {
  Logger().flush();
}

void AppendJsonEscaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    std::size_t length = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else if ((length = Utf8SequenceLength(text)) != 0) {
      out.append(text.substr(0, length));
    } else {
      out += "\xef\xbf\xbd";
      length = 1;
    }
    text.remove_prefix(length);
  }
}

}  // namespace helios::obs
