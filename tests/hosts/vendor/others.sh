# shellcheck shell=bash disable=SC2154
# Part of tests/hosts/vendor/run: the other targets of the source drop, builds by cargo, the same bytes twice.

others=$work/others
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
wine_settings=(env PATH="$PATH:/usr/lib/wine" WINEPREFIX="$work/wine" WINEDEBUG=-all)
wine=("${wine_settings[@]}" wine64)

# By cargo, with a cross compiler, to $work/PRESET-prefix: cross_host PRESET TARGET
cross_host() {
  succeed "CMake, cargo, preset $1" env CARGO_TARGET_DIR="$target" cmake -S . --preset "$1" -B "$work/$1-preset"
  grep -q "for $2: from cargo" "$work/output" || fail "CMake, preset $1: for another target than $2, or not from cargo"
  succeed "CMake, cargo, preset $1: build" cmake --build "$work/$1-preset"
  succeed "CMake, cargo, preset $1: install" cmake --install "$work/$1-preset" --prefix "$work/$1-prefix"
}

windows_objects() {
  local tools=x86_64-w64-mingw32 object=$others/objects/x86_64-coff.o
  if ! have "command -v $tools-gcc" gcc-mingw-w64-x86-64 || ! have 'command -v wine64 || test -x /usr/lib/wine/wine64' wine64; then
    skip vendor.windows 'MinGW and wine64 cannot be installed here'
    return
  fi
  ln -sf "$(command -v "$tools-gcc")" "$(command -v "$tools-ar")" "$(command -v "$tools-ranlib")" "$work/tools/"
  "${wine[@]}" wineboot >/dev/null 2>&1 || true
  "${without_rust[@]}" "$tools-gcc" -std=c99 "${strict[@]}" -I"$others/include" $sources/first.c "$object" -o "$work/first.exe"
  expect 'the drop, Windows, MinGW, under wine' "${wine[@]}" "$work/first.exe"
  succeed 'the drop, Windows, CMake' cmake_build "$work/windows" -S tests/hosts/cmake/fetch -DFOLDER="$others" \
    -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_C_COMPILER="$tools-gcc"
  expect 'the drop, Windows, CMake, under wine' "${wine[@]}" "$work/windows/first.exe"
  "$tools-objdump" -p "$work/windows/libplugin.dll" >"$work/dump"
  if [[ $(awk '/Ordinal.Name Pointer/ { on = 1 } on && /plugin|bluegrad/ { print $NF }' "$work/dump") != plugin_mask ]]; then
    fail 'the drop, Windows: a plugin exports other functions than its own'
  fi
  if have 'command -v clang-19 && command -v lld-link-19' clang-19 lld-19; then
    "${without_rust[@]}" clang-19 --target=x86_64-pc-windows-msvc -O2 -std=gnu99 -Wall -Wextra -Werror -ffreestanding -fno-builtin \
      -fno-stack-protector -DHASH="0x${golden}u" -I"$others/include" -c tests/hosts/c/freestanding.c -o "$work/msvc.obj"
    lld-link-19 /entry:main_without_library /subsystem:console /nodefaultlib "/out:$work/msvc.exe" "$work/msvc.obj" "$object" \
      /usr/x86_64-w64-mingw32/lib/libkernel32.a
    succeed "the drop, Windows, the ABI of MSVC, no C library, under wine" "${wine[@]}" "$work/msvc.exe"
  else
    skip vendor.msvc 'clang-19 and lld-19 cannot be installed here'
  fi
  cross_host mingw x86_64-coff
  "${without_rust[@]}" "$tools-gcc" -I"$work/mingw-prefix/include" $sources/first.c "$work/mingw-prefix/lib/libbluegrad.a" \
    -o "$work/mingw.exe"
  expect 'CMake, cargo, preset mingw, under wine' "${wine[@]}" "$work/mingw.exe"
  # it holds files of the folder open for a while
  "${wine_settings[@]}" wineserver64 -w
}

aarch64_objects() {
  local gcc=aarch64-linux-gnu-gcc
  if ! have "command -v $gcc && command -v qemu-aarch64-static" gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static; then
    skip vendor.aarch64 'gcc-aarch64-linux-gnu and qemu-user-static cannot be installed here'
    return
  fi
  ln -sf "$(command -v $gcc)" "$work/tools/"
  "${without_rust[@]}" $gcc -std=c99 "${strict[@]}" -static -I"$others/include" $sources/first.c "$others/objects/aarch64-elf.o" \
    -o "$work/aarch64"
  expect 'the drop, aarch64, under QEMU' qemu-aarch64-static "$work/aarch64"
  local cross=(-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_C_COMPILER=$gcc)
  succeed 'the drop, aarch64, CMake' cmake_build "$work/aarch64-build" -S tests/hosts/cmake/fetch -DFOLDER="$others" "${cross[@]}"
  expect 'the drop, aarch64, CMake, under QEMU' qemu-aarch64-static -L /usr/aarch64-linux-gnu "$work/aarch64-build/first"
  exports 'the drop, aarch64: a plugin' "$work/aarch64-build/libplugin.so" plugin_mask
  refuse 'find_package of a library for another machine' 'is for x86_64-elf, and this compiler makes code for aarch64-elf' \
    "${without_rust[@]}" cmake -S tests/hosts/cmake -B "$work/aarch64-find" -Dbluegrad_DIR="$prefix/lib/cmake/bluegrad" \
    "${cross[@]}"
  cross_host aarch64 aarch64-elf
  succeed 'find_package, aarch64' cmake_build "$work/aarch64-found" -S tests/hosts/cmake \
    -DCMAKE_PREFIX_PATH="$work/aarch64-prefix" "${cross[@]}"
  expect 'find_package, aarch64, under QEMU' qemu-aarch64-static -L /usr/aarch64-linux-gnu "$work/aarch64-found/first"
}

# What a firmware prints, which goes to QEMU's standard error: on_board CPU BOARD FIRMWARE
on_board() {
  timeout 300 qemu-system-arm -cpu "$1" -machine "$2" -nographic -semihosting-config enable=on,target=native -kernel "$3" 2>&1
}

# cortex_m TARGET CPU BOARD
cortex_m() {
  if ! have 'command -v qemu-system-arm && command -v clang-19 && command -v ld.lld-19' qemu-system-arm clang-19 lld-19; then
    skip "vendor.$1" 'qemu-system-arm, clang-19 and lld-19 cannot be installed here'
    return
  fi
  "${without_rust[@]}" clang-19 --target=thumbv7em-none-eabihf -mcpu="$2" -std=gnu99 "${strict[@]}" -ffreestanding -fno-builtin \
    -nostdlib --ld-path="$(command -v ld.lld-19)" -Wl,--gc-sections -T "$sources/cortex-m.ld" -I"$others/include" $sources/bare.c \
    "$others/objects/$1.o" -o "$work/$1"
  expect "the drop, $1, under QEMU" on_board "$2" "$3" "$work/$1"
  ln -sf "$(command -v clang-19)" "$(command -v llvm-ar-19)" "$work/tools/"
  succeed "the drop, $1, CMake" "${without_rust[@]}" cmake -S "$others" -B "$work/$1-build" -DCMAKE_SYSTEM_NAME=Generic \
    -DCMAKE_SYSTEM_PROCESSOR=arm -DCMAKE_C_COMPILER=clang-19 -DCMAKE_C_COMPILER_TARGET=thumbv7em-none-eabihf \
    "-DCMAKE_C_FLAGS=-mcpu=$2" -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY
  grep -q "for $1: from objects" "$work/output" || fail "the drop, $1, CMake: another object"
}

# wasm TARGET flags...
wasm() {
  if ! have 'command -v node && command -v clang-19 && command -v wasm-ld-19' nodejs clang-19 lld-19; then
    skip "vendor.$1" 'nodejs, clang-19 and lld-19 cannot be installed here'
    return
  fi
  "${without_rust[@]}" clang-19 --target=wasm32 -std=gnu99 "${strict[@]}" "${@:2}" -ffreestanding -fno-builtin -I"$others/include" \
    -c $sources/bare.c -o "$work/$1.o"
  wasm-ld-19 --no-entry --export=run --strip-all "$work/$1.o" "$others/objects/$1.o" -o "$work/$1.wasm"
  expect "the drop, $1, in Node" node $sources/wasm.mjs "$work/$1.wasm"
  printf '%s: a module with the mask alone: %d KiB\n' "$1" $(($(stat -c %s "$work/$1.wasm") / 1024))
}

# Linked by LLVM's linker, looked at, and run on Linux by a loader of our own: not on macOS. macho NAME TRIPLE ARCH
macho() {
  local object=$others/objects/$1.o
  if ! have 'command -v clang-19 && command -v ld64.lld-19 && command -v llvm-nm-19' clang-19 lld-19 llvm-19; then
    skip "vendor.$1" 'clang-19, lld-19 and llvm-19 cannot be installed here'
    return
  fi
  # the functions of stdlib.h stand in for a system's headers
  printf '#include <stddef.h>\nvoid *malloc(size_t);\nvoid free(void *);\n' >"$work/stdlib.h"
  clang-19 --target="$2" -O2 -isystem "$work" -ffreestanding -I"$others/include" -c $sources/plugin.c -o "$work/$1-plugin.o"
  succeed "the drop, $1: links" ld64.lld-19 -dylib -arch "$3" -platform_version macos 11.0 11.0 -undefined dynamic_lookup \
    -dead_strip "$work/$1-plugin.o" "$object" -o "$work/$1.dylib"
  if [[ $(llvm-nm-19 -gU "$work/$1.dylib" | awk '{ print $3 }') != _plugin_mask ]]; then
    fail "the drop, $1: a plugin exports other functions than its own"
  fi
  if llvm-nm-19 -u "$work/$1.dylib" |
    grep -vxE ' *_(malloc|free|mem(cpy|move|set|cmp)|bcmp|(__)?bzero|memset_pattern16|__udivti3)| *dyld_stub_binder|'; then
    fail "the drop, $1: wants more than libSystem has"
  fi
  local part loader=("$work/macho")
  for part in bare libsystem; do
    clang-19 --target="$2" -O1 -ffreestanding -fno-builtin -fno-stack-protector -I"$others/include" -c "$sources/$part.c" \
      -o "$work/$1-$part.o"
  done
  ld64.lld-19 -dylib -arch "$3" -platform_version macos 11.0 11.0 -dead_strip "$work/$1-bare.o" "$work/$1-libsystem.o" "$object" \
    -o "$work/$1-run.dylib"
  if [[ $(uname -sm) == "Linux ${1%-macho}" ]]; then
    gcc "${strict[@]}" $sources/macho.c -o "$work/macho"
  elif [[ $1 == aarch64-macho ]] && have 'command -v aarch64-linux-gnu-gcc && command -v qemu-aarch64-static' \
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static; then
    aarch64-linux-gnu-gcc "${strict[@]}" -static $sources/macho.c -o "$work/macho"
    loader=(qemu-aarch64-static "$work/macho")
  else
    skip "vendor.$1-run" 'nothing here runs its code'
    return
  fi
  expect "the drop, $1, by a loader on Linux, not on macOS" "${loader[@]}" "$work/$1-run.dylib"
}

# By cargo, from a clone.
cargo_host() {
  succeed 'FetchContent, cargo: build' bash -c "cmake -S tests/hosts/cmake/fetch -B '$work/cargo' \
    -DREPOSITORY='file://$repository' -DCMAKE_BUILD_TYPE=Release && cmake --build '$work/cargo'"
  expect 'FetchContent, cargo' "$work/cargo/first"
  exports 'FetchContent, cargo: a plugin' "$work/cargo/libplugin.so" plugin_mask
  succeed 'cargo, the least: build and install' bash -c "cmake -S '$repository' -B '$work/least' --preset small &&
    cmake --build '$work/least' && cmake --install '$work/least' --prefix '$work/small'"
  succeed 'cargo, the least: find_package' cmake_build "$work/small-build" -S tests/hosts/cmake -DCMAKE_PREFIX_PATH="$work/small" \
    -DBLUEGRAD_SHARED=ON
  expect 'cargo, the least: the mask' "$work/small-build/first"
  needs yes 'cargo, the least' "$work/small-build/first"
  refuse 'cargo, the least: a stage that it has not' 'made without' "$work/small-build/mask-static" void-and-cluster
  local size most
  size=$(stat -c %s "$work/small/lib/libbluegrad.a") most=$(stat -c %s "$prefix/lib/libbluegrad.a")
  printf 'libbluegrad.a: %d KiB with all, %d KiB with SSE2 and the dither family\n' $((most / 1024)) $((size / 1024))
  [[ $((2 * size)) -lt $most ]] || fail 'a library with less is not smaller'
}

# Another folder, another target directory.
twice_host() {
  succeed '' env CARGO_TARGET_DIR="$work/again-target" "$repository/ffi/vendor" "$work/again"
  succeed 'ffi/vendor: the same bytes from another folder' diff -r "$others" "$work/again"
}

ffi/vendor "$others"
windows_objects
aarch64_objects
cortex_m cortex-m4f cortex-m4 mps2-an386
cortex_m cortex-m7 cortex-m7 mps2-an500
cross_host cortex-m4f cortex-m4f
wasm wasm32
wasm wasm32-simd128 -msimd128
macho x86_64-macho x86_64-apple-macos11 x86_64
macho aarch64-macho arm64-apple-macos11 arm64
cargo_host
twice_host
