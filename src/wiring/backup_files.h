// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>

#include "base/random.h"
#include "base/result.h"
#include "secrets/key_provider.h"
#include "wiring/backup_manifest.h"

namespace helios::wiring {

/// The parts of a backup that are files of the data directory: artifacts, what detection learnt, the accuracy ledger.
/// All of them are replaced by rename, so that a copy has each as it was before a write or after it.

/// Seals the newest saved state of detection, and the accuracy ledger, into the backup; what there is of them. Call it
/// before the samples are copied: what a state has seen is then in the copy. A state that is replaced all the while is
/// left out, and logged: a restored platform learns it again from the samples.
/// Errors: those of crypto::SealFile().
[[nodiscard]] Result<void> BackUpStates(const std::filesystem::path& data_dir, const std::filesystem::path& backup,
                                        const secrets::KeyProvider& keys, Random& random);

/// Links every object into the backup, or copies it to another disk; it is sealed already. Call it after the database
/// was dumped: then no row names an artifact that was written later. One that is deleted meanwhile is left out.
/// Errors: kUnavailable file.unwritable.
[[nodiscard]] Result<void> BackUpObjects(const std::filesystem::path& data_dir, const std::filesystem::path& backup);

/// Copies, or opens, one file of the manifest into the data directory where it is of those above; whether it is.
/// Errors: those of crypto::OpenSealedFile(); kUnavailable file.unwritable.
[[nodiscard]] Result<bool> RestoreFile(const std::filesystem::path& backup, const BackupManifest::File& file,
                                       const std::filesystem::path& data_dir, const secrets::KeyProvider& keys);

/// Makes the directories above `to`. Errors: kUnavailable file.unwritable.
[[nodiscard]] Result<void> CopyFile(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace helios::wiring
