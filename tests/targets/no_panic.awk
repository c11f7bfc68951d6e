# Of a disassembly: fails if a function of the core or of the firmware calls one that panics, or if there are hardly any functions of
# theirs. What starts the program is none of them: it takes static cells, and printing is a library's.
/^[0-9a-f]+ <.*>:$/ {
  name = $0
  sub(/^[0-9a-f]+ </, "", name)
  sub(/>:$/, "", name)
  own = name ~ /(^|[^a-z_])bluegrad(_firmware)?::/
  seen += own
}
own && /\t(bl?|b\.w)\t/ && /<(core::panicking|core::[a-z:]*_fail)/ {
  print name ": " $0
  bad = 1
}
END { exit bad || seen < 5 }
