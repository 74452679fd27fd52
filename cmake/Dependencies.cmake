# Every third party, each with its reason. Debian 12 has them all; scripts/dependencies lists the packages.

find_package(Threads REQUIRED)                       # loops and workers
find_package(Boost 1.81 REQUIRED COMPONENTS json)    # JSON parser, PFR
find_package(OpenSSL 3 REQUIRED)                     # HMAC, scrypt, SHA-1 of the handshake, random
find_package(ZLIB REQUIRED)                          # permessage-deflate
find_package(fmt REQUIRED)                           # formatting
find_package(spdlog REQUIRED)                        # log sinks, behind ondol/log
find_package(yaml-cpp REQUIRED)                      # application.yaml
find_package(CLI11 REQUIRED)                         # the command line
find_package(SQLite3 3.40 REQUIRED)                  # the embedded store
if(ONDOL_TESTS)
  find_package(GTest REQUIRED)
endif()

# Debian ships llhttp as C sources with lenient parsing compiled in by default; strict mode is switched on here.
find_path(LLHTTP_SOURCES llhttp.c PATHS /usr/share/llhttp REQUIRED NO_DEFAULT_PATH)
find_path(LLHTTP_INCLUDE llhttp.h PATHS /usr/share/include/llhttp REQUIRED NO_DEFAULT_PATH)
add_library(llhttp STATIC ${LLHTTP_SOURCES}/llhttp.c ${LLHTTP_SOURCES}/api.c ${LLHTTP_SOURCES}/http.c)
target_include_directories(llhttp SYSTEM PUBLIC ${LLHTTP_INCLUDE})
target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)

