# For CMakeLists.txt: the library by cargo, when it is built.

# The targets of bluegrad_import, made by a command of the build. FILES: what is to be installed. PROBLEM: what is in the way, or
# "".
function(bluegrad_cargo files problem)
  set(root "${CMAKE_CURRENT_SOURCE_DIR}")
  set(prefix "${CMAKE_CURRENT_BINARY_DIR}/prefix")
  set(static "${prefix}/lib/libbluegrad.a")
  set(shared "")
  set(implib "")
  set(soname "libbluegrad.so.${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}")
  set(${problem} "" PARENT_SCOPE)

  set(features "${BLUEGRAD_STAGES}")
  if(NOT BLUEGRAD_LEVEL STREQUAL "sse2")
    list(PREPEND features "${BLUEGRAD_LEVEL}")
  endif()
  string(REPLACE ";" "," features "${features}")
  set(target "${CMAKE_CURRENT_BINARY_DIR}/cargo")
  if(DEFINED ENV{CARGO_TARGET_DIR})
    set(target "$ENV{CARGO_TARGET_DIR}")
  endif()
  set(environment "${CMAKE_COMMAND}" -E env "CARGO_TARGET_DIR=${target}" "CARGO=${BLUEGRAD_CARGO}")

  if(CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set(host x86_64)
  elseif(CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
    set(host aarch64)
  else()
    set(host other)
  endif()
  if(NOT CMAKE_HOST_WIN32 AND NOT CMAKE_HOST_APPLE AND wanted MATCHES "^${host}(-elf)?$" AND NOT CMAKE_CROSSCOMPILING)
    set(shared "${prefix}/lib/libbluegrad.so.${PROJECT_VERSION}")
    set(links "${prefix}/lib/${soname}" "${prefix}/lib/libbluegrad.so")
    set(commands COMMAND ${environment} "CC=${CMAKE_C_COMPILER}" bash "${root}/ffi/build" --features "${features}" "${prefix}")
  elseif(wanted STREQUAL "x86_64-coff" AND MINGW)
    set(shared "${prefix}/bin/bluegrad.dll")
    set(implib "${prefix}/lib/libbluegrad.dll.a")
    set(links "${prefix}/lib/bluegrad.lib")
    set(commands
      COMMAND ${environment} bash "${root}/ffi/build" --features "${features}" --target x86_64-pc-windows-gnu "${prefix}")
  elseif((MSVC AND wanted STREQUAL "x86_64-coff") OR (CMAKE_HOST_APPLE AND wanted MATCHES "-macho$"))
    # cargo's own archive: docs/embedding.md says what is untried
    if(MSVC)
      set(triple x86_64-pc-windows-msvc)
      set(archive bluegrad.lib)
    else()
      string(REGEX REPLACE "-macho$" "-apple-darwin" triple "${wanted}")
      set(archive libbluegrad.a)
    endif()
    set(commands
      COMMAND ${environment} "${BLUEGRAD_CARGO}" rustc --locked --release -p bluegrad-dist --lib --crate-type staticlib
        --no-default-features --features "${features}" --target "${triple}"
      COMMAND "${CMAKE_COMMAND}" -E copy "${target}/${triple}/release/${archive}" "${static}")
  elseif(wanted STREQUAL "other")
    set(machine "${CMAKE_SYSTEM_NAME} on ${CMAKE_SYSTEM_PROCESSOR}")
    set(${problem} "Cargo cannot build it here for ${wanted} (${machine}): docs/embedding.md has other ways." PARENT_SCOPE)
    return()
  else()
    set(commands
      COMMAND ${environment} bash "${root}/ffi/object" --features "${features}" "${wanted}" "${prefix}/lib/bluegrad.o"
      COMMAND "${CMAKE_AR}" rcs "${static}" "${prefix}/lib/bluegrad.o")
  endif()
  if(BLUEGRAD_SHARED AND NOT shared)
    set(${problem} "Cargo makes a static library alone for ${wanted}: BLUEGRAD_SHARED has to be off." PARENT_SCOPE)
    return()
  endif()

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${root}/core/src/*.rs" "${root}/ffi/src/*.rs" "${root}/ffi/dist/src/*.rs")
  add_custom_command(OUTPUT "${static}" ${shared} ${implib} ${links}
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${prefix}/lib"
    ${commands}
    DEPENDS ${sources} "${root}/Cargo.toml" "${root}/Cargo.lock" "${root}/core/Cargo.toml" "${root}/ffi/Cargo.toml"
      "${root}/ffi/dist/Cargo.toml" "${root}/include/bluegrad.h" "${root}/ffi/build" "${root}/ffi/build-windows"
      "${root}/ffi/object"
    WORKING_DIRECTORY "${root}" COMMENT "Building bluegrad by cargo: a minute" USES_TERMINAL VERBATIM)
  if(BLUEGRAD_INSTALL)
    set(all ALL)
  endif()
  add_custom_target(bluegrad_cargo ${all} DEPENDS "${static}" ${shared} ${implib} ${links})
  bluegrad_import("${static}" "${shared}" "${implib}" "${soname}" "${root}/include")
  add_dependencies(bluegrad::static bluegrad_cargo)
  if(shared)
    add_dependencies(bluegrad::shared bluegrad_cargo)
  endif()
  set(${files} "${static}" ${shared} ${implib} ${links} PARENT_SCOPE)
endfunction()
