#!/bin/bash
# Shows what is left of two threads where another program wants a core too.
#
#     Benchmarks/contention.sh [--seconds S]
#
# Trains and infers on two threads, alone and beside a program that never waits, three times in turn.
# With C cores and C + 1 runnable threads a fair share of the speed alone is C / (C + 1), two thirds on
# two cores; it takes a scheduler that moves threads about. Work is divided between two threads before it
# begins, so where one of them shares its core from beginning to end, the other waits for it, and half is
# left. Exits with 1 where less than that is: threads that wait for each other at every time step, or
# spin, collapse to a small part of it.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
seconds=3
while (($#)); do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
done

work=$(mktemp -d)
busy=
trap 'rm -rf "$work"; [[ -z $busy ]] || kill "$busy" 2>/dev/null' EXIT
for product in recurrent workload; do
  swift build --package-path "$here" -c release --product "$product" >&2
done
programs=$(swift build --package-path "$here" -c release --show-bin-path)
"$programs/workload" "$work" >&2

measure() { # FILE
  "$programs/recurrent" "$work" --works training-reviews inference-fixed --cells gru lstm \
    --threads 2 --seconds "$seconds" --json "$work/$1.jsonl" >&2
}
for round in 1 2 3; do
  measure "alone.$round"
  (while :; do :; done) &
  busy=$!
  measure "beside.$round"
  kill "$busy"
  wait "$busy" 2>/dev/null || true
  busy=
done

# The median of three rounds of a work, in tokens a second.
median() { # alone|beside WORK CELL
  sed -n 's/.*"cell":"'"$3"'".*"value":\([0-9.e+]*\).*"work":"'"$2"'".*/\1/p' "$work"/"$1".*.jsonl |
    sort -g | sed -n 2p
}
echo '| work | alone, tokens/s | beside | share |'
echo '|---|---|---|---|'
status=0
for workload in training-reviews inference-fixed; do
  for cell in gru lstm; do
    alone=$(median alone "$workload" "$cell") beside=$(median beside "$workload" "$cell")
    awk -v name="$workload, $cell" -v alone="$alone" -v beside="$beside" 'BEGIN {
      share = beside / alone
      printf "| %s | %d | %d | %.2f%s |\n", name, alone, beside, share, share < 0.5 ? " MISSED" : ""
      exit share < 0.5
    }' || status=1
  done
done
exit $status
