# ondol_module(): one module of the library, its level, its tests.
#
# A module may use only modules on lower levels, and only those that it names in DEPENDS. An arrow that
# points up or sideways stops the configure step.

set(ondol_levels
  base:0
  log:1 json:1
  runtime:2 config:2 security:2
  http:3 bind:3 stomp:3 storage:3
  web:4 websocket:4 messaging:4
  gateway:5
  boot:6)

function(ondol_level name result)
  foreach(entry IN LISTS ondol_levels)
    if(entry MATCHES "^${name}:([0-9]+)$")
      set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "Module '${name}' has no level in cmake/Modules.cmake.")
endfunction()

# ondol_test(name SOURCES … LIBRARIES …): one GoogleTest program.
function(ondol_test name)
  if(NOT ONDOL_TESTS)
    return()
  endif()
  cmake_parse_arguments(T "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE ${T_LIBRARIES} ondol_options GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()

# ondol_fuzz(name SOURCE LIBRARIES …): one libFuzzer program.
function(ondol_fuzz name source)
  if(NOT ONDOL_FUZZ)
    return()
  endif()
  add_executable(${name} ${source})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${ARGN} ondol_options)
endfunction()

function(ondol_module name)
  cmake_parse_arguments(M "" "" "DEPENDS;SOURCES;TESTS;FUZZ;PUBLIC_LIBRARIES;LIBRARIES" ${ARGN})
  ondol_level(${name} level)
  foreach(dependency IN LISTS M_DEPENDS)
    ondol_level(${dependency} dependency_level)
    if(NOT dependency_level LESS level)
      message(FATAL_ERROR
        "ondol/${name} (level ${level}) may not use ondol/${dependency} (level ${dependency_level}): arrows point down.")
    endif()
  endforeach()
  ondol_check_includes(${name} ${M_DEPENDS})

  list(TRANSFORM M_DEPENDS PREPEND ondol_ OUTPUT_VARIABLE libraries)
  add_library(ondol_${name} STATIC ${M_SOURCES})
  target_include_directories(ondol_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(ondol_${name} PUBLIC ${libraries} ${M_PUBLIC_LIBRARIES} PRIVATE ${M_LIBRARIES} ondol_options)

  if(M_TESTS)
    ondol_test(ondol_${name}_test SOURCES ${M_TESTS} LIBRARIES ondol_${name} ${M_LIBRARIES})
  endif()
  foreach(source IN LISTS M_FUZZ)
    get_filename_component(stem ${source} NAME_WE)
    ondol_fuzz(${name}_${stem} ${source} ondol_${name})
  endforeach()
endfunction()

# Stops when a file of the module includes a module that it may not use, or another module's detail/.
function(ondol_check_includes name)
  set(allowed ${name} ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS *.hpp *.cpp)
  foreach(file IN LISTS files)
    file(STRINGS ${file} includes REGEX "^#include [\"<]ondol/[a-z0-9_]+/")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE "^#include [\"<]ondol/([a-z0-9_]+)/.*" "\\1" module "${include}")
      ondol_closure(closure ${allowed})
      if(NOT module IN_LIST closure)
        message(FATAL_ERROR "${file}: ${include}\nondol/${name} does not name '${module}' in DEPENDS.")
      endif()
      if(NOT module STREQUAL name AND include MATCHES "/detail/")
        message(FATAL_ERROR "${file}: ${include}\ndetail/ is private to ondol/${module}.")
      endif()
    endforeach()
  endforeach()
  set_property(GLOBAL PROPERTY ondol_depends_${name} ${ARGN})
endfunction()

function(ondol_closure result)
  set(todo ${ARGN})
  set(done)
  while(todo)
    list(POP_FRONT todo module)
    if(NOT module IN_LIST done)
      list(APPEND done ${module})
      get_property(more GLOBAL PROPERTY ondol_depends_${module})
      list(APPEND todo ${more})
    endif()
  endwhile()
  set(${result} ${done} PARENT_SCOPE)
endfunction()

function(ondol_add_modules)
  foreach(entry IN LISTS ondol_levels)
    string(REGEX REPLACE ":.*" "" name ${entry})
    if(EXISTS ${PROJECT_SOURCE_DIR}/ondol/${name}/CMakeLists.txt)
      add_subdirectory(ondol/${name})
    endif()
  endforeach()
endfunction()
