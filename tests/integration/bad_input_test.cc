// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What the front door says to what it cannot take: the status, the stable code, what was wrong, and what was kept.
#include <snappy.h>
#include <zlib.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <memory>

#include "tests/support/caller.h"
#include "tests/support/raw_request.h"
#include "tests/support/server_test.h"

namespace helios::testing {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using http::Method;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

std::string StatusAndCode(const Answer& answer) {
  return fmt::format("{} {}", answer.status, answer.Code());
}

std::string Detail(const Answer& answer) {
  return TextOf(answer.Json(), "detail");
}

/// "index code" of each refused sample.
std::vector<std::string> Refusals(const Answer& answer) {
  const json::value body = answer.Json();
  std::vector<std::string> refusals;
  if (answer.Code() != "ingest.samples_rejected") return {fmt::format("not a partial answer: {}", answer.body)};
  for (const json::value& error : body.at("errors").as_array()) {
    refusals.push_back(fmt::format("{} {}", error.at("index").to_number<int>(), TextOf(error, "code")));
  }
  return refusals;
}

std::int64_t Accepted(const Answer& answer) {
  return answer.Json().at("accepted").to_number<std::int64_t>();
}

std::string Gzip(std::string_view plain) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  std::string input(plain);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

class BadInputTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<Server>();
    ASSERT_TRUE(server_->Start());
    acme_ = std::make_unique<Tenant>(server_->NewTenant("acme"));
  }
  static void TearDownTestSuite() {
    acme_.reset();
    server_.reset();
  }
  static Server& server() { return *server_; }
  static Tenant& acme() { return *acme_; }

  static Caller Anyone() { return Caller(server().Origin()); }
  static Caller Acme() { return Anyone().WithKey(acme().key()); }

  using Fields = std::vector<std::pair<std::string, std::string>>;
  static Answer Send(Method method, const std::string& target, std::string_view body, const Fields& fields) {
    http::Headers headers;
    for (const auto& [name, value] : fields) headers.Add(name, value);
    return acme().api.Send(method, target, body, std::move(headers));
  }
  static Answer Ingest(std::string_view body, const Fields& fields = {{"Content-Type", "application/json"}}) {
    return Send(Method::kPost, "/api/v1/ingest", body, fields);
  }
  static Answer RemoteWrite(std::string_view body) {
    return Send(Method::kPost, "/api/v1/prometheus/write", body, {{"Content-Type", "application/x-protobuf"}});
  }
  static Answer Raw(const std::string& start, const std::string& rest) {
    return RawRequest(server().port(),
                      fmt::format("{} HTTP/1.1\r\nHost: helios\r\nConnection: close\r\nX-API-Key: {}\r\n{}", start,
                                  acme().key(), rest));
  }
  static std::int64_t Now() { return ToUnixMs(SystemClock().Now()); }

 private:
  static std::unique_ptr<Server> server_;
  static std::unique_ptr<Tenant> acme_;
};

std::unique_ptr<Server> BadInputTest::server_;
std::unique_ptr<Tenant> BadInputTest::acme_;

// --- credentials

TEST_F(BadInputTest, WrongCredentialsAre401AndSayHowToDoBetter) {
  const std::string key = acme().key();
  std::string misspelt = key;
  misspelt.back() = misspelt.back() == 'a' ? 'b' : 'a';
  const std::string target = "/api/v1/me";
  EXPECT_EQ(StatusAndCode(Anyone().Get(target)), "401 gateway.no_credential");
  EXPECT_EQ(StatusAndCode(Anyone().WithKey("").Get(target)), "401 gateway.malformed_key");
  EXPECT_EQ(StatusAndCode(Anyone().WithKey(misspelt).Get(target)), "401 gateway.malformed_key");
  EXPECT_EQ(StatusAndCode(Anyone().WithKey(key + "x").Get(target)), "401 gateway.malformed_key");
  for (const char* scheme : {"Basic !", "Basic OmFiYw==", "Bearer", "Bearer ", "Digest a=b", "Negotiate"}) {
    EXPECT_EQ(Anyone().With("Authorization", scheme).Get(target).status, 401) << scheme;
  }
  EXPECT_EQ(StatusAndCode(Anyone().With("Cookie", "__Host-helios_session=abc").Get(target)), "401 identity.signed_out");
  EXPECT_EQ(Anyone().Get(target).Header("WWW-Authenticate"), "Bearer realm=\"helios\"");
  EXPECT_EQ(Anyone().With("Authorization", "Bearer " + key).Get(target).status, 200);
}

TEST_F(BadInputTest, AnIdThatIsNoneIsAbsent) {
  for (const char* id : {"1", "null", "'%20OR%201=1--", "%F0%9F%92%A3", "01a00000-0000-7000-8000-00000000000",
                         "01a00000-0000-7000-8000-0000000000000", "{01a00000-0000-7000-8000-000000000000}"}) {
    EXPECT_EQ(Acme().Get(std::string("/api/v1/models/") + id).status, 404) << id;
    EXPECT_EQ(Acme().Get(std::string("/api/v1/organizations/") + id).status, 404) << id;
  }
}

// --- the target and the method

TEST_F(BadInputTest, APathThatIsNoneIs404WhateverItIsSent) {
  for (const char* target : {"/nope", "/api/v1", "/api/v1/", "/api/v2/me", "/api/v1/me/", "/api/v1//me", "//api/v1/me",
                             "/API/v1/me", "/api/v1/models/", "/metrics"}) {
    EXPECT_EQ(StatusAndCode(Acme().Get(target)), "404 http.no_such_route") << target;
    EXPECT_EQ(StatusAndCode(Acme().Post(target, {{"metrics", json::array{}}})), "404 http.no_such_route") << target;
  }
}

TEST_F(BadInputTest, NoPathLeavesItsPlace) {
  for (const char* target : {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/../v1/me",
                             "/api/v1/%2e%2e/v1/me", "/api/v1/./me", "/api\\v1\\me"}) {
    EXPECT_EQ(Raw(std::string("GET ") + target, "\r\n").status, 404) << target;
  }
  for (const char* target :
       {"/api/v1%2fme", "/api/v1/models/..%2F..%2fv1%2fme", "/api/v1/models/%00", "/api/v1/models/%ff",
        "/api/v1/models/%", "/api/v1/models/%4", "/api/v1/models/%zz", "/api/v1/series?metric=%00", "api/v1/me"}) {
    EXPECT_EQ(Raw(std::string("GET ") + target, "\r\n").status, 400) << target;
  }
}

TEST_F(BadInputTest, AMethodThatAPathDoesNotHaveIs405WithThoseItHas) {
  const Answer get = Acme().Get("/api/v1/ingest");
  EXPECT_EQ(StatusAndCode(get), "405 http.method_not_allowed");
  EXPECT_EQ(get.Header("Allow"), "POST");
  const Answer put = Acme().Ask(Method::kPut, "/api/v1/users", json::object{{"name", "x"}});
  EXPECT_EQ(StatusAndCode(put), "405 http.method_not_allowed");
  EXPECT_THAT(put.Header("Allow"), AllOf(HasSubstr("GET"), HasSubstr("POST")));
  EXPECT_EQ(Acme().Delete("/healthz").Header("Allow"), "GET");
  EXPECT_EQ(Raw("BREW /api/v1/me", "\r\n").status, 405);
}

TEST_F(BadInputTest, AQueryParameterThatIsNoneIs400AndNamed) {
  const auto ask = [](const char* query) { return Acme().Get(std::string("/api/v1/series?") + query); };
  EXPECT_EQ(StatusAndCode(ask("limt=1")), "400 http.unknown_parameter");
  EXPECT_THAT(Detail(ask("limt=1")), HasSubstr("did you mean 'limit'"));
  for (const char* limit : {"0", "-1", "1001", "1.5", "x", "", "99999999999999999999"}) {
    EXPECT_EQ(StatusAndCode(ask(fmt::format("limit={}", limit).c_str())), "400 http.bad_parameter") << limit;
  }
  EXPECT_EQ(StatusAndCode(ask("cursor=00")), "400 http.bad_cursor");
  EXPECT_EQ(StatusAndCode(ask("match=%7Bhost%3D")), "400 query.bad_match");
  EXPECT_EQ(StatusAndCode(ask("match=%7Bhost%3D~%22(%22%7D")), "400 query.bad_regex");
}

// --- bodies

TEST_F(BadInputTest, MalformedJsonIs400WithThePosition) {
  const std::pair<const char*, int> cases[] = {{"", 0},
                                               {"{", 1},
                                               {R"({"metrics":[)", 12},
                                               {R"({"metrics":[{"name":"a","value":NaN}]})", 32},
                                               {R"({"metrics":[]}x)", 14},
                                               {"\xef\xbb\xbf{}", 0},
                                               {R"({"metrics":[],})", 14},
                                               {R"({'metrics':[]})", 1}};
  for (const auto& [body, position] : cases) {
    const Answer answer = Ingest(body);
    EXPECT_EQ(StatusAndCode(answer), "400 http.bad_json") << body;
    EXPECT_THAT(Detail(answer), HasSubstr(fmt::format("at byte {}", position))) << body;
  }
  const Answer query =
      Send(Method::kPost, "/api/v1/query", R"({"metric":"a",)", {{"Content-Type", "application/json"}});
  EXPECT_EQ(StatusAndCode(query), "400 http.bad_json");
  EXPECT_THAT(Detail(query), HasSubstr("at byte 14"));
}

TEST_F(BadInputTest, JsonThatIsNestedTooDeepIs400) {
  const std::string nested = R"({"metrics":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}";
  for (const char* target : {"/api/v1/ingest", "/api/v1/query", "/api/v1/predict", "/api/v1/organizations"}) {
    const Answer answer = Send(Method::kPost, target, nested, {{"Content-Type", "application/json"}});
    EXPECT_EQ(StatusAndCode(answer), "400 http.bad_json") << target;
    EXPECT_THAT(Detail(answer), HasSubstr("too deep")) << target;
  }
}

TEST_F(BadInputTest, AFieldThatIsNoneIs400AndNamed) {
  const Answer query = Acme().Post("/api/v1/query", {{"metric", "a"}, {"start", 0}, {"end", 1}, {"aggregte", "max"}});
  EXPECT_EQ(StatusAndCode(query), "400 http.unknown_field");
  EXPECT_THAT(Detail(query), HasSubstr("did you mean 'aggregate'"));
  EXPECT_THAT(Detail(Acme().Post("/api/v1/predict", {{"metric", "a"}, {"horizon", 5}})), HasSubstr("'horizon'"));
  const Answer owner = Anyone().Post("/api/v1/organizations", {{"name", "x"}, {"owner", {{"mail", "a@b"}}}});
  EXPECT_THAT(Detail(owner), HasSubstr("owner.")) << owner;
  EXPECT_EQ(StatusAndCode(Ingest(R"({"metrics":[],"source":"x"})")), "400 http.unknown_field");
}

TEST_F(BadInputTest, AFieldOfTheWrongKindIs400AndNamed) {
  const Answer answer = Acme().Post("/api/v1/query", {{"metric", 7}, {"start", 0}, {"end", 1}});
  EXPECT_EQ(StatusAndCode(answer), "400 http.bad_field");
  EXPECT_THAT(Detail(answer), AllOf(HasSubstr("'metric'"), HasSubstr("a number")));
  for (const char* body : {"[]", "null", "7", "\"x\"", "{}", R"({"metrics":{}})", R"({"metrics":null})"}) {
    EXPECT_EQ(StatusAndCode(Ingest(body)), "400 ingest.bad_envelope") << body;
  }
}

TEST_F(BadInputTest, AnotherTypeOrEncodingIs415) {
  for (const char* type : {"text/plain", "application/xml", "multipart/form-data", "application/x-protobuf"}) {
    EXPECT_EQ(StatusAndCode(Ingest(R"({"metrics":[]})", {{"Content-Type", type}})), "415 http.unsupported_type")
        << type;
    EXPECT_EQ(StatusAndCode(Send(Method::kPost, "/api/v1/query", "{}", {{"Content-Type", type}})),
              "415 http.unsupported_type");
  }
  EXPECT_EQ(Ingest(R"({"metrics":[]})", {{"Content-Type", "Application/JSON; charset=utf-8"}}).status, 200);
  EXPECT_EQ(StatusAndCode(Ingest("x", {{"Content-Type", "application/json"}, {"Content-Encoding", "br"}})),
            "415 http.unsupported_encoding");
  const auto write = [](const Fields& fields) {
    return StatusAndCode(Send(Method::kPost, "/api/v1/prometheus/write", "x", fields));
  };
  EXPECT_EQ(write({{"Content-Type", "application/json"}}), "415 http.unsupported_type");
  EXPECT_EQ(write({{"Content-Type", "application/x-protobuf;proto=io.prometheus.write.v3.Request"}}),
            "415 http.unsupported_type");
  EXPECT_EQ(write({{"Content-Type", "application/x-protobuf"}, {"Content-Encoding", "gzip"}}),
            "415 http.unsupported_encoding");
}

TEST_F(BadInputTest, ABodyThatIsTooLargeIs413DeclaredOrNot) {
  EXPECT_EQ(StatusAndCode(Raw("POST /api/v1/ingest", "Content-Length: 4194305\r\n\r\n")), "413 http.body_too_large");
  EXPECT_EQ(StatusAndCode(Raw("POST /api/v1/ingest", "Content-Length: 99999999999999999999\r\n\r\n")),
            "400 http.malformed");
  EXPECT_EQ(StatusAndCode(Raw("POST /api/v1/prometheus/write", "Content-Length: 16777217\r\n\r\n")),
            "413 http.body_too_large");
  EXPECT_EQ(StatusAndCode(Raw("PATCH /api/v1/organizations/" + acme().id(), "Content-Length: 65537\r\n\r\n")),
            "413 http.body_too_large");
  std::string chunks = "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5; ++i) chunks += "100000\r\n" + std::string(1U << 20U, ' ') + "\r\n";
  EXPECT_EQ(StatusAndCode(Raw("POST /api/v1/ingest", chunks + "0\r\n\r\n")), "413 http.body_too_large");
  std::string many = R"({"metrics":[)";
  for (int i = 0; i <= 50'000; ++i) many += R"({"name":"a","value":1},)";
  many.back() = ']';
  EXPECT_EQ(StatusAndCode(Ingest(many + "}")), "413 ingest.too_many_samples");
}

TEST_F(BadInputTest, ACompressedBodyIsTakenAndABombIsNot) {
  const Fields gzip = {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}};
  EXPECT_EQ(Ingest(Gzip(R"({"metrics":[{"name":"zipped","value":1}]})"), gzip).status, 200);
  EXPECT_EQ(acme().Query("zipped").size(), 1U);

  const std::string bomb = Gzip(std::string(64U << 20U, ' '));
  ASSERT_LT(bomb.size(), 100'000U);
  EXPECT_EQ(StatusAndCode(Ingest(bomb, gzip)), "413 http.body_too_large");
  EXPECT_EQ(StatusAndCode(Send(Method::kPost, "/api/v1/query", bomb, gzip)), "413 http.body_too_large");
  EXPECT_EQ(StatusAndCode(Ingest("no gzip", gzip)), "400 http.bad_encoding");
  EXPECT_EQ(StatusAndCode(Ingest(Gzip("{}").substr(0, 10), gzip)), "400 http.bad_encoding");
}

TEST_F(BadInputTest, ASnappyBombIs413AndDamageIs400) {
  // A varint that declares 2.7 GB, or a byte over 32 MiB, with nothing behind it.
  EXPECT_EQ(StatusAndCode(RemoteWrite("\x80\xd8\xbb\x85\x0a" + std::string(42, '\0'))), "413 http.body_too_large");
  EXPECT_EQ(StatusAndCode(RemoteWrite(std::string("\x81\x80\x80\x10\x00", 5))), "413 http.body_too_large");
  std::string zeros;
  const std::string plain((32U << 20U) + 1, '\0');
  snappy::Compress(plain.data(), plain.size(), &zeros);
  EXPECT_EQ(StatusAndCode(RemoteWrite(zeros)), "413 http.body_too_large");
  EXPECT_EQ(StatusAndCode(RemoteWrite("")), "400 ingest.bad_snappy");
  EXPECT_EQ(StatusAndCode(RemoteWrite("\xff\xff\xff\xff\xff\xff")), "400 ingest.bad_snappy");
  EXPECT_EQ(StatusAndCode(RemoteWrite("\x04\x0c"
                                      "abcd")),
            "400 ingest.bad_protobuf");
}

// --- samples

TEST_F(BadInputTest, ABadItemIsRefusedByItsIndexAndTheGoodOnesAreKept) {
  const std::int64_t now = Now();
  const std::string body = fmt::format(
      R"({{"metrics":[
        {{"name":"kept","value":1,"timestamp":{0}}},
        {{"name":"kept","value":"NaN"}},
        {{"name":"kept","value":null}},
        {{"name":"kept","value":2,"timestamp":{1}}},
        {{"name":"kept","value":2,"lables":{{}}}},
        {{"value":2}},
        {{"name":"kept","value":2,"timestamp":"yesterday"}},
        {{"name":"kept","value":2,"labels":{{"a":1}}}},
        {{"name":"helios:kept","value":2}},
        {{"name":"kept","value":2,"timestamp":0}},
        {{"name":"kept","value":100000000000000000000,"timestamp":{2}}},
        5
      ]}})",
      now, now + 660'000, now + 1);
  const Answer answer = Ingest(body);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Accepted(answer), 2);
  EXPECT_THAT(Refusals(answer), ElementsAre("1 ingest.bad_value", "2 ingest.bad_value", "3 ingest.future_timestamp",
                                            "4 ingest.unknown_field", "5 ingest.bad_metric_name",
                                            "6 ingest.bad_timestamp", "7 ingest.bad_label_value",
                                            "8 ingest.bad_metric_name", "9 ingest.too_old", "11 ingest.bad_item"));
  EXPECT_THAT(TextOf(answer.Json().at("errors").at(3), "detail"), HasSubstr("did you mean 'labels'"));
  EXPECT_THAT(acme().Query("kept"), ElementsAre(Point{now, 1}, Point{now + 1, 1e20}));
}

TEST_F(BadInputTest, OrderDuplicatesAndConflictsAreJudgedAgainstWhatIsStored) {
  const std::int64_t now = Now();
  const auto send = [](std::int64_t time, double value) {
    const std::vector<Sample> samples = {{.metric = "ordered", .time = FromUnixMs(time), .value = value}};
    return acme().Ingest(samples);
  };
  ASSERT_EQ(send(now, 1).status, 200);
  EXPECT_EQ(Accepted(send(now, 1)), 1) << "the same again is accepted";
  EXPECT_THAT(Refusals(send(now, 2)), ElementsAre("0 ingest.conflicting_value"));
  EXPECT_EQ(send(now - 3'600'000, 3).status, 200) << "an hour late is in order";
  EXPECT_THAT(Refusals(send(now - 3'600'001, 4)), ElementsAre("0 ingest.out_of_order"));
  EXPECT_THAT(Refusals(send(now + 700'000, 5)), ElementsAre("0 ingest.future_timestamp"));
  EXPECT_THAT(acme().Query("ordered"), ElementsAre(Point{now - 3'600'000, 3}, Point{now, 1}));
}

TEST_F(BadInputTest, RemoteWriteIsRefusedSampleBySampleToo) {
  const std::int64_t now = Now();
  const std::vector<Sample> samples = {{.metric = "written", .time = FromUnixMs(now), .value = 1},
                                       {.metric = "written", .time = FromUnixMs(INT64_MAX), .value = 1},
                                       {.metric = "written", .time = FromUnixMs(INT64_MIN), .value = 1},
                                       {.metric = "", .time = FromUnixMs(now), .value = 1},
                                       {.metric = "written", .time = FromUnixMs(now + 1), .value = 2}};
  const Answer answer = acme().RemoteWrite(samples);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(Refusals(answer),
              ElementsAre("1 ingest.future_timestamp", "2 ingest.too_old", "3 ingest.bad_metric_name"));
  EXPECT_THAT(acme().Query("written"), ElementsAre(Point{now, 1}, Point{now + 1, 2}));
}

TEST_F(BadInputTest, AnErrorIsAProblemDocumentWithTheRequestsId) {
  http::Headers headers;
  headers.Add("X-Request-Id", "test-1");
  const Answer answer = ApiClient(server().Origin()).Send(Method::kGet, "/api/v1/me", "", headers);
  EXPECT_EQ(answer.Header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.Header("X-Request-Id"), "test-1");
  EXPECT_EQ(TextOf(answer.Json(), "request_id"), "test-1");
}

TEST_F(BadInputTest, AnIdempotencyKeyGivesAnErrorAgainAsTheProblemThatItWas) {
  const Caller owner = SignIn(server().Origin(), OwnerEmail("acme")).With("Idempotency-Key", "again");
  const json::object bad = {{"email", "no address"}, {"name", "x"}};
  const Answer first = owner.Post("/api/v1/users", bad);
  const Answer again = owner.Post("/api/v1/users", bad);
  EXPECT_EQ(StatusAndCode(first), "400 identity.bad_email");
  EXPECT_EQ(StatusAndCode(again), "400 identity.bad_email");
  EXPECT_EQ(again.Header("Idempotency-Replayed"), "true");
  EXPECT_EQ(again.Header("Content-Type"), "application/problem+json");
  EXPECT_EQ(StatusAndCode(owner.Post("/api/v1/users", {{"email", "a@b.example"}, {"name", "x"}})),
            "422 idempotency.key_reused");
}

// --- limits

TEST_F(BadInputTest, RequestsOverThePlansRateAre429AndSayWhen) {
  const Tenant starter = server().NewTenant("slow-requests", "starter");
  const Caller caller = Anyone().WithKey(starter.key());
  const Answer first = caller.Get("/api/v1/me");
  EXPECT_EQ(first.Header("RateLimit-Policy"), R"("minute";q=100;w=60, "hour";q=5000;w=3600)");
  EXPECT_THAT(first.Header("RateLimit"), MatchesRegex(R"("minute";r=99;t=[0-9]+)"));
  // A minute may end in between: two of them together let at most 200 pass.
  Answer refused;
  for (int sent = 0; sent <= 200 && refused.status != 429; ++sent) refused = caller.Get("/api/v1/me");
  EXPECT_EQ(StatusAndCode(refused), "429 gateway.rate_limited");
  EXPECT_THAT(refused.Header("Retry-After"), MatchesRegex("[1-9][0-9]*"));
  EXPECT_THAT(refused.Header("RateLimit"), MatchesRegex(R"("minute";r=0;t=[0-9]+)"));
  // Another key of the organization is as empty; another organization is not; samples are counted by themselves.
  EXPECT_EQ(Acme().Get("/api/v1/me").status, 200);
  EXPECT_EQ(caller.Post("/api/v1/ingest", {{"metrics", {{{"name", "a"}, {"value", 1}}}}}).status, 200);
}

TEST_F(BadInputTest, SamplesOverThePlansRateAre503AndSayWhen) {
  Tenant starter = server().NewTenant("slow-samples", "starter");
  const TimestampMs now = SystemClock().Now();
  std::vector<Sample> burst;
  for (int i = 0; i < 20'000; ++i) {
    burst.push_back({.metric = "burst", .time = now - std::chrono::milliseconds{i}, .value = 1});
  }
  ASSERT_EQ(starter.Ingest(burst).status, 200) << "twenty seconds' worth at once is allowed";
  const Answer refused = starter.Ingest(burst);
  EXPECT_EQ(StatusAndCode(refused), "503 ingest.rate_limited");
  EXPECT_THAT(refused.Header("Retry-After"), MatchesRegex("[1-9][0-9]*"));
  EXPECT_EQ(StatusAndCode(starter.RemoteWrite(burst)), "503 ingest.rate_limited");
}

}  // namespace
}  // namespace helios::testing
