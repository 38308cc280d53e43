# SPDX-License-Identifier: Apache-2.0
# helios_module(): one folder of src/ is one module, one target, one namespace.
#
#   helios_module(alerting
#     LAYER   feature                   # its rank, below
#     SOURCES a.cc b.cc
#     SQL     sql/find_rule.sql         # embedded as alerting::sql::kFindRule in "alerting/sql.h"
#     DEPS    base obs pg tenancy       # modules of a lower rank whose headers it includes
#     LIBS    Boost::json               # third-party, also for those who include its headers
#     PRIVATE_LIBS PkgConfig::argon2    # third-party, in its sources alone
#     TESTS   a_test.cc                 # one executable, alerting_test
#     BENCHES a_bench.cc                # one executable, alerting_bench (HELIOS_BENCHES)
#     FUZZ    a_fuzz.cc)                # one executable each, fuzz_alerting_a (HELIOS_FUZZ); see HeliosFuzz.cmake
#                                       # FUZZ_SOURCES: sources that these need and no header leads to

set(HELIOS_RANK_base 0)
set(HELIOS_RANK_obs 1)
set(HELIOS_RANK_engine 2)
set(HELIOS_RANK_platform 2)
set(HELIOS_RANK_adapter 3)
set(HELIOS_RANK_tenancy 4)
set(HELIOS_RANK_feature 5)
set(HELIOS_RANK_edge 6)
set(HELIOS_RANK_app 7)

# Adds `dir` when it is there and was asked for (HELIOS_ONLY).
function(helios_add_subdirectory dir name)
  if(HELIOS_ONLY AND NOT name IN_LIST HELIOS_ONLY)
    return()
  endif()
  if(EXISTS ${CMAKE_SOURCE_DIR}/${dir}/CMakeLists.txt)
    add_subdirectory(${dir})
  endif()
endfunction()

function(helios_module name)
  cmake_parse_arguments(ARG "" "LAYER" "SOURCES;SQL;DEPS;LIBS;PRIVATE_LIBS;TESTS;TEST_LIBS;BENCHES;FUZZ;FUZZ_SOURCES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "helios_module(${name}): unknown argument ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT DEFINED HELIOS_RANK_${ARG_LAYER})
    message(FATAL_ERROR "helios_module(${name}): no layer '${ARG_LAYER}'; see cmake/HeliosModule.cmake")
  endif()
  set_property(GLOBAL PROPERTY HELIOS_LAYER_${name} ${ARG_LAYER})
  foreach(dep ${ARG_DEPS})
    get_property(dep_layer GLOBAL PROPERTY HELIOS_LAYER_${dep})
    if(NOT dep_layer)
      message(FATAL_ERROR "${name} depends on ${dep}, which is not a module defined before it")
    endif()
    if(NOT HELIOS_RANK_${dep_layer} LESS HELIOS_RANK_${ARG_LAYER})
      message(FATAL_ERROR "${name} (${ARG_LAYER}) cannot depend on ${dep} (${dep_layer}): "
                          "a module depends on lower layers only; see docs/architecture.md")
    endif()
  endforeach()

  set(generated ${CMAKE_BINARY_DIR}/generated/${name})
  set(sources ${ARG_SOURCES})
  if(ARG_SQL)
    list(TRANSFORM ARG_SQL PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sql_files)
    add_custom_command(
      OUTPUT ${generated}/${name}/sql.h
      COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/embed.py sql ${name} ${generated}/${name}/sql.h ${sql_files}
      DEPENDS ${sql_files} ${CMAKE_SOURCE_DIR}/tools/embed.py VERBATIM)
    list(APPEND sources ${generated}/${name}/sql.h)
  endif()

  list(TRANSFORM ARG_DEPS PREPEND helios_ OUTPUT_VARIABLE dep_targets)
  add_library(helios_${name} STATIC ${sources})
  target_include_directories(helios_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${generated})
  target_link_libraries(helios_${name} PUBLIC ${dep_targets} ${ARG_LIBS} PRIVATE helios_flags ${ARG_PRIVATE_LIBS})

  if(HELIOS_TESTS AND ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE helios_${name} helios_flags ${ARG_PRIVATE_LIBS} ${ARG_TEST_LIBS} GTest::gmock GTest::gtest_main)
    add_test(NAME unit.${name} COMMAND ${name}_test)
  endif()
  helios_fuzz(${name} SOURCES ${ARG_FUZZ} EXTRA ${ARG_FUZZ_SOURCES} LIBS ${ARG_LIBS} ${ARG_PRIVATE_LIBS})
  if(HELIOS_BENCHES AND ARG_BENCHES)
    add_executable(${name}_bench ${ARG_BENCHES})
    target_link_libraries(${name}_bench PRIVATE helios_${name} helios_flags ${ARG_PRIVATE_LIBS} benchmark::benchmark_main)
  endif()
endfunction()

# Embeds files as bytes: `symbol` becomes a `const std::vector<helios::EmbeddedFile>&` function of `header`.
#   helios_embed(TARGET helios_pg HEADER pg/migrations_data.h NAMESPACE pg FUNCTION DirectoryMigrations FILES …)
function(helios_embed)
  cmake_parse_arguments(ARG "" "TARGET;HEADER;NAMESPACE;FUNCTION" "FILES" ${ARGN})
  set(generated ${CMAKE_BINARY_DIR}/generated/${ARG_TARGET})
  add_custom_command(
    OUTPUT ${generated}/${ARG_HEADER}
    COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/embed.py files ${ARG_NAMESPACE} ${ARG_FUNCTION} ${generated}/${ARG_HEADER} ${ARG_FILES}
    DEPENDS ${ARG_FILES} ${CMAKE_SOURCE_DIR}/tools/embed.py VERBATIM)
  target_sources(${ARG_TARGET} PRIVATE ${generated}/${ARG_HEADER})
  target_include_directories(${ARG_TARGET} PRIVATE ${generated})
endfunction()
