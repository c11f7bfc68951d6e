# What of vcpkg the port uses, as little as it takes: cmake -DPORT=... -DPREFIX=... -DBUILD=... -DLINKAGE=static|dynamic -P port.cmake
function(vcpkg_execute_required_process)
  cmake_parse_arguments(PARSE_ARGV 0 call "" "WORKING_DIRECTORY;LOGNAME" "COMMAND")
  execute_process(COMMAND ${call_COMMAND} WORKING_DIRECTORY "${call_WORKING_DIRECTORY}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 call "" "" "FILE_LIST")
  foreach(file IN LISTS call_FILE_LIST)
    if(NOT EXISTS "${file}")
      message(FATAL_ERROR "no licence ${file}")
    endif()
  endforeach()
endfunction()

set(VCPKG_TARGET_IS_LINUX ON)
set(VCPKG_LIBRARY_LINKAGE "${LINKAGE}")
set(CURRENT_PACKAGES_DIR "${PREFIX}")
set(CURRENT_BUILDTREES_DIR "${BUILD}")
set(TARGET_TRIPLET x64-linux)
# vcpkg runs a port from a script of its own, with the port's folder as the current one
set(CMAKE_CURRENT_LIST_DIR "${PORT}")
include("${PORT}/portfile.cmake")
