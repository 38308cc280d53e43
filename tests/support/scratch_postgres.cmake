# SPDX-License-Identifier: LicenseRef-Helios-Commercial
# helios_test_support_pg: scratch databases for tests, see scratch_postgres.h. Included by src/pg, so that it is there
# for every module above it: TEST_LIBS helios_test_support_pg.

add_executable(scratch-postgres ${CMAKE_CURRENT_LIST_DIR}/scratch_postgres_main.cc)
target_link_libraries(scratch-postgres PRIVATE helios_pg helios_flags)

add_library(helios_test_support_pg STATIC ${CMAKE_CURRENT_LIST_DIR}/scratch_postgres.cc)
target_include_directories(helios_test_support_pg PUBLIC ${CMAKE_SOURCE_DIR})
target_compile_definitions(helios_test_support_pg PRIVATE
  HELIOS_SCRATCH_POSTGRES_PROGRAM="$<TARGET_FILE:scratch-postgres>")
target_link_libraries(helios_test_support_pg PUBLIC helios_pg PRIVATE helios_flags PostgreSQL::PostgreSQL)
add_dependencies(helios_test_support_pg scratch-postgres)
