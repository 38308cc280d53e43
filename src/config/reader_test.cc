// SPDX-License-Identifier: Apache-2.0
#include "config/reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"

namespace helios::config {
namespace {

class ReaderTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  Result<Reader> Open(std::string_view toml, std::map<std::string, std::string> variables = {}) {
    EXPECT_TRUE(WriteFileAtomically(file_, toml));
    return Reader::Open(file_, [variables = std::move(variables)](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  }

  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / fmt::format("helios-config-test-{}.toml", ::getpid());
};

TEST_F(ReaderTest, ReadsEveryKindOfValue) {
  auto reader =
      Open("listen = \"a:1\"\nservices = [\"tenant\", \"billing\"]\n[http]\nthreads = 3\n[tls]\nself_signed = true\n");
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  EXPECT_EQ(reader->String("listen"), "a:1");
  EXPECT_EQ(reader->Strings("services"), (std::vector<std::string>{"tenant", "billing"}));
  EXPECT_EQ(reader->Integer("http.threads", 1, 64), 3);
  EXPECT_EQ(reader->Bool("tls.self_signed"), true);
  EXPECT_EQ(reader->String("data_dir"), std::nullopt);
  EXPECT_TRUE(reader->Finish());
}

TEST_F(ReaderTest, LetsTheEnvironmentOverride) {
  auto reader = Open("[http]\nthreads = 3\n", {{"HELIOS_HTTP_THREADS", "8"}, {"HELIOS_SERVICES", "a,b"}});
  EXPECT_EQ(reader->Integer("http.threads", 1, 64), 8);
  EXPECT_EQ(reader->Strings("services"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(reader->Finish());
}

TEST_F(ReaderTest, NamesTheNearestKnownKey) {
  auto reader = Open("lisen = \"a:1\"\n");
  static_cast<void>(reader->String("listen"));
  const auto finished = reader->Finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().reason, "config.unknown_key");
  EXPECT_NE(finished.error().message.find("did you mean listen?"), std::string::npos) << finished.error().message;
}

TEST_F(ReaderTest, RefusesBadValuesAndBadToml) {
  auto reader = Open("[http]\nthreads = 0\n");
  static_cast<void>(reader->Integer("http.threads", 1, 64));
  EXPECT_NE(reader->Finish().error().message.find("got 0; want a whole number from 1 to 64"), std::string::npos);

  const auto broken = Open("listen = \n");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().reason, "config.bad_toml");
  EXPECT_NE(broken.error().message.find("line 1"), std::string::npos);
  EXPECT_EQ(Reader::Open("/nonexistent/helios.toml").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace helios::config
