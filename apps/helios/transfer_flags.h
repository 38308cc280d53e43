// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "transfer/platform.h"
#include "tsdb/series.h"

/// Flags of the platform that is spoken to: --endpoint, --api-key, --ca-file, --insecure-http.
void AddPlatformFlags(CLI::App& command, helios::transfer::ServerOptions& platform);

/// The label of each `name=value`. Errors: kInvalidArgument transfer.bad_option.
helios::Result<std::vector<helios::tsdb::Label>> ParseLabelFlags(const std::vector<std::string>& texts);

/// A series selector as Prometheus writes it: up, up{job="a"}, {__name__=~"up|down"}. Errors: kInvalidArgument
/// query.bad_match; transfer.bad_option where it names nothing.
helios::Result<helios::tsdb::SeriesSelector> ParseSelectorFlag(std::string_view text);

/// Says what went wrong on standard error; the exit status for it.
int ReportFailure(std::string_view command, const helios::Error& error);
