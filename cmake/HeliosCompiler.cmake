# SPDX-License-Identifier: Apache-2.0
# Flags that every target shares. Releases run on any x86-64-v2 machine; faster paths are chosen at run time.

add_library(helios_flags INTERFACE)
target_compile_options(helios_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wno-overlength-strings
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror
  -fno-omit-frame-pointer -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(helios_flags INTERFACE -Wthread-safety -Wno-c23-extensions)
endif()
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(helios_flags INTERFACE -march=x86-64-v2)
endif()
# No debug information in a release build: it would be half of the build's time and disk.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -D_FORTIFY_SOURCE=2 -U_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1 -D_GLIBCXX_ASSERTIONS")

if(HELIOS_SANITIZE)
  target_compile_options(helios_flags INTERFACE -fsanitize=${HELIOS_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(helios_flags INTERFACE -fsanitize=${HELIOS_SANITIZE})
endif()
if(HELIOS_FUZZ)
  target_compile_options(helios_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(HELIOS_CCACHE ccache)
if(HELIOS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HELIOS_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${HELIOS_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld-19)
endif()
