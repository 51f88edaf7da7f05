# Every third-party library, found once. docs/architecture.md says what each is for.
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(TBB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5-serial)
# Debian's CMake package of libzip names tools that the -dev package does not install.
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(HWY REQUIRED IMPORTED_TARGET libhwy)
find_package(Protobuf REQUIRED) # the ONNX package links it without looking for it
find_package(ONNX REQUIRED)
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)

if(SYNCPOINT_WITH_RUNTIME)
  find_package(OnnxRuntime REQUIRED)
  pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
  pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile)
endif()
if(SYNCPOINT_WITH_GUI)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Svg SvgWidgets Charts PrintSupport Test)
  find_path(QSCINTILLA_INCLUDE_DIR Qsci/qsciscintilla.h
            PATH_SUFFIXES qt6 PATHS /usr/include/${CMAKE_LIBRARY_ARCHITECTURE} REQUIRED)
  find_library(QSCINTILLA_LIBRARY qscintilla2_qt6 REQUIRED)
  add_library(QScintilla INTERFACE)
  target_include_directories(QScintilla SYSTEM INTERFACE ${QSCINTILLA_INCLUDE_DIR})
  target_link_libraries(QScintilla INTERFACE ${QSCINTILLA_LIBRARY} Qt6::Widgets Qt6::PrintSupport)
  # With them moc 6.4 reads the standard library as C++20 and stumbles over gcc's <concepts>.
  set(CMAKE_AUTOMOC_COMPILER_PREDEFINES OFF)
endif()
