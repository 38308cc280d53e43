// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace helios {
namespace {

/// Closes a descriptor at the end of a scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> CannotWrite(const std::filesystem::path& path, int error) {
  return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot write {}: {}", path.string(), ErrnoMessage(error));
}

}  // namespace

std::string ErrnoMessage(int error) {
  return std::error_code(error, std::generic_category()).message();
}

Result<std::string> ReadFile(const std::filesystem::path& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    const int error = errno;
    return Fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                error == ENOENT ? "file.not_found" : "file.unreadable", "cannot read {}: {}", path.string(),
                ErrnoMessage(error));
  }
  std::string bytes;
  char buffer[16384];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0) {
      if (errno == EINTR) continue;
      return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot read {}: {}", path.string(), ErrnoMessage(errno));
    }
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > max_bytes) {
      return Fail(ErrorCode::kTooLarge, "file.too_large", "cannot read {}: it has more than {} bytes", path.string(),
                  max_bytes);
    }
  }
}

Result<void> WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes, mode_t mode) {
  std::filesystem::path temporary = path;
  temporary += fmt::format(".{}.tmp", ::getpid());
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.get() < 0) return CannotWrite(temporary, errno);
    while (!bytes.empty()) {
      const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
      if (put < 0) {
        if (errno == EINTR) continue;
        const int error = errno;
        ::unlink(temporary.c_str());
        return CannotWrite(path, error);
      }
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fsync(file.get()) != 0) return CannotWrite(path, errno);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return CannotWrite(path, error);
  }
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
  const Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0 && ::fsync(directory.get()) != 0) return CannotWrite(path, errno);
  return {};
}

}  // namespace helios
