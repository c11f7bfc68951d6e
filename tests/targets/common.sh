# For run and sizes, which source it: cross builds, Cortex-M under QEMU.
source .ci/lib.sh

targets=tests/targets
target_dir=${CARGO_TARGET_DIR:-$PWD/target}/targets
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# cross TARGET RUSTFLAGS arguments of cargo...: one folder for all, so that what runs on the building machine is built once; what is
# made is used before the next build with other flags
cross() {
  local triple=$1 flags=$2
  shift 2
  RUSTFLAGS="$flags" debian_cargo "$@" --quiet --locked --manifest-path "$targets/Cargo.toml" -Zbuild-std=core --target "$triple" \
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
