# How everything is compiled: C17, hidden symbols, the warnings that the tree is kept clean of.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug, …" FORCE)
endif()

add_library(tocsin_flags INTERFACE)
target_compile_definitions(tocsin_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(tocsin_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wvla -Wundef
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes>
  $<$<BOOL:${TOCSIN_WERROR}>:-Werror>)
# What is built does not depend on where: names of files are those in the tree.
target_compile_options(tocsin_flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
if(TOCSIN_PORTABLE)
  target_compile_definitions(tocsin_flags INTERFACE TOCSIN_PORTABLE=1)
endif()
if(TOCSIN_SMALL_BUFFERS)
  target_compile_definitions(tocsin_flags INTERFACE TOCSIN_SMALL_BUFFERS=1)
endif()
if(TOCSIN_FUZZ)
  target_compile_options(tocsin_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TOCSIN_SANITIZE)
  set(sanitize -fsanitize=${TOCSIN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_compile_options(tocsin_flags INTERFACE ${sanitize} -g)
  target_link_options(tocsin_flags INTERFACE ${sanitize})
endif()
