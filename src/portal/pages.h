// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace helios::portal {

/// The portal's exported files, held in memory: some 2 MiB with their compressed twins.
///
/// `x.html` answers at /x and `index.html` at /. Every answer has an ETag; all but `_next/static`, whose names are
/// hashes of what they hold, must be asked for again each time (`no-cache`). `x.br` and `x.gz` beside a file are its
/// codings. Every page carries the content security policy, under which a page runs its own scripts alone and nobody
/// frames it. Immutable once made, and so thread-safe; a changed folder is seen after a restart.
class Pages {
 public:
  /// Reads every file below `directory`; symbolic links inside it are left out.
  /// Errors: kNotFound portal.absent (no such folder, or none with an index.html); kTooLarge portal.too_large (over
  /// 64 MiB in all); kUnavailable file.unreadable.
  [[nodiscard]] static Result<Pages> Load(const std::filesystem::path& directory);

  /// A build without a portal: / says so, and nothing else is answered.
  [[nodiscard]] static Pages Absent();

  /// Answers a GET or HEAD that no route of the API took; nullopt where the path is not the portal's, so that the
  /// gateway's own 404 stands. What is not there gets the portal's 404 page, where the reader asks for HTML.
  [[nodiscard]] std::optional<http::Response> Answer(const http::Request& request) const;

  [[nodiscard]] std::size_t size() const { return files_.size(); }

 private:
  struct Coded {
    std::string bytes;
    std::string etag;  ///< with its quotes
  };
  struct File {
    std::string_view type;  ///< of its name's ending
    bool immutable = false;
    Coded plain;
    std::optional<Coded> brotli = std::nullopt;
    std::optional<Coded> gzip = std::nullopt;
  };

  [[nodiscard]] http::Response Render(const File& file, const http::Request& request, http::Status status) const;

  std::map<std::string, File, std::less<>> files_;  ///< by the path they answer at
  std::optional<File> missing_;                     ///< 404.html
};

}  // namespace helios::portal
