// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/journal_file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

#include "base/file.h"

namespace helios::tsdb {
namespace {

std::unexpected<Error> IoFailed(std::string_view verb, const std::filesystem::path& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return Fail(ErrorCode::kUnavailable, full ? "tsdb.disk_full" : "tsdb.io_failed", "cannot {} {}: {}", verb,
              path.string(), ErrnoMessage(error));
}

class PosixJournalFile final : public JournalFile {
 public:
  PosixJournalFile(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~PosixJournalFile() override { ::close(fd_); }
  PosixJournalFile(const PosixJournalFile&) = delete;
  PosixJournalFile& operator=(const PosixJournalFile&) = delete;

  Result<void> Write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (put < 0) {
        const int error = errno;
        if (error == EINTR || (error == EINVAL && StopBypassing())) continue;
        return IoFailed("write", path_, error);
      }
      // Not expected of a regular file; what is on its way to a full disk ends like this.
      if (put == 0) return IoFailed("write", path_, ENOSPC);
      bytes.remove_prefix(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
      // The rest of a write cut short need not lie where O_DIRECT wants it.
      if (!bytes.empty() && static_cast<std::size_t>(put) % kBlockBytes != 0) static_cast<void>(StopBypassing());
    }
    return {};
  }

  Result<void> Sync() override {
    // Not repeated on EINTR: whether the first one lost an error is not known.
    if (::fdatasync(fd_) != 0) return IoFailed("sync", path_, errno);
    return {};
  }

  Result<std::size_t> Read(std::uint64_t offset, std::span<char> out) const override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t got = ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (got < 0) {
        if (errno == EINTR) continue;
        return IoFailed("read", path_, errno);
      }
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<std::uint64_t> Size() const override {
    struct stat status{};
    if (::fstat(fd_, &status) != 0) return IoFailed("stat", path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  /// Some file systems accept O_DIRECT at open and refuse the first write; false where it was off already.
  bool StopBypassing() {
    const int flags = ::fcntl(fd_, F_GETFL);
    return flags >= 0 && (flags & O_DIRECT) != 0 && ::fcntl(fd_, F_SETFL, flags & ~O_DIRECT) == 0;
  }

  const std::filesystem::path path_;
  const int fd_;
};

}  // namespace

Result<std::unique_ptr<JournalFile>> PosixJournalFileSystem::Open(const std::filesystem::path& path, Mode mode) {
  const int flags = O_CLOEXEC | (mode == Mode::kRead ? O_RDONLY : O_WRONLY | O_DIRECT) |
                    (mode == Mode::kCreate ? O_CREAT | O_EXCL : 0);
  int fd = ::open(path.c_str(), flags, 0600);
  // A file system that refuses O_DIRECT may have created the file already.
  if (fd < 0 && errno == EINVAL) fd = ::open(path.c_str(), flags & ~(O_DIRECT | O_EXCL), 0600);
  if (fd < 0) return IoFailed("open", path, errno);
  return std::make_unique<PosixJournalFile>(path, fd);
}

Result<void> PosixJournalFileSystem::Rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return IoFailed("rename", from, errno);
  return {};
}

Result<void> PosixJournalFileSystem::Remove(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0) return IoFailed("remove", path, errno);
  return {};
}

Result<void> PosixJournalFileSystem::SyncDirectory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return IoFailed("open", directory, errno);
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) return IoFailed("sync", directory, error);
  return {};
}

Result<std::vector<std::string>> PosixJournalFileSystem::List(const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entries(directory, error);
  while (!error && entries != std::filesystem::directory_iterator()) {
    names.push_back(entries->path().filename().string());
    entries.increment(error);
  }
  if (error) return IoFailed("list", directory, error.value());
  return names;
}

Result<std::uint64_t> PosixJournalFileSystem::FreeBytes(const std::filesystem::path& directory) {
  struct statvfs status{};
  if (::statvfs(directory.c_str(), &status) != 0) return IoFailed("ask the free space of", directory, errno);
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

BlockBuffer::BlockBuffer(std::size_t blocks)
    : size_(blocks * JournalFile::kBlockBytes),
      bytes_(static_cast<char*>(::operator new[](size_, std::align_val_t{JournalFile::kBlockBytes}))) {
  std::memset(bytes_.get(), 0, size_);
}

void BlockBuffer::Release::operator()(char* bytes) const {
  ::operator delete[](bytes, std::align_val_t{JournalFile::kBlockBytes});
}

}  // namespace helios::tsdb
