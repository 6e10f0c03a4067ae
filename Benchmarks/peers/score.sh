#!/bin/bash
# Scores the same reviews with `senti score` and its peers, one after the other, and prints one table.
#
#     Benchmarks/peers/score.sh CSV [--seconds N] [--rows N] [--results FOLDER]
#                               [--at-least NAME=RATIO ...]
#
# CSV        has the columns text and label; reviews_csv.py makes one of a folder of reviews
# --seconds  is the time after which a peer reads no more (60 unless given); its rows a second are
#            those of the rows until then. senti always reads them all, in float32 three times, of
#            which the median counts
# --rows     cuts the file to its first rows
# --results  keeps models, answers, figures and table.json in a folder
# --at-least replaces a limit: torch, torch-reduced, onnxruntime, onnxruntime-sorted,
#            distilbert, threads
#
# All use two threads, and read, tokenize, score and write. Exits with 1 when a ratio is missed or
# answers differ. PYTHON names the interpreter that has requirements.txt installed (python3 unless
# set); SENTI names the program (built here unless set).

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
python=${PYTHON:-python3}
seconds=60 rows= results= csv=
limits=()

while (($#)); do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --rows) rows=$2; shift 2 ;;
    --results) results=$2; shift 2 ;;
    --at-least) limits+=("$2"); shift 2 ;;
    -*) echo "$0: unknown option $1" >&2; exit 64 ;;
    *) csv=$1; shift ;;
  esac
done
if [[ -z $csv ]]; then
  sed -n '2,20s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi

if [[ -z $results ]]; then
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
fi
mkdir -p "$results"

if [[ -z ${SENTI:-} ]]; then
  swift build --package-path "$root" -c release --product senti >&2
  SENTI=$(swift build --package-path "$root" -c release --show-bin-path)/senti
fi

# Writes the first rows of the CSV file.
head_rows() {
  "$python" - "$csv" "$1" "$2" <<'END'
import csv, itertools, sys
csv.field_size_limit(1 << 30)
with open(sys.argv[1], newline="") as source, open(sys.argv[3], "w", newline="") as target:
    csv.writer(target).writerows(itertools.islice(csv.reader(source), int(sys.argv[2]) + 1))
END
}
if [[ -n $rows ]]; then
  head_rows "$rows" "$results/reviews.csv"
  csv=$results/reviews.csv
fi

# Runs `senti score`, and writes a figure of the whole process.
score() {
  local name=$1 threads=$2 program=$3 start end
  shift 3
  start=$(date +%s.%N)
  "$SENTI" score "$csv" -o "$results/$name.csv" --force --threads "$threads" --progress json \
    "$@" 2>"$results/$name.log"
  end=$(date +%s.%N)
  "$python" - "$results/$name" "$program" "$threads" "$start" "$end" "$csv" <<'END'
import csv, json, pathlib, sys
csv.field_size_limit(1 << 30)
name, program, threads, start, end, source = sys.argv[1:]
count = lambda path: sum(1 for _ in csv.reader(open(path, newline=""))) - 1
rows, written = count(source), count(name + ".csv")
if rows != written:
    sys.exit(f"{name}.csv: expected {rows} rows, found {written}")
seconds = float(end) - float(start)
last = json.loads(pathlib.Path(name + ".log").read_text().splitlines()[-1])
figure = {"program": program, "threads": int(threads), "rows": rows, "tokens": last["tokens"],
          "seconds": seconds, "rows_per_second": rows / seconds}
pathlib.Path(name + ".json").write_text(json.dumps(figure) + "\n")
print(json.dumps(figure), file=sys.stderr)
END
}

# Takes the median of a figure's three rounds.
median() {
  "$python" - "$results/$1" <<'END'
import json, pathlib, sys
name = sys.argv[1]
figures = [json.loads(pathlib.Path(f"{name}.{round}.json").read_text()) for round in (1, 2, 3)]
middle = sorted(figures, key=lambda figure: figure["seconds"])[1]
pathlib.Path(name + ".json").write_text(json.dumps(middle) + "\n")
END
}

# Runs a peer on the same file; what it prints goes to standard error.
peer() {
  local name=$1 script=$2 model=$3
  shift 3
  "$python" "$here/score_$script.py" "$csv" "$model" --answers "$results/$name.csv" \
    --json "$results/$name.json" --threads 2 --seconds "$seconds" "$@" >&2
}

model=$root/Sources/CSentiModels/Models/english.safetensors
"$SENTI" model export --onnx -o "$results/english.onnx" --force
head_rows 500 "$results/sample.csv"
"$SENTI" model quantize "$results/sample.csv" -o "$results/int8.safetensors" --force \
  --max-loss 0.02 >"$results/quantize.log"

# One thread and two by turns, for the machine is not as fast at all times.
for round in 1 2 3; do
  for name in senti senti-1; do
    score "$name" "$([[ $name == senti ]] && echo 2 || echo 1)" "senti score, float32"
    mv "$results/$name.json" "$results/$name.$round.json"
  done
done
median senti
median senti-1
peer torch torch "$model"
peer onnxruntime onnxruntime "$results/english.onnx"
peer onnxruntime-sorted onnxruntime "$results/english.onnx" --sort
score senti-int8 2 "senti score, int8" --model "$results/int8.safetensors"
peer distilbert distilbert "$results/distilbert"

echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores," \
  "$(date -u +%F); peers read for $seconds seconds"
echo
"$python" "$here/score_table.py" "$results" --json "$results/table.json" --at-least "${limits[@]}"
