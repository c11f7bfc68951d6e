# A vcpkg port, for this tree as it lies: vcpkg install bluegrad --overlay-ports=ffi/package/vcpkg
# In a registry vcpkg_from_github takes the place of the next line. Cargo must be in the PATH; vcpkg has none of its own.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# The library has no debug build.
set(VCPKG_BUILD_TYPE release)
set(options)
if(VCPKG_TARGET_IS_MINGW)
  set(options --target x86_64-pc-windows-gnu)
elseif(NOT VCPKG_TARGET_IS_LINUX)
  message(FATAL_ERROR "bluegrad: this port is for Linux and MinGW; docs/embedding.md says what to do elsewhere")
endif()
vcpkg_execute_required_process(
  COMMAND "${CMAKE_COMMAND}" -E env "CARGO_TARGET_DIR=${CURRENT_BUILDTREES_DIR}/cargo"
    bash "${SOURCE_PATH}/ffi/build" ${options} "${CURRENT_PACKAGES_DIR}"
  WORKING_DIRECTORY "${SOURCE_PATH}"
  LOGNAME "build-${TARGET_TRIPLET}")

# One of the two libraries, as the triplet wants it.
if(VCPKG_LIBRARY_LINKAGE STREQUAL "static")
  file(GLOB unwanted "${CURRENT_PACKAGES_DIR}/lib/libbluegrad.so*")
  file(REMOVE_RECURSE ${unwanted} "${CURRENT_PACKAGES_DIR}/bin" "${CURRENT_PACKAGES_DIR}/lib/libbluegrad.dll.a"
    "${CURRENT_PACKAGES_DIR}/lib/bluegrad.lib")
else()
  file(REMOVE "${CURRENT_PACKAGES_DIR}/lib/libbluegrad.a")
endif()

# The CMake package is a floor higher here.
file(MAKE_DIRECTORY "${CURRENT_PACKAGES_DIR}/share")
file(RENAME "${CURRENT_PACKAGES_DIR}/lib/cmake/bluegrad" "${CURRENT_PACKAGES_DIR}/share/bluegrad")
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib/cmake")
file(READ "${CURRENT_PACKAGES_DIR}/share/bluegrad/bluegradConfig.cmake" config)
string(REPLACE "\${CMAKE_CURRENT_LIST_DIR}/../../.." "\${CMAKE_CURRENT_LIST_DIR}/../.." config "${config}")
file(WRITE "${CURRENT_PACKAGES_DIR}/share/bluegrad/bluegradConfig.cmake" "${config}")

vcpkg_fixup_pkgconfig()
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/bluegrad")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE-MIT" "${SOURCE_PATH}/LICENSE-APACHE")
