cmake_minimum_required(VERSION 3.25)
# Fails when the command-line tool needs a Qt or X11 library at run time.
execute_process(COMMAND ldd ${BINARY} OUTPUT_VARIABLE libraries RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR libraries MATCHES "not found")
  message(FATAL_ERROR "ldd ${BINARY} failed:\n${libraries}")
endif()
if(libraries MATCHES "libQt|libX11|libxcb|libonnxruntime")
  message(FATAL_ERROR "${BINARY} links what it must not:\n${libraries}")
endif()
