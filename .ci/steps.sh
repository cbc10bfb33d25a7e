# shellcheck shell=bash
# Headings with timings for .ci/run; expects $work and $artifacts.
current=""
started=$SECONDS
rows=()

close_step() {
  [ -z "$current" ] || rows+=("$(printf '%5d s  %s' $((SECONDS - started)) "$current")")
  current=""
}

step() { # step NAME: end the step before it, print a heading
  close_step
  current="$1"
  started=$SECONDS
  printf '\n=== %s\n' "$1"
}

finish() { # finish CODE: the table of timings, whatever happened
  local code="$1" failed="$current"
  close_step
  printf '\n=== Timings\n'
  printf '%s\n' "${rows[@]}" | tee "$artifacts/timings.txt"
  printf '%5d s  all\n' "$SECONDS"
  if [ "$code" -eq 0 ]; then
    echo "CI passed"
  else
    echo "CI FAILED (exit $code) in: ${failed:-start}"
  fi
  [ -n "${CI_KEEP:-}" ] || rm -rf "$work"
  exit "$code"
}
