// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <thread>

#include "http/internal/loop.h"
#include "obs/log.h"

namespace helios::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using internal::Core;
using internal::Loop;
using ErrorOf = boost::system::error_code;

/// Refused connections are held for a moment, to be told so; above this many they are just closed.
constexpr std::size_t kRefusedAtOnce = 256;
constexpr std::chrono::milliseconds kAcceptPause{100};

class AsioServer final : public Server {
 public:
  AsioServer(std::shared_ptr<Core> core, std::vector<std::shared_ptr<Loop>> loops, tcp::acceptor acceptor)
      : core_(std::move(core)), loops_(std::move(loops)), acceptor_(std::move(acceptor)), pause_(loops_[0]->context) {
    ErrorOf ignored;
    port_ = acceptor_.local_endpoint(ignored).port();
  }
  ~AsioServer() override { Stop(std::chrono::milliseconds(0)); }

  void Start(ServerHandler handler, BodyLimit body_limit) override {
    core_->handler = std::move(handler);
    core_->body_limit = std::move(body_limit);
    asio::post(loops_[0]->context, [this] { Accept(); });
    for (const auto& loop : loops_) threads_.emplace_back([loop] { loop->Run(); });
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  void Stop(std::chrono::milliseconds grace) override {
    if (core_->stopping.exchange(true)) return;
    if (threads_.empty()) return;
    asio::post(loops_[0]->context, [this] {
      ErrorOf ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    });
    for (const auto& loop : loops_) asio::post(loop->context, [loop] { loop->BeginStop(); });
    {
      std::unique_lock lock(core_->mutex);
      core_->closed.wait_for(lock, grace, [this] { return core_->open == 0; });
    }
    for (const auto& loop : loops_) asio::post(loop->context, [loop] { loop->Finish(); });
    for (std::thread& thread : threads_) thread.join();
    for (const auto& loop : loops_) {
      loop->Drain();
      loop->mailbox->Close();
    }
  }

 private:
  void Accept() {
    Loop& loop = *loops_[next_++ % loops_.size()];
    acceptor_.async_accept(loop.context, [this, &loop](const ErrorOf& error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) {
        OnAcceptError(error);
        return;
      }
      Admit(loop, std::move(socket));
      Accept();
    });
  }

  void Admit(Loop& loop, tcp::socket socket) {
    const std::size_t open = core_->open.load();
    if (open >= core_->config.max_connections + kRefusedAtOnce) return;
    const bool over_limit = open >= core_->config.max_connections;
    ++core_->open;
    if (&loop == loops_[0].get()) {
      loop.Adopt(std::move(socket), over_limit);
      return;
    }
    asio::post(loop.context,
               [&loop, over_limit, moved = std::move(socket)]() mutable { loop.Adopt(std::move(moved), over_limit); });
  }

  void OnAcceptError(const ErrorOf& error) {
    if (error == asio::error::connection_aborted) {
      Accept();
      return;
    }
    // Out of descriptors, most likely: trying again at once would only burn the processor.
    obs::LogWarning("http.cannot_accept", {{"cause", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const ErrorOf& cancelled) {
      if (!cancelled && acceptor_.is_open()) Accept();
    });
  }

  std::shared_ptr<Core> core_;
  std::vector<std::shared_ptr<Loop>> loops_;
  tcp::acceptor acceptor_;  ///< of the first loop
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  std::size_t next_ = 0;
  std::vector<std::thread> threads_;
};

std::unexpected<Error> CannotListen(const Endpoint& endpoint, std::string_view cause) {
  return Fail(ErrorCode::kUnavailable, "http.cannot_listen", "cannot listen on {}:{}: {}", endpoint.host, endpoint.port,
              cause);
}

Result<tcp::acceptor> Bind(asio::io_context& context, const Endpoint& endpoint) {
  tcp::acceptor acceptor(context);
  ErrorOf error;
  const bool every = endpoint.host.empty();
  asio::ip::address address = asio::ip::address_v6::any();
  if (!every) address = asio::ip::make_address(endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host, error);
  if (error) {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_listen", "cannot listen on '{}': want an IP address or none",
                endpoint.host);
  }
  acceptor.open(address.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (error && every) {  // a machine without IPv6
    error.clear();
    address = asio::ip::address_v4::any();
    acceptor.open(tcp::v4(), error);
  }
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(!every), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind({address, endpoint.port}, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) acceptor.non_blocking(true, error);
  if (error) return CannotListen(endpoint, error.message());
  return acceptor;
}

}  // namespace

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<Endpoint> ParseEndpoint(std::string_view text) {
  const auto bad = [text] {
    return Fail(ErrorCode::kInvalidArgument, "http.bad_listen",
                "cannot listen on '{}': want HOST:PORT, such as 127.0.0.1:8080, [::1]:8080 or :8080",
                text.substr(0, 128));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad();
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find_first_of(":[]") != std::string_view::npos) return bad();
  Endpoint endpoint{.host = std::string(host), .port = 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (error != std::errc() || end != port.data() + port.size() || port.empty()) return bad();
  return endpoint;
}

Result<std::unique_ptr<Server>> Server::Listen(ServerConfig config, obs::Metrics& metrics) {
  auto core = std::make_shared<Core>();
  core->config = std::move(config);
  if (core->config.tls) {
    HELIOS_TRY(core->tls,
               internal::TlsContext::ForServer(core->config.tls->certificate_file, core->config.tls->key_file));
  }
  core->connections = &metrics.Gauge("helios_http_connections", "Connections open to the HTTP server");
  for (std::size_t digit = 1; digit < core->requests.size(); ++digit) {
    core->requests[digit] = &metrics.Counter("helios_http_requests_total", "Requests answered, by class of status",
                                             {{"class", fmt::format("{}xx", digit)}});
  }
  std::vector<std::shared_ptr<Loop>> loops;
  for (unsigned i = 0; i < std::max(core->config.threads, 1U); ++i) loops.push_back(std::make_shared<Loop>(core));
  HELIOS_TRY(tcp::acceptor acceptor, Bind(loops[0]->context, core->config.listen));
  return std::make_unique<AsioServer>(std::move(core), std::move(loops), std::move(acceptor));
}

}  // namespace helios::http
