// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "portal/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace helios::portal {
namespace {

namespace fs = std::filesystem;

class PagesTest : public testing::Test {
 protected:
  PagesTest() : folder_(fs::temp_directory_path() / fmt::format("helios-pages-test-{}", ::getpid())) {
    Write("index.html", "<p>home</p>");
    Write("anomalies.html", "<p>anomalies</p>");
    Write("anomalies.txt", "payload");
    Write("settings/team.html", "<p>team</p>");
    Write("404.html", "<p>nothing here</p>");
    Write("_next/static/chunks/a1.js", "let plain;");
    Write("_next/static/chunks/a1.js.br", "brotli bytes");
    Write("_next/static/chunks/a1.js.gz", "gzip bytes");
  }
  ~PagesTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name, std::string_view bytes) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

  [[nodiscard]] std::optional<http::Response> Ask(std::string path,
                                                  std::vector<std::pair<std::string, std::string>> headers = {},
                                                  http::Method method = http::Method::kGet) const {
    http::Request request;
    request.method = method;
    request.path = std::move(path);
    for (auto& [name, value] : headers) request.headers.Add(name, value);
    return Pages::Load(folder_).value().Answer(request);
  }

  fs::path folder_;
};

std::string Body(const std::optional<http::Response>& response) {
  return response ? std::get<std::string>(response->body) : "no answer";
}

std::string Header(const std::optional<http::Response>& response, std::string_view name) {
  return response ? std::string(response->headers.Find(name).value_or("absent")) : "no answer";
}

TEST_F(PagesTest, AnswersAPageAtItsNameWithoutTheEnding) {
  EXPECT_EQ(Body(Ask("/")), "<p>home</p>");
  EXPECT_EQ(Body(Ask("/anomalies")), "<p>anomalies</p>");
  EXPECT_EQ(Body(Ask("/settings/team")), "<p>team</p>");
  EXPECT_EQ(Header(Ask("/anomalies"), "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(Header(Ask("/anomalies.txt"), "Content-Type"), "text/plain; charset=utf-8");
}

TEST_F(PagesTest, KeepsOnlyHashedFilesWithoutAskingAgain) {
  EXPECT_EQ(Header(Ask("/anomalies"), "Cache-Control"), "no-cache");
  EXPECT_EQ(Header(Ask("/anomalies.txt"), "Cache-Control"), "no-cache");
  EXPECT_EQ(Header(Ask("/_next/static/chunks/a1.js"), "Cache-Control"), "public, max-age=31536000, immutable");
}

TEST_F(PagesTest, AnUnchangedFileIsNotSentAgain) {
  const std::string tag = Header(Ask("/anomalies"), "ETag");
  const auto again = Ask("/anomalies", {{"If-None-Match", "W/\"other\", " + tag}});
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(Body(again), "");
  EXPECT_EQ(Ask("/anomalies", {{"If-None-Match", "\"other\""}})->status, 200);
  Write("anomalies.html", "<p>changed</p>");
  EXPECT_EQ(Ask("/anomalies", {{"If-None-Match", tag}})->status, 200);
}

TEST_F(PagesTest, SendsTheCodingThatTheReaderTakesUnderATagOfItsOwn) {
  const std::string script = "/_next/static/chunks/a1.js";
  const auto brotli = Ask(script, {{"Accept-Encoding", "gzip, br"}});
  const auto gzip = Ask(script, {{"Accept-Encoding", "gzip"}});
  const auto plain = Ask(script);
  EXPECT_EQ(Body(brotli), "brotli bytes");
  EXPECT_EQ(Header(brotli, "Content-Encoding"), "br");
  EXPECT_EQ(Header(brotli, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Body(gzip), "gzip bytes");
  EXPECT_EQ(Header(gzip, "Content-Encoding"), "gzip");
  EXPECT_EQ(Body(plain), "let plain;");
  EXPECT_EQ(Header(plain, "Content-Encoding"), "absent");
  EXPECT_EQ(Header(plain, "Vary"), "Accept-Encoding");
  EXPECT_NE(Header(brotli, "ETag"), Header(plain, "ETag"));
  EXPECT_FALSE(Ask(script + ".br").has_value());
}

TEST_F(PagesTest, NoPageRunsForeignScriptsOrIsFramed) {
  for (const char* path : {"/", "/anomalies", "/_next/static/chunks/a1.js"}) {
    const std::string policy = Header(Ask(path), "Content-Security-Policy");
    EXPECT_THAT(policy, testing::HasSubstr("script-src 'self';")) << path;
    EXPECT_THAT(policy, testing::HasSubstr("frame-ancestors 'none'")) << path;
    EXPECT_THAT(policy, testing::Not(testing::HasSubstr("unsafe-eval"))) << path;
    EXPECT_EQ(Header(Ask(path), "X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(Header(Ask(path), "X-Frame-Options"), "DENY") << path;
  }
}

TEST_F(PagesTest, WhatIsNotThereGetsThePageForItWhereHtmlIsAskedFor) {
  const auto missing = Ask("/nothing", {{"Accept", "text/html,*/*;q=0.8"}});
  EXPECT_EQ(missing->status, 404);
  EXPECT_EQ(Body(missing), "<p>nothing here</p>");
  EXPECT_FALSE(Ask("/nothing").has_value());
  EXPECT_EQ(Ask("/404", {{"Accept", "text/html"}})->status, 404);
}

TEST_F(PagesTest, ATrailingSlashLeadsToThePageAndNowhereElse) {
  EXPECT_EQ(Ask("/anomalies/")->status, 308);
  EXPECT_EQ(Header(Ask("/anomalies/"), "Location"), "/anomalies");
  EXPECT_FALSE(Ask("//evil.example/").has_value());
  EXPECT_FALSE(Ask("/nothing/").has_value());
}

TEST_F(PagesTest, NeverAnswersForTheApi) {
  Write("api/v1/secret.html", "<p>mine</p>");
  Write("v1.html", "<p>mine</p>");
  for (const char* path : {"/api/v1/secret", "/api", "/v1", "/v1/metrics", "/write", "/apis/x", "/auth/start",
                           "/webhooks/stripe", "/scim/v2", "/healthz", "/readyz", "//api/v1/me", ""}) {
    EXPECT_FALSE(Ask(path, {{"Accept", "text/html"}}).has_value()) << path;
  }
  EXPECT_FALSE(Ask("/anomalies", {}, http::Method::kPost).has_value());
  EXPECT_EQ(Ask("/anomalies", {}, http::Method::kHead)->status, 200);
}

TEST_F(PagesTest, NoPathLeavesTheFolder) {
  const fs::path secret = folder_.string() + "-secret.html";
  std::ofstream(secret) << "secret";
  fs::create_symlink(secret, folder_ / "link.html");
  fs::create_directory_symlink(folder_.parent_path(), folder_ / "up");
  const std::string name = secret.stem().string();
  for (const std::string& path :
       {"/../" + name, "/../" + name + ".html", "/settings/../../" + name, "/up/" + name, std::string("/link"),
        "/./anomalies/../../" + name, "/" + secret.string(), std::string("/..\\") + name,
        "/anomalies" + std::string(1, '\0'), std::string("/etc/passwd"), std::string("/../../../../etc/passwd"),
        std::string(100'000, '/'), "/" + std::string(100'000, 'a')}) {
    const auto answer = Ask(path);
    EXPECT_FALSE(answer.has_value()) << path.substr(0, 80);
  }
  fs::remove(secret);
}

TEST_F(PagesTest, AFolderWithoutAPortalIsRefused) {
  EXPECT_EQ(Pages::Load(folder_ / "absent").error().reason, "portal.absent");
  EXPECT_EQ(Pages::Load(folder_ / "_next").error().reason, "portal.absent");
  EXPECT_EQ(Pages::Load(folder_ / "index.html").error().reason, "portal.absent");
}

TEST(PagesWithoutAPortal, SayPlainlyThatThereIsNone) {
  http::Request request;
  request.path = "/";
  const auto answer = Pages::Absent().Answer(request);
  EXPECT_EQ(answer->status, 404);
  EXPECT_THAT(Body(answer), testing::HasSubstr("This build of Helios has no portal."));
  request.path = "/anomalies";
  EXPECT_FALSE(Pages::Absent().Answer(request).has_value());
}

}  // namespace
}  // namespace helios::portal
