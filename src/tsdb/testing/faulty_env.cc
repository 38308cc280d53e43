// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/testing/faulty_env.h"

#include <string>
#include <utility>

namespace helios::tsdb {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class FaultyLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyLog(std::unique_ptr<FSWritableFile> file, DiskFaults& faults)
      : FSWritableFileOwnerWrapper(std::move(file)), faults_(faults) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, IODebugContext* context) override {
    if (faults_.log_has_no_space) return IOStatus::NoSpace("injected");
    return FSWritableFileOwnerWrapper::Append(data, options, context);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                  IODebugContext* context) override {
    if (faults_.log_has_no_space) return IOStatus::NoSpace("injected");
    return FSWritableFileOwnerWrapper::Append(data, options, info, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    if (faults_.fail_log_sync) return IOStatus::IOError("injected: Input/output error");
    return FSWritableFileOwnerWrapper::Sync(options, context);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    if (faults_.fail_log_sync) return IOStatus::IOError("injected: Input/output error");
    return FSWritableFileOwnerWrapper::Fsync(options, context);
  }

 private:
  DiskFaults& faults_;
};

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(DiskFaults& faults) : FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(faults) {}

  const char* Name() const override { return "helios.tsdb.faulty"; }

  IOStatus NewWritableFile(const std::string& name, const FileOptions& options, std::unique_ptr<FSWritableFile>* file,
                           IODebugContext* context) override {
    auto status = FileSystemWrapper::NewWritableFile(name, options, file, context);
    if (status.ok() && name.ends_with(".log")) *file = std::make_unique<FaultyLog>(std::move(*file), faults_);
    return status;
  }

  IOStatus GetFreeSpace(const std::string& path, const IOOptions& options, std::uint64_t* free,
                        IODebugContext* context) override {
    if (const std::int64_t claimed = faults_.free_bytes; claimed >= 0) {
      *free = static_cast<std::uint64_t>(claimed);
      return IOStatus::OK();
    }
    return FileSystemWrapper::GetFreeSpace(path, options, free, context);
  }

 private:
  DiskFaults& faults_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> MakeFaultyEnv(DiskFaults& faults) {
  return rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>(faults));
}

}  // namespace helios::tsdb
