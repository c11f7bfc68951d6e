# Of a disassembly: fails if a function that goes over pixels calls f64 arithmetic or libm, or if there is no such function.
# What is made once a step (schedules, weights) or once a run (tables) is none.
/^[0-9a-f]+ <.*>:$/ {
  name = $0
  sub(/^[0-9a-f]+ </, "", name)
  sub(/>:$/, "", name)
  hot = name ~ /polish::Work>::descend|polish::(passes|grey)::|PaddedRows<|fill::(passes|couple)::/
  seen += hot
}
hot && /\t(bl?|b\.w)\t/ && /<(__aeabi_(c?d|[a-z]+2d)|libm::|compiler_builtins::float|<bluegrad::optimizer)/ {
  print name ": " $0
  bad = 1
}
END { exit bad || seen < 3 }
