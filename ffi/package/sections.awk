# Joins the sections of a program in assembly to a few: `awk -f sections.awk rest dither measure PROGRAM.s`, where the first three
# files name the sections that functions of the header keep, those that measure, those that dither, and all others.
#
# The compiler gives every function and constant a section of its own. In a library for linkers those cost more than they are worth:
# headers, names, symbols and a relocation for each call, a quarter of the file. Within one section the assembler settles the calls
# itself. What a program may do without stays apart, so that --gc-sections still drops it: measuring, and dithering.
#
# On x86-64 each call of mem* goes by the linker's table of addresses, with a relocation of its own: all go by one jump for each.
#
# Tables for unwinding are left out: nothing unwinds through the library, for a panic path is not in it (ffi/prove).
FILENAME == ARGV[1] { group[$1] = "all"; next }
FILENAME == ARGV[2] { if (!($1 in group)) group[$1] = "dither"; next }
FILENAME == ARGV[3] { if (!($1 in group)) group[$1] = "measure"; else if (group[$1] == "dither") group[$1] = "all"; next }
/^\t\.cfi_/ { next }
/^\t\.section\t/ {
  line = $0
  sub(/^\t\.section\t/, "", line)
  gsub(/"\.[^"]*"/, "&\n", line) # a quoted name
  split(line, field, ",")
  name = field[1]
  gsub(/["\n]/, "", name)
  if (match(name, /^\.(text|rodata|data\.rel\.ro|data|bss)(\.|$)/)) {
    kind = substr(name, RSTART, RLENGTH)
    sub(/\.$/, "", kind)
    flags = field[2]
    gsub(/[MS]/, "", flags) # what could be merged has no room of its own
    printf "\t.section\t%s.bluegrad_%s,%s,%s\n", kind, name in group ? group[name] : "all", flags, field[3]
    next
  }
}
match($0, /\*mem(cpy|move|set|cmp)@GOTPCREL\(%rip\)$/) {
  name = substr($0, RSTART + 1, RLENGTH - 1)
  sub(/@.*/, "", name)
  print substr($0, 1, RSTART - 1) ".Lto_" name
  wanted[name]
  next
}
{ print }
END {
  print "\t.section\t.text.bluegrad_all,\"ax\",@progbits"
  for (name in wanted) print ".Lto_" name ":\n\tjmpq\t*" name "@GOTPCREL(%rip)"
}
