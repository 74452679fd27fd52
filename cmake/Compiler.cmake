# The compiler, the language and what every target is compiled with.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13
   AND NOT ONDOL_ALLOW_GCC12)
  message(FATAL_ERROR
    "GCC ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries of a co_await expression twice. "
    "Use clang 19 (the presets do) or GCC 13; -DONDOL_ALLOW_GCC12=ON overrides this.")
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 18)
  message(FATAL_ERROR "clang ${CMAKE_CXX_COMPILER_VERSION} cannot read the field names of a struct; use clang 18 or newer.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(ONDOL_CCACHE ccache)
if(ONDOL_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${ONDOL_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ONDOL_CCACHE})
endif()

add_library(ondol_options INTERFACE)
target_compile_options(ondol_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(ondol_options INTERFACE -Wno-missing-field-initializers)
  add_link_options(-fuse-ld=lld)
endif()

if(ONDOL_SANITIZE)
  string(REPLACE ";" "," ondol_sanitizers "${ONDOL_SANITIZE}")
  add_compile_options(-fsanitize=${ondol_sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ondol_sanitizers})
endif()
if(ONDOL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
