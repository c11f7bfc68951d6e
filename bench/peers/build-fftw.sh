#!/usr/bin/env bash
# Builds FFTW in single precision from Debian's source package, with the instruction sets that Debian's build leaves out, as
# target/peers/fftw/libfftw3f-wide.so: another name than Debian's library, so that one process can load both.
#
#   bench/peers/build-fftw.sh [FOLDER]      FOLDER: output folder, default target/peers/fftw
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "${1:-target/peers/fftw}"
folder=$(cd "${1:-target/peers/fftw}" && pwd)
library=$folder/libfftw3f-wide.so
if [[ -e $library ]]; then
  echo "there already: $library"
  exit 0
fi
case $(uname -m) in
  x86_64) simd=(--enable-sse2 --enable-avx --enable-avx2 --enable-avx512 --enable-fma) ;;
  aarch64) simd=(--enable-neon --enable-fma) ;;
  *) simd=() ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Uses the package sources of the machine as sources of source packages, with lists in a scratch folder: the settings of the system
# do not change.
mkdir -p "$work/lists/partial" "$work/sources.d"
if [[ -e /etc/apt/sources.list.d/debian.sources ]]; then
  sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$work/sources.d/source.sources"
else
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$work/sources.d/source.list"
fi
apt=(-o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/sources.d" -o "Dir::State::Lists=$work/lists"
  -o APT::Sandbox::User=root -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -qq)
cd "$work"
apt-get "${apt[@]}" update
apt-get "${apt[@]}" --download-only source fftw3
mkdir source
tar -xf fftw3_*.orig.tar.* -C source --strip-components 1

cd source
echo "building FFTW: ${simd[*]}"
./configure --quiet --enable-float --disable-fortran --disable-doc --enable-static --disable-shared --with-pic "${simd[@]}"
make -s -j"$(nproc)" >"$folder/build.log" 2>&1 || { tail "$folder/build.log" >&2; exit 1; }
"${CC:-cc}" -shared -o "$work/libfftw3f-wide.so" -Wl,-soname,libfftw3f-wide.so -Wl,-Bsymbolic \
  -Wl,--whole-archive .libs/libfftw3f.a -Wl,--no-whole-archive -lm
mv "$work/libfftw3f-wide.so" "$library"
echo "built $library"
