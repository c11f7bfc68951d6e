# For run and sizes, which source it: Debian's compiler, packages, Cortex-M under QEMU.

targets=tests/targets
target_dir=${CARGO_TARGET_DIR:-$PWD/target}/targets
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

skip() {
  printf 'skipped: %s\n' "$1"
}

fail() {
  printf 'FAILED: %s\n' "$1"
  failed=1
}

# have 'command that shows that it is here' package...: installs the packages if it is not
packages_updated=no
have() {
  local test=$1
  shift
  eval "$test" >/dev/null 2>&1 && return 0
  command -v apt-get >/dev/null || return 1
  local as_root=()
  [[ $(id -u) == 0 ]] || as_root=(sudo -n)
  if [[ $packages_updated == no ]]; then
    "${as_root[@]}" apt-get update -qq >/dev/null 2>&1 || return 1
    packages_updated=yes
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
    install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
  eval "$test" >/dev/null 2>&1
}

# Debian's compiler brings the source of its own library, so no other toolchain is needed.
have_compiler() {
  have 'test -x /usr/bin/rustc -a -x /usr/bin/cargo -a -d /usr/lib/rustlib/src/rust/library/core -a -x /usr/bin/lld-19' \
    rustc-web cargo-web rust-web-src lld-19
}

# cross TARGET RUSTFLAGS arguments of cargo...: one folder for all, so that what runs on the building machine is built once; what is
# made is used before the next build with other flags
cross() {
  local triple=$1 flags=$2
  shift 2
  env -u RUSTC -u RUSTUP_TOOLCHAIN PATH=/usr/bin:/bin RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" \
    cargo "$@" --quiet --locked --manifest-path "$targets/Cargo.toml" -Zbuild-std=core --target "$triple" \
    --target-dir "$target_dir/cross"
}

bare_flags='-C linker=lld-19 -C linker-flavor=ld.lld'
m4_flags="$bare_flags -C target-cpu=cortex-m4"

have_m4() {
  have 'command -v qemu-system-arm' qemu-system-arm
}

# on_arm CPU BOARD PROGRAM: its lines, or failure. A nanosecond of the emulator's clock is an instruction.
on_arm() {
  timeout 300 qemu-system-arm -cpu "$1" -machine "$2" -nographic -semihosting-config enable=on,target=native -icount shift=0 \
    -kernel "$3"
}
