# shellcheck shell=bash disable=SC2154
# Part of tests/hosts/run: vcpkg and Conan.

# The templates of ffi/package: the port with the little of vcpkg that it uses, the recipe with Conan itself.
packages_host() {
  local version linkage port=$work/vcpkg
  version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
  if [[ $(python3 -c 'import json; print(json.load(open("ffi/package/vcpkg/vcpkg.json"))["version"])') != "$version" ]]; then
    echo 'FAILED: ffi/package/vcpkg/vcpkg.json has not the version of Cargo.toml'
    failed=1
  fi
  mkdir -p "$port" "${CARGO_TARGET_DIR:-target}"
  ln -s "$(cd "${CARGO_TARGET_DIR:-target}" && pwd)" "$port/cargo"
  for linkage in static dynamic; do
    succeed "vcpkg's port by stand-ins for its functions (vcpkg itself is not to be had here), $linkage" \
      cmake -DPORT="$PWD/ffi/package/vcpkg" -DPREFIX="$port/$linkage" -DBUILD="$port" -DLINKAGE="$linkage" -P tests/hosts/vcpkg/port.cmake
    succeed "vcpkg's port, $linkage: find_package" cmake -S tests/hosts/vcpkg -B "$port/$linkage-build" -DCMAKE_PREFIX_PATH="$port/$linkage"
    succeed "vcpkg's port, $linkage: build" cmake --build "$port/$linkage-build"
    expect "vcpkg's port, $linkage" "$port/$linkage-build/mask"
  done
  if have 'command -v conan' || { python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q conan; } >/dev/null 2>&1; then
    conan_host
  else
    skip hosts.conan 'it cannot be installed here'
  fi
}

conan_host() {
  local shared
  export CONAN_HOME=$work/conan PATH=$PATH:$work/venv/bin CARGO_TARGET_DIR=$work/conan-target
  succeed 'Conan: profile' conan profile detect
  for shared in False True; do
    succeed "Conan: conan create and its test, shared=$shared" conan create ffi/package/conan -o "bluegrad/*:shared=$shared" \
      -c "tools.cmake.cmake_layout:test_folder=$work/conan-test" -c tools.cmake.cmaketoolchain:user_presets=
  done
}
