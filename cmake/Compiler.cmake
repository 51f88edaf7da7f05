# Warnings, sanitizers and the compiler cache: one interface target that every own target links.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_library(syncpoint_options INTERFACE)
target_include_directories(syncpoint_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(syncpoint_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wuseless-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wdouble-promotion -Wformat=2
  -Wimplicit-fallthrough -Wduplicated-cond -Wlogical-op -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(syncpoint_options INTERFACE -w) # the warnings above are gcc's
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(syncpoint_options INTERFACE -O2)
endif()
if(SYNCPOINT_SANITIZE)
  target_compile_options(syncpoint_options INTERFACE
    -fsanitize=${SYNCPOINT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    -Wno-error=maybe-uninitialized) # gcc 12 sees ghosts in <regex> once sanitizers are in
  target_link_options(syncpoint_options INTERFACE -fsanitize=${SYNCPOINT_SANITIZE})
endif()

# syncpoint_join_files(target): compiles the files of a folder together, a few at a time. Templates of the standard library, of
# JSON and of gmock are most of the work, and every file makes its own otherwise: a clean build takes a third of the time.
# Only where SYNCPOINT_JOIN_FILES asks for it, so that the other builds find an include that a file forgot. Names in
# unnamed namespaces are therefore unique within a folder.
function(syncpoint_join_files target)
  if(NOT SYNCPOINT_JOIN_FILES)
    return()
  endif()
  set(most 8)
  get_target_property(sources ${target} SOURCES)
  get_target_property(base ${target} SOURCE_DIR)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${base})
    if(source MATCHES "\\.cpp$" AND NOT source MATCHES "_kernels\\.cpp$") # Highway reads those several times
      get_filename_component(folder ${source} DIRECTORY)
      string(MAKE_C_IDENTIFIER "${folder}" id)
      math(EXPR count_${id} "0${count_${id}} + 1")
      math(EXPR part "(${count_${id}} - 1) / ${most}")
      set_property(SOURCE ${source} TARGET_DIRECTORY ${target} PROPERTY UNITY_GROUP ${id}_${part})
    endif()
  endforeach()
  # gcc takes a fixture in an unnamed namespace for a mistake when its file is not the main one.
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# A layer is one static library; its folders add their own sources with target_sources().
function(syncpoint_layer name)
  add_library(${name} STATIC)
  target_link_libraries(${name} PUBLIC syncpoint_options ${ARGN})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL syncpoint_join_files ${name})")
endfunction()
