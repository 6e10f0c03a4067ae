#!/bin/bash
# Checks on long inputs that `senti score` keeps memory constant, rows whole and its word after a kill.
#
#     Benchmarks/score.sh [--size SIZE] [--long-row SIZE] [--limit MEGABYTES] [--senti PROGRAM]
#                         [--model FILE] [--kills N]
#
# --size      is how long the generated stream is (1GB unless given; K, M and G are powers of 1000)
# --long-row  is the length of the one long row (200MB unless given)
# --limit     is the memory, in megabytes of 10^6 bytes, that must not be reached (250 unless given)
# --senti     is the program (built for release here unless given)
# --model     is another model than the one that comes with senti
# --kills     is how often the run that is resumed is killed (8 unless given)
#
# Exits with 1 when a check fails. A net reads some 500,000 words a second on two cores, so 1 GB takes
# about six minutes with the model that comes with senti.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
size=1GB long_row=200MB limit=250 kills=8
senti= model=()

while (($#)); do
  case $1 in
    --size) size=$2; shift 2 ;;
    --long-row) long_row=$2; shift 2 ;;
    --limit) limit=$2; shift 2 ;;
    --senti) senti=$2; shift 2 ;;
    --model) model=(--model "$2"); shift 2 ;;
    --kills) kills=$2; shift 2 ;;
    *) sed -n '2,16s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
done

if [[ -z $senti ]]; then
  swift build --package-path "$here/.." -c release --product senti >&2
  senti=$(swift build --package-path "$here/.." -c release --show-bin-path)/senti
fi

work=$(mktemp -d)
children=()
trap 'for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done; rm -rf "$work"' EXIT

bytes() { numfmt --from=si "${1%B}"; }

failures=0
check() { # DESCRIPTION COMMAND...
  local description=$1
  shift
  if "$@"; then echo "ok      $description"; else echo "FAILED  $description"; failures=$((failures + 1)); fi
}

# The peak memory of a command, in megabytes, goes to the file named first; its status is kept.
measured() { # FILE COMMAND...
  local file=$1
  shift
  /usr/bin/time --quiet -f %M -o "$file.kib" "$@"
  local status=$?
  awk '{ print int($1 * 1024 / 1000000 + 0.5) }' "$file.kib" > "$file"
  return $status
}

# Rows of CSV of all sorts, without end: quoted line breaks, doubled quotes, ragged and empty rows.
cat > "$work/rows.awk" <<'AWK'
BEGIN {
  split("the film was a slow and lovely story with songs that nobody will forget but the plot is " \
    "thin awful dull great not never quite brilliant", words, " ")
  srand(7)
  print "id,text,stars"
  for (row = 1; written < bytes; row++) {
    text = ""
    for (n = int(40 + 400 * rand() * rand()); n > 0; n--) text = text words[int(1 + 28 * rand())] " "
    if (row % 5 == 0) text = text "\n\nand \"\"then\"\" "
    line = row % 1000 == 0 ? row ",\"\"" : row ",\"" text "\"," row % 5
    print line
    written += length(line) + 1
  }
  print row - 1 > "/dev/stderr"
}
AWK
rows() { awk -v "bytes=$1" -f "$work/rows.awk"; }

# Counts the records of CSV on standard input, header left out.
count() { awk -F'"' '{ quotes += NF > 0 ? NF - 1 : 0; if (quotes % 2 == 0) records++ } END { print records - 1 }'; }

echo "== a stream of $size, from a pipe to a pipe"
set +e
rows "$(bytes "$size")" 2> "$work/expected" \
  | measured "$work/peak" "$senti" score - --input-format csv "${model[@]}" 2> "$work/summary" \
  | count > "$work/found"
set -e
tail -1 "$work/summary"
check "$(<"$work/found") rows of $(<"$work/expected")" cmp -s "$work/found" "$work/expected"
check "peak memory $(<"$work/peak") MB" test "$(<"$work/peak")" -lt "$limit"

echo "== one row of $long_row"
{
  printf 'id,text\n1,a good film\n2,"'
  yes 'The film was slow, but it isn""t ""bad"" at all; the songs are lovely and the end is not. ' \
    | tr '\n' ' ' | head -c "$(bytes "$long_row")"
  printf '"\n3,a bad film\n'
} > "$work/long.csv" || true
set +e
measured "$work/peak" "$senti" score "$work/long.csv" "${model[@]}" 2> "$work/summary" | count > "$work/found"
set -e
tail -1 "$work/summary"
check "$(<"$work/found") rows of 3" test "$(<"$work/found")" = 3
check "peak memory $(<"$work/peak") MB" test "$(<"$work/peak")" -lt "$limit"

echo '== a reader that is slow'
rows 100000000 > "$work/rows.csv" 2> "$work/expected"
mkfifo "$work/pipe"
"$senti" score "$work/rows.csv" "${model[@]}" > "$work/pipe" 2> "$work/summary" &
program=$!
children+=("$program")
exec 3< "$work/pipe"
offset() { awk '/^rchar/ { print $2 }' "/proc/$program/io"; }
# The program's own timers read some bytes too, so a standstill is less than a piece of the file.
before=0 after=1000000
for ((tries = 0; tries < 40 && after - before > 100000; tries++)); do
  before=$after
  sleep 3
  after=$(offset)
done
peak=$(awk '/^VmHWM/ { print int($2 * 1024 / 1000000 + 0.5) }' "/proc/$program/status")
check "reading stops $after bytes in, while nobody reads" test $((after - before)) -lt 100000 -a "$after" -lt 60000000
check "peak memory $peak MB" test "$peak" -lt "$limit"
exec 3<&-
wait "$program" && status=0 || status=$?
check "the end is quiet when the reader leaves" test "$status" = 0 -a ! -s "$work/summary"

echo "== $kills kills"
rows 20000000 > "$work/rows.csv" 2> "$work/expected"
start=$EPOCHREALTIME
"$senti" score "$work/rows.csv" -q -o "$work/whole.csv" "${model[@]}" || true
taken=$(awk "BEGIN { print $EPOCHREALTIME - $start }")
status=137 killed=0 resume=()
while [[ $status = 137 ]]; do
  "$senti" score "$work/rows.csv" -q -o "$work/out.csv" "${resume[@]}" "${model[@]}" &
  program=$!
  if ((killed < kills)); then
    # At any moment of a run of which a third is done each time.
    sleep "$(awk "BEGIN { print $taken * $RANDOM / 98304 }")"
    kill -KILL "$program" 2>/dev/null && killed=$((killed + 1)) || true
  fi
  wait "$program" 2>/dev/null && status=0 || status=$?
  resume=(--resume)
done
check "killed $killed times" test "$killed" -gt 0
check "resumed, the bytes are those of a run in one go" cmp -s "$work/out.csv" "$work/whole.csv"

((failures == 0)) || { echo "$failures checks failed"; exit 1; }
