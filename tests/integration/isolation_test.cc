// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Two organizations on one server: for each operation of the contract, globex tries to reach what is acme's. It asks
// with its own credentials, and with everything about acme that it could have learned: ids in paths, acme's id in
// headers that look like a tenant, acme's cookie beside its own key.
#include <boost/json/serialize.hpp>
#include <cmath>
#include <fstream>
#include <functional>
#include <memory>
#include <set>

#include "tests/support/caller.h"
#include "tests/support/event_reader.h"
#include "tests/support/scratch_postgres.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using http::Method;
using ::testing::AnyOfArray;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

constexpr const char* kAbsent = "01a00000-0000-7000-8000-000000000000";  // an id that nobody has
constexpr const char* kSlug = "acme-inc";
constexpr const char* kSecretMetric = "merger_talks";
constexpr const char* kSecretLabel = "initech";

std::string Replace(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// An answer without what differs from request to request.
std::string Comparable(const Answer& answer, const std::string& id) {
  json::value body = answer.Json();
  if (body.is_object()) body.as_object().erase("request_id");
  std::string text = fmt::format("{} {}", answer.status, json::serialize(body));
  for (const char* name : {"Content-Type", "Cache-Control", "WWW-Authenticate", "Allow"}) {
    text += fmt::format("\n{}: {}", name, answer.Header(name));
  }
  return Replace(std::move(text), id, "<id>");
}

/// Of each item of a list, one field; the items themselves for "".
std::vector<std::string> Listed(const Answer& answer, std::string_view field) {
  const json::value body = BodyOf(answer);
  std::vector<std::string> texts;
  for (const json::value& item : body.at("data").as_array()) {
    texts.push_back(field.empty() ? std::string(item.as_string()) : TextOf(item, field));
  }
  return texts;
}

json::object CpuUsage() {
  return {{"metric", "cpu_usage"}, {"start", 0}, {"end", "2099-01-01T00:00:00Z"}};
}

class StartedServer : public Server {
 public:
  StartedServer() { EXPECT_TRUE(Start()); }
};

/// The server, both organizations with everything that an organization can have, and the intruder.
class Stage {
 public:
  Stage();

  /// As globex, with acme's marks beside its own credential. No answer may hold anything of acme's that the question
  /// did not.
  Answer Intrude(Method method, const std::string& target, const json::value& body = nullptr) const {
    return Watch(intruder_, method, target, body);
  }
  /// The same with the session of globex's owner instead of a key.
  Answer IntrudeAsOwner(Method method, const std::string& target, const json::value& body = nullptr) const {
    return Watch(intruding_owner_, method, target, body);
  }

  /// What is acme's looks to globex like what is nobody's.
  void ExpectAbsent(Method method, const std::string& prefix, const std::string& id, const std::string& code,
                    const json::value& body = nullptr, const std::string& suffix = "") const {
    const auto path = [&](const std::string& one) { return prefix + one + suffix; };
    const Answer foreign = Intrude(method, path(id), body);
    EXPECT_EQ(foreign.status, 404) << foreign;
    EXPECT_EQ(foreign.Code(), code);
    EXPECT_EQ(Comparable(foreign, id), Comparable(Intrude(method, path(kAbsent), body), kAbsent));
    const Answer as_owner = IntrudeAsOwner(method, path(id), body);
    EXPECT_EQ(as_owner.status, 404) << as_owner;
    EXPECT_EQ(Comparable(as_owner, id), Comparable(IntrudeAsOwner(method, path(kAbsent), body), kAbsent));
  }

  /// acme's list goes on for acme, and for nobody else.
  void ExpectCursorBound(const std::string& path) const {
    const json::value page = BodyOf(acme_key.Get(path + "?limit=1"));
    const std::string cursor = TextOf(page, "next_cursor");
    ASSERT_FALSE(cursor.empty()) << path << " of acme has one page only";
    const std::string next = path + "?limit=1&cursor=" + cursor;
    EXPECT_EQ(acme_key.Get(next).status, 200);
    const Answer refused = Intrude(Method::kGet, next);
    EXPECT_EQ(refused.status, 400) << refused;
    EXPECT_EQ(refused.Code(), "http.bad_cursor");
  }

  /// The values of the series that both have, as acme reads them, and as globex does.
  void ExpectValuesApart(const std::string& metric, double of_acme, double of_globex) {
    const auto values = [&metric](Tenant& tenant) {
      std::vector<double> seen;
      for (const Point& point : tenant.Query(metric, {{"host", "web-1"}})) seen.push_back(point.value);
      return seen;
    };
    EXPECT_THAT(values(acme), ElementsAre(of_acme));
    EXPECT_THAT(values(globex), ElementsAre(of_globex));
  }

  StartedServer server;
  Tenant acme, globex;
  Caller acme_owner, globex_owner;  ///< sessions
  Caller acme_key, globex_key;      ///< keys with every scope
  std::string acme_user, acme_key_id, acme_model, acme_job, acme_anomaly, acme_incident, acme_target, acme_custom,
      acme_rule, acme_channel, acme_delivery, acme_dashboard, acme_invitation, acme_invitation_token;
  TimestampMs now = SystemClock().Now();

 private:
  void Fill(Tenant& tenant, double base) const;
  void AddJobs();
  void FillAlerting(const Caller& caller) const;
  [[nodiscard]] Answer Watch(const Caller& caller, Method method, const std::string& target,
                             const json::value& body) const;

  Caller intruder_, intruding_owner_;
};

/// A key of the owner's making that may everything a key can.
Caller FullKey(const Caller& owner, const std::string& origin) {
  return MakeKey(owner, origin, {"read", "write", "admin"});
}

Stage::Stage()
    : acme(server.NewTenant(kSlug)),
      globex(server.NewTenant("globex")),
      acme_owner(SignIn(server.Origin(), OwnerEmail(kSlug))),
      globex_owner(SignIn(server.Origin(), OwnerEmail("globex"))),
      acme_key(FullKey(acme_owner, server.Origin())),
      globex_key(FullKey(globex_owner, server.Origin())),
      intruder_(globex_key),
      intruding_owner_(globex_owner) {
  acme_user = TextOf(BodyOf(acme_key.Post("/api/v1/users", {{"email", "bo@acme.example"}, {"name", "Bo"}})), "id");
  acme_key_id = Listed(acme_key.Get("/api/v1/api-keys"), "id").at(0);
  Fill(acme, 100);
  Fill(globex, 200);
  const std::vector<Sample> secret = {
      {.metric = kSecretMetric, .time = now, .value = 1, .labels = {{"with", kSecretLabel}}}};
  EXPECT_EQ(acme.Ingest(secret).status, 200);
  acme_model = Listed(acme_key.Get("/api/v1/models"), "id").at(0);
  AddJobs();
  for (const Caller* caller : {&acme_key, &globex_key}) {
    EXPECT_TRUE(Eventually([&] { return Listed(caller->Get("/api/v1/anomalies"), "id").size() == 2; }));
  }
  acme_anomaly = Listed(acme_key.Get("/api/v1/anomalies"), "id").at(0);
  for (const char* name : {"one", "two"}) {
    acme_target =
        TextOf(BodyOf(acme_key.Post(
                   "/api/v1/scaling-targets",
                   {{"name", name}, {"metric", kSecretMetric}, {"per_replica_capacity", 10}, {"max_replicas", 9}})),
               "id");
  }
  for (const char* metric : {"calm_metric", kSecretMetric}) {
    acme_custom = TextOf(
        BodyOf(acme_key.Post("/api/v1/custom-models", {{"metric", metric}, {"models", json::array{"prophet"}}})), "id");
  }
  acme_incident = Listed(acme_key.Get("/api/v1/incidents"), "id").at(0);
  for (const char* name : {"one", "two"}) {
    acme_dashboard = TextOf(BodyOf(acme_key.Post("/api/v1/dashboards", {{"name", name}})), "id");
  }
  for (const char* email : {"one@initech.example", "two@initech.example"}) {
    const json::value made = BodyOf(acme_owner.Post("/api/v1/invitations", {{"email", email}}));
    acme_invitation = TextOf(made, "id");
    acme_invitation_token = TextOf(made, "token");
  }
  FillAlerting(acme_key);
  FillAlerting(globex_key);
  acme_rule = Listed(acme_key.Get("/api/v1/alert-rules"), "id").at(0);
  acme_channel = Listed(acme_key.Get("/api/v1/notification-channels"), "id").at(0);
  const std::string channel_path = "/api/v1/notification-channels/" + acme_channel;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(acme_key.Post(channel_path + "/test", nullptr).status, 202);
  acme_delivery = Listed(acme_key.Get(channel_path + "/deliveries"), "id").at(0);

  for (Caller* caller : {&intruder_, &intruding_owner_}) {
    for (const char* header : {"X-Tenant-ID", "X-Org-Id", "X-Organization-Id", "X-Scope-OrgID", "THANOS-TENANT"}) {
      *caller = caller->With(header, acme.id());
    }
  }
  const std::string cookie = [&] {
    const Answer answer =
        Caller(server.Origin()).Post("/api/v1/sessions", {{"email", OwnerEmail(kSlug)}, {"password", kPassword}});
    return answer.Header("Set-Cookie");
  }();
  intruder_ = intruder_.With("Cookie", cookie.substr(0, cookie.find(';'))).With("Origin", server.Origin());
}

/// Two metrics of six samples each, and a model for each.
void Stage::Fill(Tenant& tenant, double base) const {
  std::vector<Sample> samples;
  for (const char* metric : {"cpu_usage", "queue_length"}) {
    for (int i = 0; i < 6; ++i) {
      samples.push_back({.metric = metric,
                         .time = now - std::chrono::minutes{6 - i},
                         .value = base + i,
                         .labels = {{"host", "web-1"}}});
    }
  }
  ASSERT_EQ(tenant.Ingest(samples).status, 200);
  for (const char* metric : {"cpu_usage", "queue_length"}) ASSERT_EQ(tenant.Predict(metric).status, 200);
  // Two metrics of three days, each with a peak now: two anomalies, and an incident of them.
  for (const char* metric : {"disk_latency", "net_errors"}) {
    samples.clear();
    for (int i = 864; i >= 0; --i) {
      const double calm = base + 5 * std::sin(i * 2 * 3.14159 / 288) + (i * 7919 % 13) / 13.0;
      samples.push_back({.metric = metric,
                         .time = now - i * std::chrono::minutes{5},
                         .value = i == 0 ? 20 * base : calm,
                         .labels = {{"host", "web-1"}}});
    }
    ASSERT_EQ(tenant.Ingest(samples).status, 200);
  }
}

/// Two dead jobs of each, of a kind that no process does.
void Stage::AddJobs() {
  std::ifstream pid_file(server.data_dir() / "postgres" / "postmaster.pid");
  std::string sockets;
  for (int line = 0; line < 5; ++line) std::getline(pid_file, sockets);
  SqlClient root(fmt::format("host={} port=5432 user=postgres dbname=helios", sockets));
  for (const Tenant* tenant : {&acme, &globex}) {
    for (int i = 0; i < 2; ++i) {
      root.Must(
          fmt::format("INSERT INTO directory.jobs (org_id, id, kind, status) VALUES ('{}', gen_random_uuid(), "
                      "'test.nobody', 'dead')",
                      tenant->id()));
    }
  }
  acme_job = Listed(acme_key.Get("/api/v1/jobs"), "id").at(0);
}

/// Two channels that lead nowhere, and two rules.
void Stage::FillAlerting(const Caller& caller) const {
  for (const char* name : {"first", "second"}) {
    const json::object channel = {{"name", name}, {"url", "https://receiver.invalid/hook"}};
    ASSERT_EQ(caller.Post("/api/v1/notification-channels", channel).status, 201);
    const json::object rule = {{"name", name}, {"metric", "cpu_usage"}, {"condition", "above"}, {"threshold", 1e9}};
    ASSERT_EQ(caller.Post("/api/v1/alert-rules", rule).status, 201);
  }
}

Answer Stage::Watch(const Caller& caller, Method method, const std::string& target, const json::value& body) const {
  Answer answer = caller.Ask(method, target, body);
  const std::string question = target + (!body.is_null() ? json::serialize(body) : "");
  for (const std::string& mark :
       {acme.id(), acme.slug(), acme.key(), acme_user, acme_key_id, acme_model, acme_job, acme_anomaly, acme_incident,
        acme_target, acme_custom, acme_rule, acme_channel, acme_delivery, acme_dashboard, acme_invitation,
        std::string(kSecretMetric), std::string(kSecretLabel)}) {
    if (question.find(mark) == std::string::npos) {
      EXPECT_EQ(answer.body.find(mark), std::string::npos)
          << mark << " is in the answer to " << http::MethodName(method) << ' ' << target;
    }
  }
  return answer;
}

// --- one case for each operation

struct Case {
  const char* operation;
  void (*run)(Stage&);
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.operation;
}

/// Both send a body that differs in its value alone; `make` makes it.
void ExpectIntakeApart(Stage& stage, const std::string& target, const std::string& type, const std::string& metric,
                       int status, const std::function<std::string(int value)>& make) {
  const auto send = [&](const std::string& key, int value) {
    http::Headers headers;
    headers.Set("X-API-Key", key);
    headers.Set("X-Tenant-ID", stage.acme.id());
    headers.Set("X-Scope-OrgID", stage.acme.id());
    headers.Set("Content-Type", type);
    return ApiClient(stage.server.Origin()).Send(Method::kPost, target, make(value), headers);
  };
  EXPECT_EQ(send(stage.acme.key(), 1).status, status);
  EXPECT_EQ(send(stage.globex.key(), 2).status, status);
  stage.ExpectValuesApart(metric, 1, 2);
}

/// Remote write's message to `path`, of the same series and time with another value by each organization.
void ExpectWritesApart(Stage& stage, const std::string& path, const std::string& metric, int status) {
  const auto write = [&](const std::string& key, double value) {
    http::Headers headers;
    headers.Set("X-API-Key", key);
    headers.Set("X-Tenant-ID", stage.acme.id());
    headers.Set("X-Scope-OrgID", stage.acme.id());
    headers.Set("Content-Type", "application/x-protobuf");
    const std::vector<Sample> samples = {
        {.metric = metric, .time = stage.now, .value = value, .labels = {{"host", "web-1"}}}};
    return ApiClient(stage.server.Origin()).Send(Method::kPost, path, RemoteWriteBody(samples), headers);
  };
  EXPECT_EQ(write(stage.acme.key(), 1).status, status);
  EXPECT_EQ(write(stage.globex.key(), 2).status, status);
  stage.ExpectValuesApart(metric, 1, 2);
}

void ExpectOtlpApart(Stage& stage, const std::string& target, const std::string& metric) {
  ExpectIntakeApart(stage, target, "application/json", metric, 200, [&](int value) {
    const json::object point = {{"timeUnixNano", fmt::format("{}000000", ToUnixMs(stage.now))},
                                {"asInt", value},
                                {"attributes", {{{"key", "host"}, {"value", {{"stringValue", "web-1"}}}}}}};
    const json::object sent = {{"name", metric}, {"gauge", {{"dataPoints", json::array{point}}}}};
    return json::serialize(json::object{
        {"resourceMetrics",
         json::array{json::object{{"scopeMetrics", json::array{json::object{{"metrics", json::array{sent}}}}}}}}});
  });
}

void ExpectLinesApart(Stage& stage, const std::string& target, const std::string& metric) {
  ExpectIntakeApart(stage, target, "text/plain", metric, 204, [&](int value) {
    return fmt::format("{},host=web-1 value={} {}000000", metric, value, ToUnixMs(stage.now));
  });
}

void ExpectJobUntouched(Stage& stage, const std::string& verb) {
  for (const bool as_owner : {false, true}) {
    const auto ask = [&](const std::string& id) {
      const std::string target = "/api/v1/jobs/" + id + verb;
      return as_owner ? stage.IntrudeAsOwner(Method::kPost, target) : stage.Intrude(Method::kPost, target);
    };
    const Answer foreign = ask(stage.acme_job);
    EXPECT_EQ(foreign.status, 404) << foreign;
    EXPECT_EQ(foreign.Code(), "jobs.no_such_job");
    EXPECT_EQ(Comparable(foreign, stage.acme_job), Comparable(ask(kAbsent), kAbsent));
  }
  EXPECT_EQ(TextOf(BodyOf(stage.acme_key.Get("/api/v1/jobs/" + stage.acme_job)), "status"), "dead");
}

const Case kCases[] = {
    {"createOrganization",
     [](Stage& stage) {
       const Answer taken =
           stage.Intrude(Method::kPost, "/api/v1/organizations",
                         {{"name", "Acme"},
                          {"slug", kSlug},
                          {"owner", {{"email", "eve@globex.example"}, {"name", "Eve"}, {"password", kPassword}}}});
       EXPECT_EQ(taken.Code(), "identity.slug_taken");
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/users"), "email"), Not(Contains("eve@globex.example")));
     }},
    {"getOrganization",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/organizations/", stage.acme.id(), "identity.no_such_organization");
     }},
    {"updateOrganization",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/organizations/", stage.acme.id(), "identity.no_such_organization",
                          json::object{{"name", "Globex was here"}});
       EXPECT_EQ(TextOf(BodyOf(stage.acme_key.Get("/api/v1/organizations/" + stage.acme.id())), "name"), kSlug);
     }},
    {"deleteOrganization",
     [](Stage& stage) {
       const auto path = [](const std::string& id) { return "/api/v1/organizations/" + id; };
       const Answer foreign = stage.IntrudeAsOwner(Method::kDelete, path(stage.acme.id()));
       EXPECT_EQ(foreign.Code(), "identity.no_such_organization");
       EXPECT_EQ(Comparable(foreign, stage.acme.id()),
                 Comparable(stage.IntrudeAsOwner(Method::kDelete, path(kAbsent)), kAbsent));
       // No scope of a key deletes: the key is told so before anything is looked for.
       EXPECT_EQ(Comparable(stage.Intrude(Method::kDelete, path(stage.acme.id())), stage.acme.id()),
                 Comparable(stage.Intrude(Method::kDelete, path(kAbsent)), kAbsent));
       EXPECT_EQ(stage.acme_key.Get(path(stage.acme.id())).status, 200);
     }},
    {"getMe",
     [](Stage& stage) {
       const json::value me = BodyOf(stage.Intrude(Method::kGet, "/api/v1/me?organization=acme-inc"));
       EXPECT_EQ(TextOf(me.at("organization"), "id"), stage.globex.id());
       EXPECT_TRUE(me.at("user").is_null()) << "the key counts, not the cookie of acme's owner";
       const json::value owner = BodyOf(stage.IntrudeAsOwner(Method::kGet, "/api/v1/me"));
       EXPECT_EQ(TextOf(owner.at("user"), "email"), OwnerEmail("globex"));
     }},
    {"listUsers",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/users"), "email"), ElementsAre(OwnerEmail("globex")));
       stage.ExpectCursorBound("/api/v1/users");
     }},
    {"createUser",
     [](Stage& stage) {
       const auto before = Listed(stage.acme_key.Get("/api/v1/users"), "email");
       // An address that is a member of acme's: addresses are each organization's own.
       const Answer made = stage.Intrude(Method::kPost, "/api/v1/users",
                                         {{"email", "bo@acme.example"}, {"name", "Bo"}, {"role", "viewer"}});
       const std::string id = TextOf(BodyOf(made), "id");
       EXPECT_EQ(Listed(stage.acme_key.Get("/api/v1/users"), "email"), before);
       // An Idempotency-Key is the organization's own: the same one runs for each, and replays nothing of the other's.
       const json::object twin = {{"email", "twin@umbrella.example"}, {"name", "Twin"}};
       const auto add = [&twin](const Caller& caller) {
         const Caller once = caller.With("Idempotency-Key", "the-same");
         const std::string id = TextOf(BodyOf(once.Post("/api/v1/users", twin)), "id");
         EXPECT_EQ(TextOf(BodyOf(once.Post("/api/v1/users", twin)), "id"), id);
         EXPECT_EQ(caller.Delete("/api/v1/users/" + id).status, 204);
         return id;
       };
       EXPECT_NE(add(stage.acme_key), add(stage.globex_key));
       EXPECT_EQ(stage.acme_key.Delete("/api/v1/users/" + id).Code(), "identity.no_such_user");
       EXPECT_EQ(stage.Intrude(Method::kDelete, "/api/v1/users/" + id).status, 204);
     }},
    {"getUser",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/users/", stage.acme_user, "identity.no_such_user");
     }},
    {"updateUser",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/users/", stage.acme_user, "identity.no_such_user",
                          json::object{{"name", "Globex was here"}, {"role", "viewer"}});
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/users"), "name"), Contains("Bo"));
     }},
    {"deleteUser",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/users/", stage.acme_user, "identity.no_such_user");
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/users"), "id"), Contains(stage.acme_user));
     }},
    {"createSession",
     [](Stage& stage) {
       const auto sign_in = [&stage](const std::string& email) {
         return stage.Intrude(Method::kPost, "/api/v1/sessions",
                              {{"email", email}, {"password", kPassword}, {"organization", "globex"}});
       };
       const Answer foreign = sign_in(OwnerEmail(kSlug));
       EXPECT_EQ(foreign.Code(), "identity.bad_credentials");
       EXPECT_EQ(Comparable(foreign, "-"), Comparable(sign_in("nobody@acme.example"), "-"));
     }},
    {"deleteSession",
     [](Stage& stage) {
       EXPECT_EQ(stage.Intrude(Method::kDelete, "/api/v1/sessions/current").Code(), "identity.no_session");
       EXPECT_EQ(stage.acme_owner.Get("/api/v1/me").status, 200);
     }},
    {"listApiKeys",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/api-keys"), "id"), Not(Contains(stage.acme_key_id)));
       stage.ExpectCursorBound("/api/v1/api-keys");
     }},
    {"createApiKey",
     [](Stage& stage) {
       const auto before = Listed(stage.acme_key.Get("/api/v1/api-keys"), "id");
       const json::value made = BodyOf(stage.Intrude(Method::kPost, "/api/v1/api-keys", {{"name", "eve"}}));
       EXPECT_EQ(Listed(stage.acme_key.Get("/api/v1/api-keys"), "id"), before);
       const Caller eve =
           Caller(stage.server.Origin()).WithKey(TextOf(made, "key")).With("X-Tenant-ID", stage.acme.id());
       EXPECT_EQ(TextOf(BodyOf(eve.Get("/api/v1/me")).at("organization"), "id"), stage.globex.id());
     }},
    {"deleteApiKey",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/api-keys/", stage.acme_key_id, "identity.no_such_key");
       EXPECT_EQ(stage.acme_key.Get("/api/v1/me").status, 200);
     }},
    {"ingest",
     [](Stage& stage) {
       const std::int64_t time = ToUnixMs(stage.now);
       const auto body = [time](double value) {
         return json::object{
             {"metrics",
              {{{"name", "ingested"}, {"value", value}, {"timestamp", time}, {"labels", {{"host", "web-1"}}}}}}};
       };
       EXPECT_EQ(stage.acme_key.Post("/api/v1/ingest", body(1)).status, 200);
       // The same series and time with another value: a conflict, if it were the same organization.
       EXPECT_EQ(stage.Intrude(Method::kPost, "/api/v1/ingest", body(2)).status, 200);
       stage.ExpectValuesApart("ingested", 1, 2);
     }},
    {"prometheusWrite", [](Stage& stage) { ExpectWritesApart(stage, "/api/v1/prometheus/write", "written", 204); }},
    {"importSamples", [](Stage& stage) { ExpectWritesApart(stage, "/api/v1/import", "imported", 200); }},
    {"otlpMetrics", [](Stage& stage) { ExpectOtlpApart(stage, "/v1/metrics", "otlp_a"); }},
    {"otlpMetricsUnderApi", [](Stage& stage) { ExpectOtlpApart(stage, "/api/v1/otlp/v1/metrics", "otlp_b"); }},
    {"influxWrite", [](Stage& stage) { ExpectLinesApart(stage, "/write?u=acme", "lines_a"); }},
    {"influxBucketWrite", [](Stage& stage) { ExpectLinesApart(stage, "/api/v2/write?org=acme", "lines_b"); }},
    {"listRejections",
     [](Stage& stage) {
       const json::object bad = {{"metrics", {{{"name", kSecretMetric}, {"value", "none"}}}}};
       EXPECT_EQ(stage.acme_key.Post("/api/v1/ingest", bad).status, 400);
       const json::value own = BodyOf(stage.Intrude(Method::kGet, "/api/v1/ingest/rejections"));
       for (const json::value& entry : own.at("data").as_array())
         EXPECT_NE(TextOf(entry, "reason"), "ingest.bad_value");
       EXPECT_FALSE(BodyOf(stage.acme_key.Get("/api/v1/ingest/rejections")).at("data").as_array().empty());
     }},
    {"listMetrics",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/metrics"), ""),
                   IsSupersetOf({"cpu_usage", "queue_length"}));
       stage.ExpectCursorBound("/api/v1/metrics");
     }},
    {"listSeries",
     [](Stage& stage) {
       const auto list = [&stage](const std::string& query) {
         return Listed(stage.Intrude(Method::kGet, "/api/v1/series?limit=1000" + query), "metric");
       };
       EXPECT_THAT(list(""), Contains("cpu_usage"));
       EXPECT_THAT(list(std::string("&metric=") + kSecretMetric), IsEmpty());
       EXPECT_THAT(list("&match=%7Bwith%3D%22initech%22%7D"), IsEmpty());
       EXPECT_THAT(list("&match=%7B__name__%3D~%22.%2B%22%7D"), Not(Contains(kSecretMetric)));
       stage.ExpectCursorBound("/api/v1/series");
     }},
    {"deleteSeries",
     [](Stage& stage) {
       const auto erase = [](const Caller& caller, const std::string& query) {
         return BodyOf(caller.Delete("/api/v1/series?" + query)).at("deleted").to_number<int>();
       };
       const json::object twin = {{"metrics", {{{"name", "twin"}, {"value", 1}}}}};
       EXPECT_EQ(stage.acme_key.Post("/api/v1/ingest", twin).status, 200);
       EXPECT_EQ(stage.globex_key.Post("/api/v1/ingest", twin).status, 200);
       EXPECT_EQ(erase(stage.globex_key, std::string("metric=") + kSecretMetric), 0);
       EXPECT_EQ(erase(stage.globex_key, "metric=twin"), 1);
       const auto listed = [](const Caller& caller, const std::string& metric) {
         return Listed(caller.Get("/api/v1/series?metric=" + metric), "metric").size();
       };
       EXPECT_EQ(listed(stage.globex_key, "twin"), 0U);
       EXPECT_EQ(listed(stage.acme_key, "twin"), 1U);
       EXPECT_EQ(listed(stage.acme_key, kSecretMetric), 1U);
     }},
    {"query",
     [](Stage& stage) {
       json::object secret = CpuUsage();
       secret["metric"] = kSecretMetric;
       EXPECT_EQ(stage.Intrude(Method::kPost, "/api/v1/query", secret).Json(),
                 (json::object{{"series", json::array{}}, {"truncated", false}}));
       const json::value own = BodyOf(stage.Intrude(Method::kPost, "/api/v1/query", CpuUsage()));
       ASSERT_EQ(own.at("series").as_array().size(), 1U);
       std::vector<double> values;
       for (const json::value& point : own.at("series").at(0).at("points").as_array()) {
         values.push_back(point.at(1).to_number<double>());
       }
       EXPECT_THAT(values, ElementsAre(200, 201, 202, 203, 204, 205));
     }},
    {"predict",
     [](Stage& stage) {
       const auto predict = [&stage](const std::string& metric) {
         return stage.Intrude(Method::kPost, "/api/v1/predict", {{"metric", metric}});
       };
       const Answer foreign = predict(kSecretMetric);
       EXPECT_EQ(foreign.status, 404) << foreign;
       EXPECT_EQ(Comparable(foreign, kSecretMetric), Comparable(predict("no_such_metric"), "no_such_metric"));
       const json::value own = BodyOf(predict("cpu_usage")).at("predictions").at(0);
       EXPECT_GT(own.at("points").at(0).at("predicted_value").to_number<double>(), 150);
       EXPECT_THAT(Listed(stage.globex_key.Get("/api/v1/models"), "id"), Contains(TextOf(own.at("model"), "id")));
     }},
    {"detect",
     [](Stage& stage) {
       const auto detect = [&stage](const std::string& metric) {
         return stage.Intrude(Method::kPost, "/api/v1/detect", {{"metric", metric}});
       };
       const Answer foreign = detect(kSecretMetric);
       EXPECT_EQ(foreign.status, 404) << foreign;
       EXPECT_EQ(Comparable(foreign, kSecretMetric), Comparable(detect("no_such_metric"), "no_such_metric"));
       const json::value own = BodyOf(detect("disk_latency")).at("series");
       ASSERT_EQ(own.as_array().size(), 1U);
       EXPECT_EQ(own.at(0).at("anomalies").at(0).at("value").to_number<double>(), 4'000);
     }},
    {"backtestDetection",
     [](Stage& stage) {
       const json::value own = BodyOf(stage.Intrude(Method::kPost, "/api/v1/detect/backtest", json::object{}));
       for (const json::value& anomaly : own.at("data").as_array()) {
         EXPECT_EQ(anomaly.at("value").to_number<double>(), 4'000);
       }
       EXPECT_FALSE(own.at("data").as_array().empty());
     }},
    {"listPredictions",
     [](Stage& stage) {
       // Two metrics at three horizons of each organization, written behind the answers.
       const auto kept = [](const Caller& caller) { return Listed(caller.Get("/api/v1/predictions"), "id"); };
       ASSERT_TRUE(Eventually([&] { return kept(stage.acme_key).size() == 6 && kept(stage.globex_key).size() == 6; }));
       EXPECT_THAT(kept(stage.acme_key), Each(Not(AnyOfArray(kept(stage.globex_key)))));
       const json::value own = BodyOf(stage.Intrude(Method::kGet, "/api/v1/predictions"));
       ASSERT_EQ(own.at("data").as_array().size(), 6U);
       for (const json::value& one : own.at("data").as_array()) {
         EXPECT_GT(one.at("predicted_value").to_number<double>(), 150) << "globex's are around 200, acme's around 100";
       }
       stage.ExpectCursorBound("/api/v1/predictions");
     }},
    {"listAnomalies",
     [](Stage& stage) {
       const auto own = Listed(stage.Intrude(Method::kGet, "/api/v1/anomalies"), "id");
       EXPECT_EQ(own.size(), 2U);
       EXPECT_THAT(own, Not(Contains(stage.acme_anomaly)));
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/anomalies?incident=" + stage.acme_incident), "id"),
                   IsEmpty());
       stage.ExpectCursorBound("/api/v1/anomalies");
     }},
    {"countAnomalies",
     [](Stage& stage) {
       const json::value own =
           BodyOf(stage.Intrude(Method::kGet, "/api/v1/anomalies/counts?start=2020-01-01T00:00:00Z&step=31622400"));
       std::int64_t count = 0;
       for (const json::value& step : own.at("data").as_array()) {
         for (const char* severity : {"low", "medium", "high", "critical"}) {
           count += step.at(severity).to_number<std::int64_t>();
         }
       }
       EXPECT_EQ(count, 2) << "both are its own";
     }},
    {"getAnomaly",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/anomalies/", stage.acme_anomaly, "detection.no_such_anomaly");
     }},
    {"updateAnomaly",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/anomalies/", stage.acme_anomaly, "detection.no_such_anomaly",
                          json::object{{"status", "resolved"}});
       EXPECT_EQ(TextOf(BodyOf(stage.acme_key.Get("/api/v1/anomalies/" + stage.acme_anomaly)), "status"), "open");
     }},
    {"listIncidents",
     [](Stage& stage) {
       const auto own = Listed(stage.Intrude(Method::kGet, "/api/v1/incidents"), "id");
       EXPECT_EQ(own.size(), 1U);
       EXPECT_THAT(own, Not(Contains(stage.acme_incident)));
     }},
    {"getIncident",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/incidents/", stage.acme_incident, "detection.no_such_incident");
     }},
    {"updateIncident",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/incidents/", stage.acme_incident, "detection.no_such_incident",
                          json::object{{"status", "resolved"}});
       EXPECT_EQ(TextOf(BodyOf(stage.acme_key.Get("/api/v1/incidents/" + stage.acme_incident)), "status"), "open");
     }},
    {"recommend",
     [](Stage& stage) {
       const auto recommend = [&stage](const std::string& metric) {
         return stage.Intrude(Method::kPost, "/api/v1/recommend",
                              {{"metric", metric}, {"target", {{"per_replica_capacity", 10}, {"max_replicas", 9}}}});
       };
       const Answer foreign = recommend(kSecretMetric);
       EXPECT_EQ(foreign.status, 404) << foreign;
       EXPECT_EQ(Comparable(foreign, kSecretMetric), Comparable(recommend("no_such_metric"), "no_such_metric"));
     }},
    {"listScalingTargets",
     [](Stage& stage) {
       EXPECT_TRUE(Listed(stage.Intrude(Method::kGet, "/api/v1/scaling-targets"), "id").empty());
       stage.ExpectCursorBound("/api/v1/scaling-targets");
     }},
    {"createScalingTarget",
     [](Stage& stage) {
       const json::value made = {
           {"name", "globex"}, {"metric", kSecretMetric}, {"per_replica_capacity", 10}, {"max_replicas", 9}};
       const std::string id = TextOf(BodyOf(stage.Intrude(Method::kPost, "/api/v1/scaling-targets", made)), "id");
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/scaling-targets"), "id"), Not(Contains(id)));
       EXPECT_EQ(stage.Intrude(Method::kDelete, "/api/v1/scaling-targets/" + id).status, 204);
     }},
    {"getScalingTarget",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/scaling-targets/", stage.acme_target, "scaling.no_such_target");
     }},
    {"updateScalingTarget",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/scaling-targets/", stage.acme_target, "scaling.no_such_target",
                          json::object{{"max_replicas", 1}});
       const json::value target = BodyOf(stage.acme_key.Get("/api/v1/scaling-targets/" + stage.acme_target));
       EXPECT_EQ(target.at("max_replicas").to_number<int>(), 9);
     }},
    {"deleteScalingTarget",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/scaling-targets/", stage.acme_target, "scaling.no_such_target");
       EXPECT_EQ(stage.acme_key.Get("/api/v1/scaling-targets/" + stage.acme_target).status, 200);
     }},
    {"listScalingAdvice",
     [](Stage& stage) {
       const auto path = [](const std::string& id) { return "/api/v1/scaling-targets/" + id + "/advice"; };
       EXPECT_EQ(Comparable(stage.Intrude(Method::kGet, path(stage.acme_target)), stage.acme_target),
                 Comparable(stage.Intrude(Method::kGet, path(kAbsent)), kAbsent));
     }},
    {"getKedaMetric",
     [](Stage& stage) {
       const auto path = [](const std::string& id) { return "/api/v1/scaling-targets/" + id + "/keda"; };
       EXPECT_EQ(stage.Intrude(Method::kGet, path(stage.acme_target)).status, 404);
       EXPECT_EQ(Comparable(stage.Intrude(Method::kGet, path(stage.acme_target)), stage.acme_target),
                 Comparable(stage.Intrude(Method::kGet, path(kAbsent)), kAbsent));
     }},
    {"listExternalMetrics",
     [](Stage& stage) {
       EXPECT_EQ(stage.Intrude(Method::kGet, "/apis/external.metrics.k8s.io/v1beta1").body,
                 stage.acme_key.Get("/apis/external.metrics.k8s.io/v1beta1").body);
     }},
    {"getExternalMetric",
     [](Stage& stage) {
       const auto path = [](const std::string& id) {
         return "/apis/external.metrics.k8s.io/v1beta1/namespaces/n/"
                "helios-recommended-replicas?labelSelector=target_id%3D" +
                id;
       };
       EXPECT_EQ(stage.Intrude(Method::kGet, path(stage.acme_target)).status, 404);
       EXPECT_EQ(Comparable(stage.Intrude(Method::kGet, path(stage.acme_target)), stage.acme_target),
                 Comparable(stage.Intrude(Method::kGet, path(kAbsent)), kAbsent));
     }},
    {"listModels",
     [](Stage& stage) {
       const auto own = Listed(stage.Intrude(Method::kGet, "/api/v1/models"), "id");
       EXPECT_EQ(own.size(), 2U);
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/models"), "id"), Each(Not(::testing::AnyOfArray(own))));
       stage.ExpectCursorBound("/api/v1/models");
     }},
    {"getModel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/models/", stage.acme_model, "training.no_such_model");
     }},
    {"getModelAccuracy",
     [](Stage& stage) {
       const std::string accuracy = "/api/v1/models/" + stage.acme_model + "/accuracy";
       const std::string absent = std::string("/api/v1/models/") + kAbsent + "/accuracy";
       const Answer foreign = stage.Intrude(Method::kGet, accuracy);
       EXPECT_EQ(foreign.status, 404) << foreign;
       EXPECT_EQ(Comparable(foreign, stage.acme_model), Comparable(stage.Intrude(Method::kGet, absent), kAbsent));
       EXPECT_EQ(stage.acme_key.Get(accuracy).status, 200);
     }},
    {"getAccuracy",
     [](Stage& stage) {
       const json::value own = BodyOf(stage.Intrude(Method::kGet, "/api/v1/accuracy"));
       EXPECT_EQ(own.at("horizons").as_array().size(), 3U) << "of series nobody is named";
     }},
    {"trainModels",
     [](Stage& stage) {
       const auto train = [&stage](const std::string& metric) {
         return stage.Intrude(Method::kPost, "/api/v1/models/train", {{"metric", metric}});
       };
       const Answer foreign = train(kSecretMetric);
       EXPECT_EQ(foreign.status, 404) << foreign;
       EXPECT_EQ(foreign.Code(), "training.no_such_series");
       EXPECT_EQ(Comparable(foreign, kSecretMetric), Comparable(train("no_such_metric"), "no_such_metric"));
     }},
    {"activateModel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPost, "/api/v1/models/", stage.acme_model, "training.no_such_model", nullptr,
                          "/activate");
     }},
    {"listCustomModels",
     [](Stage& stage) {
       const auto own = Listed(stage.Intrude(Method::kGet, "/api/v1/custom-models"), "id");
       EXPECT_THAT(own, Not(Contains(stage.acme_custom)));
       stage.ExpectCursorBound("/api/v1/custom-models");
     }},
    {"putCustomModel",
     [](Stage& stage) {
       const json::value definition = {{"metric", kSecretMetric}, {"models", json::array{"theta"}}};
       const json::value made = BodyOf(stage.Intrude(Method::kPost, "/api/v1/custom-models", definition));
       EXPECT_TRUE(made.at("training_job_id").is_null()) << "globex has no such series, and learns of no other's";
       const json::value kept = BodyOf(stage.acme_key.Get("/api/v1/custom-models/" + stage.acme_custom));
       EXPECT_EQ(kept.at("models"), json::value(json::array{"prophet"}));
       EXPECT_EQ(stage.Intrude(Method::kDelete, "/api/v1/custom-models/" + TextOf(made, "id")).status, 204);
     }},
    {"getCustomModel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/custom-models/", stage.acme_custom, "training.no_such_custom_model");
     }},
    {"deleteCustomModel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/custom-models/", stage.acme_custom,
                          "training.no_such_custom_model");
       EXPECT_EQ(stage.acme_key.Get("/api/v1/custom-models/" + stage.acme_custom).status, 200);
     }},
    {"live",
     [](Stage& stage) {
       const std::string secret = fmt::format("/api/v1/live?match=%7B__name__%3D%22{}%22%7D", kSecretMetric);
       const auto send = [](const Caller& caller, double value) {
         const std::int64_t time = ToUnixMs(SystemClock().Now());
         const json::object sample = {{"name", kSecretMetric}, {"value", value}, {"timestamp", time}};
         EXPECT_EQ(caller.Post("/api/v1/ingest", json::object{{"metrics", json::array{sample}}}).status, 200);
       };
       EventReader own(stage.server.port(), secret, stage.acme.key());
       const auto acmes = own.Await("ready");
       ASSERT_TRUE(acmes);
       EXPECT_EQ(acmes->data.at("series").as_array().size(), 1U);
       send(stage.acme_key, 7);
       ASSERT_TRUE(own.Await("samples"));
       // With acme's own place in the stream, which is no credential.
       EventReader foreign(stage.server.port(), secret, stage.globex.key(), own.last_id());
       const auto ready = foreign.Await("ready");
       ASSERT_TRUE(ready);
       EXPECT_TRUE(ready->data.at("series").as_array().empty());
       EXPECT_FALSE(ready->data.at("resumed").as_bool());
       send(stage.acme_key, 8);
       ASSERT_TRUE(own.Await("samples"));
       send(stage.globex_key, 9);
       const auto samples = foreign.Await("samples");
       ASSERT_TRUE(samples);
       const json::array& points = samples->data.at("series").at(0).at("points").as_array();
       ASSERT_EQ(points.size(), 1U);
       EXPECT_EQ(points.at(0).at(1).to_number<double>(), 9);
       EXPECT_EQ(stage.Intrude(Method::kDelete, std::string("/api/v1/series?metric=") + kSecretMetric).status, 200);
     }},
    {"listJobs",
     [](Stage& stage) {
       const auto own = Listed(stage.Intrude(Method::kGet, "/api/v1/jobs?status=dead"), "id");
       EXPECT_EQ(own.size(), 2U);
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/jobs"), "id"), Each(Not(::testing::AnyOfArray(own))));
       stage.ExpectCursorBound("/api/v1/jobs");
     }},
    {"getJob",
     [](Stage& stage) { stage.ExpectAbsent(Method::kGet, "/api/v1/jobs/", stage.acme_job, "jobs.no_such_job"); }},
    {"requeueJob", [](Stage& stage) { ExpectJobUntouched(stage, "/requeue"); }},
    {"cancelJob", [](Stage& stage) { ExpectJobUntouched(stage, "/cancel"); }},
    {"listAlertRules",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/alert-rules"), "id"), Not(Contains(stage.acme_rule)));
       stage.ExpectCursorBound("/api/v1/alert-rules");
     }},
    {"createAlertRule",
     [](Stage& stage) {
       const auto create = [&stage](const std::string& channel) {
         return stage.Intrude(Method::kPost, "/api/v1/alert-rules",
                              {{"name", "eve"},
                               {"metric", "cpu_usage"},
                               {"condition", "above"},
                               {"threshold", 1e9},
                               {"channels", json::array{channel}}});
       };
       const auto before = Listed(stage.acme_key.Get("/api/v1/alert-rules"), "id");
       const Answer foreign = create(stage.acme_channel);
       EXPECT_EQ(foreign.Code(), "alerting.no_such_channel");
       EXPECT_EQ(Comparable(foreign, stage.acme_channel), Comparable(create(kAbsent), kAbsent));
       EXPECT_EQ(Listed(stage.acme_key.Get("/api/v1/alert-rules"), "id"), before);
     }},
    {"backtestAlertRule",
     [](Stage& stage) {
       const auto replay = [&stage](const std::string& metric) {
         return BodyOf(stage.Intrude(Method::kPost, "/api/v1/alert-rules/backtest",
                                     {{"name", "eve"}, {"metric", metric}, {"condition", "above"}, {"threshold", 0}}))
             .at("series")
             .to_number<int>();
       };
       EXPECT_EQ(replay(kSecretMetric), 0);
       EXPECT_EQ(replay("cpu_usage"), 1);
     }},
    {"getAlertRule",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/alert-rules/", stage.acme_rule, "alerting.no_such_rule");
     }},
    {"updateAlertRule",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/alert-rules/", stage.acme_rule, "alerting.no_such_rule",
                          json::object{{"name", "Globex was here"}});
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/alert-rules"), "name"), Not(Contains("Globex was here")));
     }},
    {"deleteAlertRule",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/alert-rules/", stage.acme_rule, "alerting.no_such_rule");
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/alert-rules"), "id"), Contains(stage.acme_rule));
     }},
    {"listNotificationChannels",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/notification-channels"), "id"),
                   Not(Contains(stage.acme_channel)));
       stage.ExpectCursorBound("/api/v1/notification-channels");
     }},
    {"createNotificationChannel",
     [](Stage& stage) {
       const auto before = Listed(stage.acme_key.Get("/api/v1/notification-channels"), "id");
       EXPECT_EQ(stage
                     .Intrude(Method::kPost, "/api/v1/notification-channels",
                              {{"name", "eve"}, {"url", "https://receiver.invalid/eve"}})
                     .status,
                 201);
       EXPECT_EQ(Listed(stage.acme_key.Get("/api/v1/notification-channels"), "id"), before);
     }},
    {"getNotificationChannel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/notification-channels/", stage.acme_channel, "notify.no_such_channel");
     }},
    {"updateNotificationChannel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/notification-channels/", stage.acme_channel,
                          "notify.no_such_channel", json::object{{"name", "Globex was here"}});
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/notification-channels"), "name"),
                   Not(Contains("Globex was here")));
     }},
    {"deleteNotificationChannel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/notification-channels/", stage.acme_channel,
                          "notify.no_such_channel");
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/notification-channels"), "id"), Contains(stage.acme_channel));
     }},
    {"testNotificationChannel",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPost, "/api/v1/notification-channels/", stage.acme_channel, "notify.no_such_channel",
                          nullptr, "/test");
     }},
    {"rotateNotificationSecret",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPost, "/api/v1/notification-channels/", stage.acme_channel, "notify.no_such_channel",
                          nullptr, "/rotate-secret");
     }},
    {"listNotificationDeliveries",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/notification-channels/", stage.acme_channel, "notify.no_such_channel",
                          nullptr, "/deliveries");
       stage.ExpectCursorBound("/api/v1/notification-channels/" + stage.acme_channel + "/deliveries");
     }},
    {"replayNotificationDelivery",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPost, "/api/v1/notification-deliveries/", stage.acme_delivery,
                          "notify.no_such_delivery", nullptr, "/replay");
     }},
    {"getOpenApi",
     [](Stage& stage) {
       const Caller nobody(stage.server.Origin());
       EXPECT_EQ(stage.IntrudeAsOwner(Method::kGet, "/api/v1/openapi.json?x=1").body,
                 nobody.Get("/api/v1/openapi.json").body);
     }},
    {"healthz", [](Stage& stage) { EXPECT_EQ(stage.Intrude(Method::kGet, "/healthz").body, "ok\n"); }},
    {"getUsage",
     [](Stage& stage) {
       const auto used = [](const Answer& answer, std::string_view what) {
         return BodyOf(answer).at(what).at("used").to_number<std::int64_t>();
       };
       const std::int64_t before = used(stage.Intrude(Method::kGet, "/api/v1/billing/usage"), "samples");
       const json::object more = {
           {"metrics", {{{"name", "billed"}, {"value", 1}}, {{"name", "billed_too"}, {"value", 1}}}}};
       const std::int64_t of_acme = used(stage.acme_key.Get("/api/v1/billing/usage"), "samples");
       EXPECT_EQ(stage.acme_key.Post("/api/v1/ingest", more).status, 200);
       EXPECT_EQ(used(stage.acme_key.Get("/api/v1/billing/usage"), "samples"), of_acme + 2);
       EXPECT_EQ(used(stage.Intrude(Method::kGet, "/api/v1/billing/usage"), "samples"), before);
       EXPECT_EQ(used(stage.Intrude(Method::kGet, "/api/v1/billing/usage"), "users"), 1);
     }},
    {"listAuditLogs",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/audit-logs?action=organization"), "target_id"),
                   Contains(stage.globex.id()));  // that it was made
       // Past the watch: what globex asked for of acme's stands in globex's own log, in its own words.
       const Answer whole = stage.globex_key.Get("/api/v1/audit-logs?limit=1000");
       EXPECT_THAT(whole.body, Not(HasSubstr(stage.acme.id())));
       EXPECT_THAT(whole.body, Not(HasSubstr(stage.acme_user)));
       EXPECT_THAT(whole.body, Not(HasSubstr(stage.acme_dashboard)));
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/audit-logs?actor=" + stage.acme_key_id), "id"),
                   IsEmpty());
       stage.ExpectCursorBound("/api/v1/audit-logs");
     }},
    {"listDashboards",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/dashboards"), "id"), IsEmpty());
       stage.ExpectCursorBound("/api/v1/dashboards");
     }},
    {"createDashboard",
     [](Stage& stage) {
       const std::string id =
           TextOf(BodyOf(stage.Intrude(Method::kPost, "/api/v1/dashboards", {{"name", "globex"}})), "id");
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/dashboards"), "id"), Not(Contains(id)));
       EXPECT_EQ(stage.Intrude(Method::kDelete, "/api/v1/dashboards/" + id).status, 204);
     }},
    {"getDashboard",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kGet, "/api/v1/dashboards/", stage.acme_dashboard, "dashboards.no_such_dashboard");
     }},
    {"updateDashboard",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kPatch, "/api/v1/dashboards/", stage.acme_dashboard, "dashboards.no_such_dashboard",
                          json::object{{"version", 1}, {"name", "Globex was here"}});
       EXPECT_EQ(TextOf(BodyOf(stage.acme_key.Get("/api/v1/dashboards/" + stage.acme_dashboard)), "name"), "two");
     }},
    {"deleteDashboard",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/dashboards/", stage.acme_dashboard, "dashboards.no_such_dashboard");
       EXPECT_EQ(stage.acme_key.Get("/api/v1/dashboards/" + stage.acme_dashboard).status, 200);
     }},
    {"listInvitations",
     [](Stage& stage) {
       EXPECT_THAT(Listed(stage.Intrude(Method::kGet, "/api/v1/invitations"), "id"), IsEmpty());
       stage.ExpectCursorBound("/api/v1/invitations");
     }},
    {"createInvitation",
     [](Stage& stage) {
       // An address that acme invited already: that invitation stays open.
       const json::value made =
           BodyOf(stage.Intrude(Method::kPost, "/api/v1/invitations", {{"email", "two@initech.example"}}));
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/invitations"), "id"), Contains(stage.acme_invitation));
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/invitations"), "id"), Not(Contains(TextOf(made, "id"))));
       EXPECT_EQ(stage.Intrude(Method::kDelete, "/api/v1/invitations/" + TextOf(made, "id")).status, 204);
     }},
    {"deleteInvitation",
     [](Stage& stage) {
       stage.ExpectAbsent(Method::kDelete, "/api/v1/invitations/", stage.acme_invitation,
                          "identity.no_such_invitation");
       EXPECT_THAT(Listed(stage.acme_key.Get("/api/v1/invitations"), "id"), Contains(stage.acme_invitation));
     }},
    {"findInvitation",
     [](Stage& stage) {
       // The token alone says whose invitation it is, whatever credential comes with it; an id is no token.
       EXPECT_EQ(stage.Intrude(Method::kPost, "/api/v1/invitations/find", {{"token", stage.acme_invitation}}).Code(),
                 "identity.no_such_invitation");
       const json::value offer =
           BodyOf(stage.globex_key.Post("/api/v1/invitations/find", {{"token", stage.acme_invitation_token}}));
       EXPECT_EQ(TextOf(offer.at("organization"), "slug"), kSlug);
     }},
    {"acceptInvitation",
     [](Stage& stage) {
       const json::value made =
           BodyOf(stage.globex_owner.Post("/api/v1/invitations", {{"email", "eve@globex.example"}}));
       const auto before = Listed(stage.acme_key.Get("/api/v1/users"), "email");
       const json::object acceptance = {{"token", TextOf(made, "token")}, {"name", "Eve"}, {"password", kPassword}};
       const json::value joined = BodyOf(stage.Intrude(Method::kPost, "/api/v1/invitations/accept", acceptance));
       EXPECT_EQ(TextOf(joined.at("organization"), "id"), stage.globex.id());
       EXPECT_EQ(Listed(stage.acme_key.Get("/api/v1/users"), "email"), before);
       EXPECT_EQ(stage.Intrude(Method::kPost, "/api/v1/invitations/accept", acceptance).status, 404) << "used already";
       EXPECT_EQ(stage.globex_owner.Delete("/api/v1/users/" + TextOf(joined.at("user"), "id")).status, 204);
     }},
    {"readyz", [](Stage& stage) { EXPECT_EQ(stage.Intrude(Method::kGet, "/readyz").body, "ready\n"); }},
    {"operatorMetrics",
     [](Stage& stage) {
       EXPECT_EQ(stage.Intrude(Method::kGet, "/metrics").Code(), "http.no_such_route");
       const std::string page = stage.server.NewOperatorClient().Get("/metrics").body;
       EXPECT_THAT(page, HasSubstr("helios_http_answers_total"));
       for (const Tenant* tenant : {&stage.acme, &stage.globex}) {
         EXPECT_THAT(page, Not(HasSubstr(tenant->id())));
         EXPECT_THAT(page, Not(HasSubstr(tenant->slug())));
       }
       EXPECT_THAT(page, Not(HasSubstr(kSecretMetric)));
     }},
    {"operatorBackup",
     [](Stage& stage) { EXPECT_EQ(stage.Intrude(Method::kPost, "/backup").Code(), "http.no_such_route"); }},
};

/// One stage for all cases: it takes seconds to set.
class StageEnvironment : public ::testing::Environment {
 public:
  void SetUp() override { stage_ = std::make_unique<Stage>(); }
  void TearDown() override { stage_.reset(); }
  [[nodiscard]] Stage& stage() const { return *stage_; }

 private:
  std::unique_ptr<Stage> stage_;
};

const StageEnvironment& Environment() {
  static const auto* environment =
      static_cast<const StageEnvironment*>(::testing::AddGlobalTestEnvironment(new StageEnvironment));
  return *environment;
}
[[maybe_unused]] const StageEnvironment& registered = Environment();

using IsolationTest = ::testing::TestWithParam<Case>;

TEST_P(IsolationTest, NothingOfAnotherOrganizationIsInReach) {
  GetParam().run(Environment().stage());
}

INSTANTIATE_TEST_SUITE_P(EachOperation, IsolationTest, ::testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.operation); });

TEST(IsolationCases, AreThereForEachOperationOfTheContract) {
  std::set<std::string> described;
  const json::value document = BodyOf(Environment().stage().acme_key.Get("/api/v1/openapi.json"));
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (operation.is_object() && operation.as_object().contains("operationId")) {
        described.insert(TextOf(operation, "operationId"));
      }
    }
  }
  std::set<std::string> tried;
  for (const Case& one : kCases) tried.insert(one.operation);
  EXPECT_EQ(tried, described) << "an operation without a case here is an operation whose isolation nobody tests";
}

}  // namespace
}  // namespace helios::testing
