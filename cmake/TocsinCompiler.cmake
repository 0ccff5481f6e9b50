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
# What a mistake that is left could do is bounded: checked copies, guarded returns, nothing that is both written and run.
option(TOCSIN_HARDEN "Build with fortified functions, stack protector, control-flow protection and full RELRO" ON)
if(TOCSIN_HARDEN AND NOT TOCSIN_SANITIZE AND NOT TOCSIN_FUZZ)
  set(optimised $<NOT:$<CONFIG:Debug>>)
  target_compile_options(tocsin_flags INTERFACE -fstack-protector-strong -fstack-clash-protection
    $<${optimised}:-U_FORTIFY_SOURCE> $<${optimised}:-D_FORTIFY_SOURCE=3>)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    target_compile_options(tocsin_flags INTERFACE -fcf-protection)
  endif()
  target_link_options(tocsin_flags INTERFACE LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
endif()
# gcc clears and copies structs by rep stos and rep movs, which take some 30 cycles to begin: a tenth of a short document.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$" AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(tocsin_flags INTERFACE
    -mmemset-strategy=vector_loop:256:noalign,libcall:-1:noalign -mmemcpy-strategy=vector_loop:256:noalign,libcall:-1:noalign)
endif()
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
  # What a sanitizer prints names functions and lines. What a debugger wants besides takes a quarter more time to compile.
  target_compile_options(tocsin_flags INTERFACE ${sanitize} -g1)
  target_link_options(tocsin_flags INTERFACE ${sanitize})
endif()
