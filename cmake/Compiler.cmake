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
  target_compile_options(syncpoint_options INTERFACE -Wno-unknown-warning-option)
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

# syncpoint_precompile(target header…): reads these headers once for the whole target, a quarter off the build's time. Only
# where SYNCPOINT_PRECOMPILE_HEADERS asks for it, so that the other builds find an include that a file forgot.
function(syncpoint_precompile target)
  if(SYNCPOINT_PRECOMPILE_HEADERS)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # gcc 12 sees overruns in a precompiled <string> that are not there.
    target_compile_options(${target} PRIVATE -Wno-error=array-bounds)
  endif()
endfunction()

# A layer is one static library; its folders add their own sources with target_sources().
function(syncpoint_layer name)
  add_library(${name} STATIC)
  target_link_libraries(${name} PUBLIC syncpoint_options ${ARGN})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  syncpoint_precompile(${name} 
    <algorithm> <filesystem> <fmt/format.h> <map> <memory> <optional> <span> <string> <unordered_map> <vector>)
endfunction()
