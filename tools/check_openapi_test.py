#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import unittest

import check_openapi
from fixture import TreeTest

SERVICE = """
tenancy::Routes ModelService::MakeRoutes() {
  return {route(Method::kGet, "/api/v1/models", "listModels", Permission::kDataRead, &Self::List),
          route(Method::kDelete, "/api/v1/models/{id}",
                "deleteModel", Permission::kTrain, &Self::Delete)};
}
"""
DESIGNATED = """
tenancy::Routes HealthRoutes(const Ready& ready) {
  return {{.method = http::Method::kGet,
           .pattern = "/healthz",
           .operation = "healthz"}};
}
"""
HEALTH = "  /healthz: {get: {operationId: healthz}}\n"
DOCUMENT = (
    "paths:\n"
    "  /api/v1/models: {get: {operationId: listModels}}\n"
    "  /api/v1/models/{id}: {delete: {operationId: deleteModel}}\n"
)


class CheckOpenapi(TreeTest):
    def problems(self, document: str, **sources: str) -> list[str]:
        files = {f"src/training/{name}.cc": text for name, text in sources.items()}
        return check_openapi.check(self.make_tree(files | {"docs/api/openapi.yaml": document}))[0]

    def test_routes_that_are_described_pass_however_they_are_written(self):
        self.assert_problems(self.problems(DOCUMENT + HEALTH, service=SERVICE, health=DESIGNATED))

    def test_a_route_that_is_not_described_is_named_with_its_line(self):
        self.assert_problems(self.problems(DOCUMENT, service=SERVICE, health=DESIGNATED), "health.cc:4: GET /healthz (healthz) is not in")

    def test_an_operation_that_nothing_serves_is_refused(self):
        self.assert_problems(self.problems(DOCUMENT + HEALTH, service=SERVICE), "describes GET /healthz (healthz)")

    def test_another_method_is_another_operation(self):
        self.assert_problems(self.problems(DOCUMENT.replace("get:", "post:"), service=SERVICE), "GET /api/v1/models", "POST /api/v1/models")

    def test_both_sides_use_one_name(self):
        self.assert_problems(self.problems(DOCUMENT.replace("listModels", "models"), service=SERVICE), "is listModels here and models in")

    def test_two_listeners_may_answer_the_same_request(self):
        self.assert_problems(self.problems(DOCUMENT + HEALTH, service=SERVICE, health=DESIGNATED, operator=DESIGNATED))

    def test_routes_written_in_another_way_are_not_overlooked(self):
        hidden = 'tenancy::Routes HiddenRoutes() { return Make(kGet, kPath, kName); }'
        self.assert_problems(self.problems(DOCUMENT, service=SERVICE, hidden=hidden), "hidden.cc: makes routes that cannot be read")

    def test_a_test_makes_no_routes(self):
        self.assert_problems(self.problems(DOCUMENT, service=SERVICE, health_test=DESIGNATED))

    def test_codes_are_listed_and_answered(self):
        fails = SERVICE + 'auto a = Fail(kNotFound, "training.no_such_model", "…"); auto b = Fail(kInternal, "pg.oops", "…");'
        listed = DOCUMENT + "info: {description: '`training.no_such_model`: none'}\n"
        self.assert_problems(self.problems(listed, service=fails))
        self.assert_problems(self.problems(DOCUMENT, service=fails), "lists nowhere the code training.no_such_model")
        self.assert_problems(self.problems(listed, service=SERVICE), "lists the code training.no_such_model, which nothing answers")

    def test_a_code_in_a_comment_is_answered_by_nobody(self):
        comment = SERVICE + '// "training.no_such_model"\n'
        self.assert_problems(self.problems(DOCUMENT, service=comment))


if __name__ == "__main__":
    unittest.main()
