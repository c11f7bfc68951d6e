# shellcheck shell=bash disable=SC2154
# Part of tests/hosts/run: what a caller can get wrong, under the tools that see more; and that nothing is allocated.

# In full where there is time; else once natively. Valgrind takes thirty times as long: at the best level alone, where there is little.
depth=(--quick)
[[ $all == no ]] || depth=()

# The program at every level that this CPU, or the tool that runs it, has; the line says which: at_levels 'what' command...
at_levels() {
  local what=$1 level status ran=''
  shift
  for level in 1:scalar 2:sse2 3:sse4.2 4:avx2 5:avx512 16:neon; do
    status=0
    "$@" "${level%%:*}" >"$work/output" 2>&1 || status=$?
    case $status in
      0) ran+=" ${level#*:}" ;;
      77) ;;
      *)
        printf 'FAILED: %s at %s\n' "$what" "${level#*:}"
        tail -40 "$work/output"
        failed=1
        ;;
    esac
  done
  if [[ -n $ran ]]; then
    printf 'ok: %s at%s\n' "$what" "$ran"
  else
    printf 'FAILED: %s: at no level\n' "$what"
    failed=1
  fi
}

# A tool must see a write of the library's own beyond a buffer: sees 'tool' command...
sees() {
  local what=$1
  shift
  if "$@" --lie >"$work/output" 2>&1; then
    printf 'FAILED: %s does not see what the library writes beyond a buffer\n' "$what"
    failed=1
  fi
}

misuse_host() {
  gcc -g -O1 -std=c99 "${strict[@]}" -I"$prefix/include" tests/hosts/c/misuse/*.c "$library/libbluegrad.a" -lm -o "$work/misuse"
  succeed 'misuse' "$work/misuse"
  at_levels 'misuse' "$work/misuse" "${depth[@]}"
  if have 'command -v valgrind' valgrind; then
    local valgrind=(valgrind -q --error-exitcode=99 --leak-check=full "$work/misuse")
    sees valgrind "${valgrind[@]}"
    succeed 'misuse under valgrind' "${valgrind[@]}" --quick
    [[ $all == no ]] || at_levels 'misuse under valgrind' "${valgrind[@]}" --quick
  else
    skip hosts.valgrind 'misuse under valgrind, which cannot be installed here'
  fi
}

# Both sides under the address sanitizer, C also under that of undefined behaviour. Without link-time optimisation, which takes
# minutes; the name is that of an unwinder which nothing calls.
sanitized_host() {
  local target=x86_64-unknown-linux-gnu directory=${CARGO_TARGET_DIR:-target}/sanitized clang
  if [[ $(uname -sm) != 'Linux x86_64' ]]; then
    skip hosts.sanitized 'for Linux on x86-64'
    return
  fi
  clang=$(command -v clang-19 || command -v clang)
  if ! succeed_quietly env RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo build --locked --release -p bluegrad-dist --target "$target" --target-dir "$directory"; then
    return
  fi
  "$clang" -g -O1 -std=c99 "${strict[@]}" -fsanitize=address,undefined -fno-sanitize-recover=undefined -I"$prefix/include" \
    tests/hosts/c/misuse/*.c "$directory/$target/release/libbluegrad.a" -Wl,--defsym=rust_eh_personality=0 -lm -o "$work/sanitized"
  sees 'the address sanitizer' "$work/sanitized"
  [[ $all == no ]] || succeed 'misuse, both sides under the address sanitizer' "$work/sanitized"
  at_levels 'misuse, both sides under the address sanitizer' "$work/sanitized" "${depth[@]}"
}

# Every function of the header, and none allocates.
counting_host() {
  local name
  while read -r name; do
    grep -q "\<$name(" tests/hosts/c/counting.c || { printf 'FAILED: counting.c does not call %s\n' "$name"; failed=1; }
  done < <(ffi/functions)
  gcc -O1 -std=gnu99 -Wall -Wextra -Werror -fno-builtin-malloc -I"$prefix/include" \
    tests/hosts/c/counting.c "$library/libbluegrad.a" -o "$work/counting"
  succeed 'no allocation by any function' "$work/counting"
  if "$work/counting" --cheat >/dev/null 2>&1; then
    echo 'FAILED: counting.c does not see an allocation'
    failed=1
  fi
}
