# ONNX Runtime's C/C++ API: the system's package, else the prefix that scripts/fetch-onnxruntime.sh fills.
set(SYNCPOINT_ONNXRUNTIME_PREFIX ${CMAKE_SOURCE_DIR}/.deps/onnxruntime
    CACHE PATH "Prefix with include/onnxruntime and lib/libonnxruntime.so")
find_path(OnnxRuntime_INCLUDE_DIR onnxruntime_cxx_api.h
          PATH_SUFFIXES onnxruntime onnxruntime/core/session
          HINTS ${SYNCPOINT_ONNXRUNTIME_PREFIX}/include)
find_library(OnnxRuntime_LIBRARY onnxruntime HINTS ${SYNCPOINT_ONNXRUNTIME_PREFIX}/lib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnnxRuntime
  REQUIRED_VARS OnnxRuntime_LIBRARY OnnxRuntime_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run scripts/setup.sh, or use the preset 'minimal' to build without running models")
if(OnnxRuntime_FOUND AND NOT TARGET OnnxRuntime::OnnxRuntime)
  add_library(OnnxRuntime::OnnxRuntime SHARED IMPORTED)
  set_target_properties(OnnxRuntime::OnnxRuntime PROPERTIES
    IMPORTED_LOCATION ${OnnxRuntime_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${OnnxRuntime_INCLUDE_DIR})
endif()
