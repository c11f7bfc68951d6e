#!/usr/bin/env bash
# Builds pffft as target/peers/pffft/libpffft.so from the C source in the crate pffft_rust. The crate is fetched, not built: its
# bindings are outdated and need libclang.
#
#   bench/peers/build-pffft.sh [FOLDER]      FOLDER: output folder, default target/peers/pffft
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "${1:-target/peers/pffft}"
folder=$(cd "${1:-target/peers/pffft}" && pwd)
library=$folder/libpffft.so
if [[ -e $library ]]; then
  echo "there already: $library"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Cargo.toml" <<'MANIFEST'
[package]
name = "fetch"
version = "0.0.0"
edition = "2024"
[lib]
path = "lib.rs"
[dependencies]
pffft_rust = "=0.1.2"
[workspace]
MANIFEST
touch "$work/lib.rs"
cargo vendor --quiet --manifest-path "$work/Cargo.toml" "$work/vendor" >/dev/null
source=$work/vendor/pffft_rust
# for this machine, like all contenders
"${CC:-cc}" -O3 -march=native -fPIC -shared -o "$work/libpffft.so" -Wl,-soname,libpffft.so "$source/pffft.c" -lm
mv "$work/libpffft.so" "$library"
echo "built $library"
