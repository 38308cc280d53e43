// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a key, a session and a role may do, and when each of them ends.
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "tests/support/caller.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using http::Method;

constexpr const char* kAbsent = "01a00000-0000-7000-8000-000000000000";

std::string CodeAndStatus(const Answer& answer) {
  return fmt::format("{} {}", answer.status, answer.Code());
}

json::object OneSample() {
  return {{"metrics", {{{"name", "cpu_usage"}, {"value", 1}}}}};
}

/// One server for all tests, started again for each: so it forgets how many signed up and in from one address. Each
/// test has an organization of its own.
class AccessTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<Server>(); }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override {
    if (server().running()) ASSERT_EQ(server().Stop(), 0);
    ASSERT_TRUE(server().Start());
    acme.emplace(server().NewTenant(fmt::format("acme-{}", ++organizations_)));
  }
  static Server& server() { return *server_; }
  /// A new session of acme's owner.
  [[nodiscard]] Caller Owner() const { return SignIn(server().Origin(), OwnerEmail(acme->slug())); }
  [[nodiscard]] Caller Key(const Caller& maker, const std::vector<std::string>& scopes) const {
    return MakeKey(maker, server().Origin(), scopes);
  }
  /// Adds a member who can sign in; gives the member's id.
  static std::string AddMember(const Caller& maker, const std::string& email, const std::string& role) {
    return TextOf(BodyOf(maker.Post("/api/v1/users",
                                    {{"email", email}, {"name", "Bo"}, {"role", role}, {"password", kPassword}})),
                  "id");
  }
  static std::string IdOf(const Caller& session) { return TextOf(BodyOf(session.Get("/api/v1/me")).at("user"), "id"); }

  std::optional<Tenant> acme;

 private:
  static std::unique_ptr<Server> server_;
  static int organizations_;
};

std::unique_ptr<Server> AccessTest::server_;
int AccessTest::organizations_ = 0;

TEST_F(AccessTest, ARevokedKeyIsRefusedFromTheAnswerOn) {
  const Caller owner = Owner();
  // Each key is used for the first time while it is revoked, from several sides: what one of them looked up before
  // the revocation must not be remembered after it.
  for (int round = 0; round < 20; ++round) {
    const json::value made = BodyOf(owner.Post("/api/v1/api-keys", {{"name", "short-lived"}}));
    const Caller key = Caller(server().Origin()).WithKey(TextOf(made, "key"));
    if (round % 2 == 0) ASSERT_EQ(key.Get("/api/v1/me").status, 200);
    std::atomic<bool> revoked = false;
    std::array<std::jthread, 3> users;
    for (std::jthread& user : users) {
      user = std::jthread([&] {
        while (!revoked) static_cast<void>(key.Get("/api/v1/me"));
      });
    }
    ASSERT_EQ(owner.Delete("/api/v1/api-keys/" + TextOf(made, "id")).status, 204);
    EXPECT_EQ(CodeAndStatus(key.Get("/api/v1/me")), "401 identity.unknown_key") << "round " << round;
    EXPECT_EQ(key.Post("/api/v1/ingest", OneSample()).status, 401);
    revoked = true;
  }
}

TEST_F(AccessTest, AKeyEndsAtItsTimeAlsoWhileItIsInUse) {
  const TimestampMs end = SystemClock().Now() + 2s;
  const json::value made =
      BodyOf(Owner().Post("/api/v1/api-keys", {{"name", "until then"}, {"expires_at", ToUnixMs(end)}}));
  const Caller key = Caller(server().Origin()).WithKey(TextOf(made, "key"));
  while (SystemClock().Now() < end - 200ms) ASSERT_EQ(key.Get("/api/v1/me").status, 200);
  while (SystemClock().Now() <= end) SleepFor(20ms);
  EXPECT_EQ(CodeAndStatus(key.Get("/api/v1/me")), "401 identity.expired_key");
}

TEST_F(AccessTest, AScopeIsWhatItSaysAndNothingElse) {
  const Caller owner = Owner();
  const std::string organization = "/api/v1/organizations/" + acme->id();
  struct Row {
    Method method;
    std::string target;
    json::value body;
    std::string scope;
  };
  const std::vector<Row> rows = {
      {Method::kGet, "/api/v1/series", nullptr, "read"},
      {Method::kGet, "/api/v1/models", nullptr, "read"},
      {Method::kGet, "/api/v1/users", nullptr, "read"},
      {Method::kGet, organization, nullptr, "read"},
      {Method::kPost, "/api/v1/query", {{"metric", "a"}, {"start", 0}, {"end", 1}}, "read"},
      {Method::kPost, "/api/v1/predict", {{"metric", "a"}}, "read"},
      {Method::kPost, "/api/v1/ingest", OneSample(), "write"},
      {Method::kPost, "/api/v1/prometheus/write", nullptr, "write"},
      {Method::kGet, "/api/v1/api-keys", nullptr, "read"},
      {Method::kPost, "/api/v1/api-keys", {{"name", "k"}, {"scopes", {"admin"}}}, "admin"},
      {Method::kDelete, std::string("/api/v1/api-keys/") + kAbsent, nullptr, "admin"},
      {Method::kPost, "/api/v1/users", {{"email", "not an address"}, {"name", "x"}}, "admin"},
      {Method::kPatch, organization, json::object{}, "admin"},
      {Method::kDelete, organization, nullptr, "none"},
  };
  for (const std::string scope : {"read", "write", "admin"}) {
    const Caller key = Key(owner, {scope});
    EXPECT_EQ(key.Get("/api/v1/me").status, 200);
    for (const Row& row : rows) {
      const Answer answer = key.Ask(row.method, row.target, row.body);
      SCOPED_TRACE(fmt::format("{} {} with scope {}", http::MethodName(row.method), row.target, scope));
      if (row.scope == scope) {
        EXPECT_NE(answer.status, 403) << answer;
        EXPECT_NE(answer.status, 401) << answer;
      } else {
        EXPECT_EQ(CodeAndStatus(answer), "403 tenancy.missing_scope");
      }
    }
  }
  EXPECT_EQ(CodeAndStatus(Key(owner, {"read", "write", "admin"}).Delete(organization)), "403 tenancy.missing_scope");
}

TEST_F(AccessTest, NobodyMakesAKeyThatMayMoreThanItsMaker) {
  const Caller admin = Key(Owner(), {"admin"});
  const auto make = [&admin](const char* scope) {
    return CodeAndStatus(admin.Post("/api/v1/api-keys", {{"name", "more"}, {"scopes", {scope}}}));
  };
  EXPECT_EQ(make("admin"), "201 ");
  EXPECT_EQ(make("read"), "403 tenancy.missing_scope");
  EXPECT_EQ(make("write"), "403 tenancy.missing_scope");
  EXPECT_EQ(make("everything"), "400 identity.bad_scope");
}

TEST_F(AccessTest, ARoleMayWhatItsRowSays) {
  const Caller owner = Owner();
  const std::string owner_id = IdOf(owner);
  const std::vector<std::string> roles = {"viewer", "member", "admin", "owner"};
  std::vector<Caller> sessions;
  for (std::size_t i = 0; i + 1 < roles.size(); ++i) {
    AddMember(owner, roles[i] + "@acme.example", roles[i]);
    sessions.push_back(SignIn(server().Origin(), roles[i] + "@acme.example"));
  }
  sessions.push_back(owner);
  struct Row {
    Method method;
    std::string target;
    json::value body;
    std::string from;  ///< the lowest role that may
  };
  const json::object rename = {{"name", "Someone Else"}};
  const std::vector<Row> rows = {
      {Method::kGet, "/api/v1/series", nullptr, "viewer"},
      {Method::kGet, "/api/v1/users", nullptr, "viewer"},
      {Method::kGet, "/api/v1/organizations/" + acme->id(), nullptr, "viewer"},
      {Method::kPost, "/api/v1/query", {{"metric", "a"}, {"start", 0}, {"end", 1}}, "viewer"},
      {Method::kPost, "/api/v1/predict", {{"metric", "a"}}, "viewer"},
      {Method::kPost, "/api/v1/ingest", OneSample(), "admin"},
      {Method::kGet, "/api/v1/api-keys", nullptr, "viewer"},
      {Method::kPost, "/api/v1/api-keys", {{"name", "k"}}, "admin"},
      {Method::kDelete, std::string("/api/v1/api-keys/") + kAbsent, nullptr, "admin"},
      {Method::kPost, "/api/v1/users", {{"email", "not an address"}, {"name", "x"}}, "admin"},
      {Method::kPatch, std::string("/api/v1/users/") + kAbsent, rename, "admin"},
      {Method::kDelete, std::string("/api/v1/users/") + kAbsent, nullptr, "admin"},
      {Method::kPatch, "/api/v1/organizations/" + acme->id(), rename, "admin"},
      {Method::kPost, "/api/v1/users", {{"email", "x"}, {"name", "x"}, {"role", "owner"}}, "owner"},
      {Method::kPatch, "/api/v1/users/" + owner_id, rename, "owner"},
      {Method::kDelete, std::string("/api/v1/organizations/") + kAbsent, nullptr, "owner"},
  };
  for (const Row& row : rows) {
    bool allowed = false;
    for (std::size_t i = 0; i < roles.size(); ++i) {
      allowed = allowed || roles[i] == row.from;
      const Answer answer = sessions[i].Ask(row.method, row.target, row.body);
      SCOPED_TRACE(fmt::format("{} {} as {}", http::MethodName(row.method), row.target, roles[i]));
      EXPECT_EQ(answer.Code() == "tenancy.role_too_low", !allowed) << answer;
      EXPECT_NE(answer.status, 401) << answer;
    }
  }
  // Everyone may change their own name, and nobody their own role.
  const std::string viewer = "/api/v1/users/" + IdOf(sessions[0]);
  EXPECT_EQ(sessions[0].Patch(viewer, rename).status, 200);
  EXPECT_EQ(CodeAndStatus(sessions[0].Patch(viewer, {{"role", "owner"}})), "403 tenancy.role_too_low");
  EXPECT_EQ(CodeAndStatus(sessions[2].Patch("/api/v1/users/" + IdOf(sessions[2]), {{"role", "owner"}})),
            "403 tenancy.role_too_low");
}

TEST_F(AccessTest, AnOrganizationKeepsAnOwner) {
  const Caller first = Owner();
  const std::string first_path = "/api/v1/users/" + IdOf(first);
  const Caller key = Key(first, {"read", "write", "admin"});
  EXPECT_EQ(CodeAndStatus(first.Patch(first_path, {{"role", "admin"}})), "422 identity.last_owner");
  EXPECT_EQ(CodeAndStatus(first.Delete(first_path)), "422 identity.last_owner");
  EXPECT_EQ(CodeAndStatus(key.Delete(first_path)), "403 tenancy.role_too_low");

  // Two owners who remove each other at the same time: one of them stays.
  const std::string second_path = "/api/v1/users/" + AddMember(first, "second@acme.example", "owner");
  const Caller second = SignIn(server().Origin(), "second@acme.example");
  std::array<Answer, 2> answers;
  {
    const std::jthread one([&] { answers[0] = first.Delete(second_path); });
    const std::jthread other([&] { answers[1] = second.Delete(first_path); });
  }
  EXPECT_EQ((answers[0].status == 204) + (answers[1].status == 204), 1) << answers[0] << '\n' << answers[1];
  EXPECT_EQ(BodyOf(key.Get("/api/v1/users")).at("data").as_array().size(), 1U);
}

TEST_F(AccessTest, ASessionEndsWithItsPasswordOrRoleOrUser) {
  const Caller owner = Owner();
  const std::string path = "/api/v1/users/" + AddMember(owner, "bo@acme.example", "member");
  const auto sign_in = [](const char* password) { return SignIn(server().Origin(), "bo@acme.example", password); };

  Caller bo = sign_in(kPassword);
  ASSERT_EQ(bo.Get("/api/v1/me").status, 200);
  ASSERT_EQ(owner.Patch(path, {{"role", "viewer"}}).status, 200);
  EXPECT_EQ(CodeAndStatus(bo.Get("/api/v1/me")), "401 identity.signed_out");

  bo = sign_in(kPassword);
  ASSERT_EQ(bo.Patch(path, {{"password", "staple battery horse"}}).status, 200);
  EXPECT_EQ(bo.Get("/api/v1/me").status, 401);

  bo = sign_in("staple battery horse");
  ASSERT_EQ(bo.Delete("/api/v1/sessions/current").status, 204);
  EXPECT_EQ(bo.Get("/api/v1/me").status, 401);

  bo = sign_in("staple battery horse");
  ASSERT_EQ(owner.Delete(path).status, 204);
  EXPECT_EQ(bo.Get("/api/v1/me").status, 401);
  EXPECT_EQ(owner.Get("/api/v1/me").status, 200);
}

TEST_F(AccessTest, ASessionWritesFromItsOwnSiteAlone) {
  const Caller owner = Owner();
  const auto make_key = [](const Caller& caller) {
    return CodeAndStatus(caller.Post("/api/v1/api-keys", {{"name", "from elsewhere"}}));
  };
  EXPECT_EQ(make_key(owner), "201 ");
  EXPECT_EQ(make_key(owner.With("Origin", "https://evil.example")), "403 gateway.cross_site");
  EXPECT_EQ(make_key(owner.With("Origin", "null")), "403 gateway.cross_site");
  EXPECT_EQ(make_key(owner.With("Origin", "")), "403 gateway.cross_site");
  EXPECT_EQ(owner.With("Origin", "https://evil.example").Get("/api/v1/me").status, 200);
}

TEST_F(AccessTest, ADeletedOrganizationTakesItsKeysAndSessionsWithIt) {
  const Tenant globex = server().NewTenant("globex");
  const Caller owner = Owner();
  const Caller second = Owner();
  const Caller key = Caller(server().Origin()).WithKey(acme->key());
  ASSERT_EQ(key.Get("/api/v1/me").status, 200);
  ASSERT_EQ(second.Get("/api/v1/me").status, 200);

  ASSERT_EQ(owner.Delete("/api/v1/organizations/" + acme->id()).status, 204);

  EXPECT_EQ(CodeAndStatus(key.Get("/api/v1/me")), "401 identity.unknown_key");
  EXPECT_EQ(key.Post("/api/v1/ingest", OneSample()).status, 401);
  EXPECT_EQ(CodeAndStatus(owner.Get("/api/v1/me")), "401 identity.signed_out");
  EXPECT_EQ(second.Get("/api/v1/me").status, 401);
  const Answer sign_in = Caller(server().Origin())
                             .Post("/api/v1/sessions", {{"email", OwnerEmail(acme->slug())}, {"password", kPassword}});
  EXPECT_EQ(CodeAndStatus(sign_in), "401 identity.bad_credentials");
  EXPECT_EQ(Caller(server().Origin()).WithKey(globex.key()).Get("/api/v1/me").status, 200);
}

}  // namespace
}  // namespace helios::testing
