# shellcheck shell=bash
# Shared by the scripts: packages, skips, Debian's compiler, what the sources say. `source` it with the root as working directory.

failed=0

fail() {
  printf 'FAILED: %s\n' "$1"
  failed=1
}

# skip KEY 'what cannot be done here, and why': fails where CI is set, unless .ci/allowed-skips has the key.
skip() {
  if [[ -z ${CI:-} ]] || grep -q "^$1 " .ci/allowed-skips; then
    printf 'skipped: %s: %s\n' "$1" "$2"
  else
    fail "skipped: $1: $2 (a skip is a failure in CI; .ci/allowed-skips lists the exceptions)"
  fi
}

# Runs apt-get as root. Returns 1, without a word, where that cannot be done.
apt() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  [[ $(id -u) == 0 ]] || as_root=(sudo -n)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >/dev/null 2>&1
}

# Updates the lists of packages, once for a script and all that it starts.
update_packages() {
  [[ -z ${BLUEGRAD_APT_UPDATED:-} ]] || return 0
  apt update || return 1
  export BLUEGRAD_APT_UPDATED=yes
}

# have 'command that succeeds where the tool is' PACKAGE…: installs the packages where the command fails.
have() {
  local test=$1
  shift
  eval "$test" >/dev/null 2>&1 && return 0
  update_packages && apt install -y --no-install-recommends "$@" && eval "$test" >/dev/null 2>&1
}

# Debian's compiler and the source of its own library, from which any target can be built.
have_debian_cargo() {
  have 'test -x /usr/bin/rustc -a -x /usr/bin/cargo -a -d /usr/lib/rustlib/src/rust/library/core -a -x /usr/bin/lld-19' \
    rustc-web cargo-web rust-web-src lld-19
}

# Debian's cargo. RUSTFLAGS is the caller's to set: flags of the other compiler may not fit.
debian_cargo() {
  env -u RUSTC -u RUSTUP_TOOLCHAIN PATH=/usr/bin:/bin RUSTC_BOOTSTRAP=1 cargo "$@"
}

# The hash in tests/golden.txt of the square `dither` mask of seed 7.
golden_hash() {
  awk -v side="$1" '$1 == "dither" && $2 == side && $3 == side && $4 == 7 { print $6 }' tests/golden.txt
}
