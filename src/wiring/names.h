// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

namespace helios::wiring {

// What is where in the data directory, and the purposes that keys are derived for.
inline constexpr std::string_view kMasterKeyFile = "master.key";
inline constexpr std::string_view kSamplesFolder = "samples";
inline constexpr std::string_view kDetectionFolder = "detection";
inline constexpr std::string_view kAccuracyFile = "accuracy/ledger";
inline constexpr std::string_view kSamplesKey = "tsdb.samples";
inline constexpr std::string_view kObjectsFolder = "objects";
inline constexpr std::string_view kObjectsKey = "objects";
inline constexpr std::string_view kVaultKey = "secrets.vault.1";  ///< version 1 of what seals tenants' data keys

}  // namespace helios::wiring
