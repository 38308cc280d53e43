// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/privileges.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "obs/log.h"

namespace helios::pg {
namespace {

namespace fs = std::filesystem;

struct ServiceUser {
  std::string name;
  std::string home;
  uid_t uid;
  gid_t gid;
};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

template <class... Args>
std::unexpected<Error> Refuse(std::string_view reason, fmt::format_string<Args...> format, Args&&... args) {
  return Fail(ErrorCode::kFailedPrecondition, reason, format, std::forward<Args>(args)...);
}

Result<ServiceUser> FindServiceUser() {
  for (const char* name : {"helios", "postgres"}) {
    const passwd* entry = getpwnam(name);
    if (entry != nullptr && entry->pw_uid != 0) return ServiceUser{name, entry->pw_dir, entry->pw_uid, entry->pw_gid};
  }
  return Refuse("pg.no_service_user",
                "cannot run as root: PostgreSQL refuses to, and there is no system user 'helios' or 'postgres' to "
                "change to; run 'useradd --system helios', or start helios as an ordinary user");
}

std::string NameOf(uid_t uid) {
  const passwd* entry = getpwuid(uid);
  return entry == nullptr ? fmt::format("user {}", uid) : fmt::format("the user {}", entry->pw_name);
}

// As the given user for a moment, to see with its eyes; root's effective identity comes back at the end.
class EffectiveUser {
 public:
  explicit EffectiveUser(const ServiceUser& user)
      : groups_(static_cast<std::size_t>(std::max(0, getgroups(0, nullptr)))) {
    if (getgroups(static_cast<int>(groups_.size()), groups_.data()) < 0) groups_.clear();
    ok_ = initgroups(user.name.c_str(), user.gid) == 0 && setegid(user.gid) == 0 && seteuid(user.uid) == 0;
  }
  EffectiveUser(const EffectiveUser&) = delete;
  EffectiveUser& operator=(const EffectiveUser&) = delete;
  ~EffectiveUser() {
    // To go on with half an identity would be worse than to stop.
    if (seteuid(0) != 0 || setegid(0) != 0 || setgroups(groups_.size(), groups_.data()) != 0) std::abort();
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::vector<gid_t> groups_;
  bool ok_ = false;
};

// The directory above `directory` that the effective user cannot search, or "".
fs::path FirstClosedParent(const fs::path& directory) {
  fs::path parent;
  for (const fs::path& part : directory.parent_path()) {
    parent /= part;
    if (faccessat(AT_FDCWD, parent.c_str(), X_OK, AT_EACCESS) != 0 && errno == EACCES) return parent;
  }
  return {};
}

// Opens `directory` through components that no ordinary user could have bent: a symbolic link on the way must be
// root's, and the last component none at all. Otherwise a link planted in /tmp would have root give /etc away.
Result<Descriptor> OpenWithoutDetours(const fs::path& directory) {
  fs::path walked;
  for (const fs::path& part : directory) {
    walked /= part;
    struct stat status{};
    if (lstat(walked.c_str(), &status) != 0) {
      return Refuse("pg.foreign_data_directory", "cannot use {}: {}", walked.string(), ErrnoMessage(errno));
    }
    if (S_ISLNK(status.st_mode) && (status.st_uid != 0 || walked == directory)) {
      return Refuse("pg.foreign_data_directory", "cannot use {}: {} is a symbolic link; name the directory itself",
                    directory.string(), walked.string());
    }
  }
  Descriptor opened(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (opened.get() < 0) {
    return Refuse("pg.foreign_data_directory", "cannot use {}: {}", directory.string(), ErrnoMessage(errno));
  }
  return opened;
}

// Gives what is root's below the open directory to `user`. Every entry is opened once, never through a link, and then
// judged and changed by that descriptor, so that nobody can swap it in between. A file with a second name could be
// anything of root's on the same disk, so that one is refused.
Result<void> GiveAway(const Descriptor& directory, const fs::path& path, const ServiceUser& user) {
  const auto refuse = [&](const fs::path& what) {
    return Refuse("pg.cannot_drop_privileges", "cannot give {} to the user {}: {}", what.string(), user.name,
                  ErrnoMessage(errno));
  };
  const auto close_directory = [](DIR* listing) { closedir(listing); };
  const std::unique_ptr<DIR, decltype(close_directory)> listing(
      fdopendir(openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (listing == nullptr) return refuse(path);
  while (const dirent* entry = readdir(listing.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const Descriptor child(openat(directory.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status{};
    if (child.get() < 0 || fstat(child.get(), &status) != 0) {
      if (errno == ENOENT) continue;
      return refuse(path / name);
    }
    if (S_ISDIR(status.st_mode)) HELIOS_CHECK(GiveAway(child, path / name, user));
    if (status.st_uid != 0) continue;
    if (S_ISREG(status.st_mode) && status.st_nlink > 1) {
      return Refuse("pg.foreign_data_directory",
                    "cannot give {} to the user {}: it is root's and has a second name elsewhere; remove it or change "
                    "its owner yourself",
                    (path / name).string(), user.name);
    }
    if (fchownat(child.get(), "", user.uid, user.gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) != 0) {
      return refuse(path / name);
    }
  }
  return {};
}

// A directory of root's is taken over when it is empty or Helios made it: --data-dir /etc must not be.
Result<void> TakeOver(const fs::path& directory, const ServiceUser& user) {
  HELIOS_TRY(const Descriptor opened, OpenWithoutDetours(directory));
  struct stat status{};
  if (fstat(opened.get(), &status) != 0) {
    return Refuse("pg.foreign_data_directory", "cannot use {}: {}", directory.string(), ErrnoMessage(errno));
  }
  if (status.st_uid != 0 && status.st_uid != user.uid) {
    return Refuse(
        "pg.foreign_data_directory",
        "cannot use {} as the user {}: it belongs to {}; start helios as that user, choose another --data-dir, "
        "or run chown -R {} {}",
        directory.string(), user.name, NameOf(status.st_uid), user.name, directory.string());
  }
  if (status.st_uid == 0) {
    std::error_code error;
    const fs::path held = fmt::format("/proc/self/fd/{}", opened.get());
    if (!fs::is_empty(held, error) && !fs::exists(held / "postgres" / "HELIOS_CLUSTER", error)) {
      return Refuse("pg.foreign_data_directory",
                    "cannot use {} as the user {}: it is root's and holds files that Helios did not make; choose "
                    "another --data-dir, or run chown -R {} {} if it is meant",
                    directory.string(), user.name, user.name, directory.string());
    }
  }
  HELIOS_CHECK(GiveAway(opened, directory, user));
  if (status.st_uid == 0 && (fchown(opened.get(), user.uid, user.gid) != 0 || fchmod(opened.get(), 0700) != 0)) {
    return Refuse("pg.cannot_drop_privileges", "cannot give {} to the user {}: {}", directory.string(), user.name,
                  ErrnoMessage(errno));
  }
  return {};
}

Result<void> BecomeForGood(const ServiceUser& user) {
  if (initgroups(user.name.c_str(), user.gid) != 0 || setresgid(user.gid, user.gid, user.gid) != 0 ||
      setresuid(user.uid, user.uid, user.uid) != 0) {
    return Refuse("pg.cannot_drop_privileges", "cannot become the user {}: {}", user.name, ErrnoMessage(errno));
  }
  if (setuid(0) == 0) std::abort();  // the way back must be closed
  setenv("HOME", user.home.c_str(), 1);
  setenv("USER", user.name.c_str(), 1);
  setenv("LOGNAME", user.name.c_str(), 1);
  unsetenv("XDG_RUNTIME_DIR");  // root's
  // A change of user makes the process undumpable, and then it cannot even read its own /proc/self. It holds nothing
  // of root's at this point, so it becomes an ordinary process of its user.
  prctl(PR_SET_DUMPABLE, 1);
  return {};
}

Result<void> Make(const fs::path& directory) {
  std::error_code error;
  if (directory.has_parent_path()) fs::create_directories(directory.parent_path(), error);
  if (error || (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)) {
    return Refuse("pg.data_directory_closed", "cannot make {}: {}; choose another --data-dir", directory.string(),
                  error ? error.message() : ErrnoMessage(errno));
  }
  if (!fs::is_directory(directory, error)) {
    return Refuse("pg.foreign_data_directory", "cannot use {}: it is not a directory", directory.string());
  }
  return {};
}

// Absolute, without "." and "..", links left as they are.
fs::path Normal(const fs::path& directory) {
  fs::path normal = fs::absolute(directory).lexically_normal();
  if (!normal.has_filename()) normal = normal.parent_path();
  return normal;
}

}  // namespace

Result<void> DropPrivileges(const fs::path& data_directory) {
  const fs::path directory = Normal(data_directory);
  if (geteuid() != 0) return Make(directory);

  HELIOS_TRY(const ServiceUser user, FindServiceUser());
  {
    const EffectiveUser as_user(user);
    if (!as_user.ok()) {
      return Refuse("pg.cannot_drop_privileges", "cannot become the user {}: {}", user.name, ErrnoMessage(errno));
    }
    if (const fs::path closed = FirstClosedParent(directory); !closed.empty()) {
      return Refuse("pg.data_directory_closed",
                    "cannot use {}: {} is closed to the user {}; choose another --data-dir or run chmod o+x {}",
                    directory.string(), closed.string(), user.name, closed.string());
    }
  }
  HELIOS_CHECK(Make(directory));
  HELIOS_CHECK(TakeOver(directory, user));
  HELIOS_CHECK(BecomeForGood(user));
  obs::LogInfo("process.user_changed", {{"user", user.name}, {"data_directory", directory.string()}});
  return {};
}

}  // namespace helios::pg
