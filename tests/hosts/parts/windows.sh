# shellcheck shell=bash disable=SC2154
# Part of tests/hosts/run: the library for Windows, made by MinGW and run under wine.

# Programs of MinGW, and one of the tools that stand for MSVC's, under wine.
windows_host() {
  local windows=$work/windows tools=x86_64-w64-mingw32 flags
  # shellcheck disable=SC2016
  if ! have 'rustc --print sysroot | { read -r root; ls "$root"/lib/rustlib/x86_64-pc-windows-gnu/lib/libcore-*; } ||
    { test -x /usr/bin/cargo && test -d /usr/lib/rustlib/src/rust/library/core; }' rustc-web cargo-web rust-web-src; then
    skip hosts.windows 'neither a Rust for x86_64-pc-windows-gnu nor rustc-web, cargo-web and rust-web-src can be installed here'
    return
  fi
  if ! have "command -v $tools-gcc && command -v $tools-g++" gcc-mingw-w64-x86-64 g++-mingw-w64-x86-64; then
    skip hosts.windows 'MinGW cannot be installed here'
    return
  fi
  succeed_quietly ffi/build --target x86_64-pc-windows-gnu "$windows" || return 0
  flags=(-O2 -std=c99 "${strict[@]}" -D__USE_MINGW_ANSI_STDIO=1 -I"$windows/include" tests/hosts/c/mask.c)
  "$tools-gcc" "${flags[@]}" "$windows/lib/libbluegrad.a" -o "$work/static.exe"
  "$tools-gcc" "${flags[@]}" -L"$windows/lib" -lbluegrad -o "$work/shared.exe"
  "$tools-gcc" "${flags[@]}" -DBLUEGRAD_SHARED -L"$windows/lib" -lbluegrad -o "$work/direct.exe"
  flags=(-O2 -std=c++17 -fno-exceptions -fno-rtti "${strict[@]}" -static -I"$windows/include" tests/hosts/cpp/mask.cpp)
  "$tools-g++" "${flags[@]}" "$windows/lib/libbluegrad.a" -o "$work/cpp-static.exe"
  "$tools-g++" "${flags[@]}" -DBLUEGRAD_SHARED "$windows/lib/libbluegrad.dll.a" -o "$work/cpp-shared.exe"
  succeed 'Windows: CMake' cmake -S tests/hosts/cmake -B "$work/windows-cmake" -DCMAKE_SYSTEM_NAME=Windows \
    -DCMAKE_C_COMPILER="$tools-gcc" -DCMAKE_C_FLAGS=-D__USE_MINGW_ANSI_STDIO=1 -DCMAKE_PREFIX_PATH="$windows"
  succeed 'Windows: CMake, build' cmake --build "$work/windows-cmake"
  if have 'command -v wine64 || test -x /usr/lib/wine/wine64' wine64; then
    export WINEPREFIX=$work/wine WINEDEBUG=-all WINEPATH="Z:${windows//\//\\}\\bin"
    PATH=$PATH:/usr/lib/wine windows_programs "$windows"
  else
    skip hosts.wine 'built, but not run: wine64 cannot be installed here'
  fi
}

# What a program prints, without Windows' ends of lines.
under_wine() {
  wine64 "$@" | tr -d '\r'
}

windows_programs() {
  local windows=$1
  wine64 wineboot >/dev/null 2>&1 || true
  expect 'Windows: C99, static' under_wine "$work/static.exe"
  expect 'Windows: C99, shared' under_wine "$work/shared.exe"
  expect 'Windows: C99, shared, BLUEGRAD_SHARED' under_wine "$work/direct.exe"
  expect 'Windows: C++17, static' under_wine "$work/cpp-static.exe"
  expect 'Windows: C++17, shared' under_wine "$work/cpp-shared.exe"
  expect 'Windows: CMake, static' under_wine "$work/windows-cmake/mask-static.exe"
  expect 'Windows: CMake, shared' under_wine "$work/windows-cmake/mask-shared.exe"
  if have 'command -v clang-19 && command -v lld-link-19' clang-19 lld-19; then
    msvc_programs "$windows"
  else
    skip hosts.msvc 'the ABI and import library of MSVC: clang-19 and lld-19 cannot be installed here'
  fi
}

# MSVC itself is not to be had here: clang for its ABI, LLVM's linker in the manner of its own, and no C library.
msvc_programs() {
  local windows=$1 kind
  for kind in bluegrad.lib libbluegrad.a; do
    clang-19 --target=x86_64-pc-windows-msvc -O2 -std=gnu99 -Wall -Wextra -Werror -ffreestanding -fno-builtin -fno-stack-protector \
      -DHASH="0x${golden}u" -I"$windows/include" -c tests/hosts/c/freestanding.c -o "$work/msvc.obj"
    lld-link-19 /entry:main_without_library /subsystem:console /nodefaultlib "/out:$work/msvc.exe" "$work/msvc.obj" \
      "$windows/lib/$kind" /usr/x86_64-w64-mingw32/lib/libkernel32.a
    succeed "Windows: C of MSVC's ABI, no C library, $kind" wine64 "$work/msvc.exe"
  done
}
