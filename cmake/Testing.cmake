# The common part of both kinds of test below.
function(syncpoint_add_test name)
  target_compile_definitions(${name} PRIVATE SYNCPOINT_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  add_test(NAME ${name} COMMAND ${name})
  set(environment "QT_QPA_PLATFORM=offscreen"
    "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/leaks_of_others.supp:print_suppressions=0"
    "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/races_of_others.supp")
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${environment}" TIMEOUT 300)
endfunction()

# syncpoint_test(name SOURCES a_test.cpp… LIBRARIES target…)
# One executable and one CTest entry; SYNCPOINT_TEST_DATA is tests/data.
function(syncpoint_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE syncpoint_options ${arg_LIBRARIES} GTest::gmock GTest::gtest_main)
  syncpoint_join_files(${name})
  syncpoint_add_test(${name})
endfunction()

# syncpoint_gui_test(name …): as above, with its own main that makes a QApplication.
function(syncpoint_gui_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  set(CMAKE_AUTOMOC ON)
  add_executable(${name} ${arg_SOURCES} ${CMAKE_SOURCE_DIR}/tests/ui/gui_test_main.cpp)
  target_link_libraries(${name} PRIVATE syncpoint_options ${arg_LIBRARIES} Qt6::Widgets Qt6::Test
                        GTest::gmock GTest::gtest)
  syncpoint_join_files(${name})
  syncpoint_add_test(${name})
endfunction()
