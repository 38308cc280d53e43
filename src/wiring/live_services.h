// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "identity/credentials.h"
#include "jobs/job_queue.h"
#include "live/live_service.h"
#include "wiring/platform.h"

namespace helios::wiring {

/// Live mode: its streams, and the answers to what it asks of other features.
class LiveServices {
 public:
  /// All must outlive it.
  LiveServices(const Platform& platform, identity::Credentials& credentials, const jobs::JobQueue& queue,
               const live::LiveConfig& config);
  ~LiveServices();

  void AddRoutesTo(tenancy::Routes& routes);
  /// Before the listener stops, which waits for answers in progress.
  void Stop();

 private:
  struct Sources;
  std::unique_ptr<Sources> sources_;
  live::LiveHub hub_;
  live::LiveService service_;
};

}  // namespace helios::wiring
