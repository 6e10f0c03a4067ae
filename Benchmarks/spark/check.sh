#!/bin/bash
# Checks `senti score` on Apache Spark: the same rows and bits as on one machine, also when a worker
# is killed.
#
#     Benchmarks/spark/check.sh [CSV] [--rows N] [--results FOLDER]
#
# CSV has a column text; corpora/reviews.csv unless given. N rows are scored, 2,000 unless given; a
# shorter file is read several times. Exits with 1 when something is not as it should be. Needs Java and
# requirements.txt; PYTHON names the interpreter that has it installed (python3 unless set), SENTI the
# program (built here unless set).

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
rows=2000 results= csv=$root/corpora/reviews.csv

while (($#)); do
  case $1 in
    --rows) rows=$2; shift 2 ;;
    --results) results=$2; shift 2 ;;
    -*) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
    *) csv=$1; shift ;;
  esac
done

if [[ -z $results ]]; then
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
fi
mkdir -p "$results"
results=$(cd "$results" && pwd)

if [[ -z ${SENTI:-} ]]; then
  swift build --package-path "$root" -c release --product senti >&2
  SENTI=$(swift build --package-path "$root" -c release --show-bin-path)/senti
fi

# As JSON Lines, which Spark can cut at any line; some rows have no text, and must keep their place.
"$python" - "$csv" "$rows" "$results/rows.jsonl" <<'END'
import csv, itertools, json, sys
csv.field_size_limit(1 << 30)
with open(sys.argv[1], newline="") as source, open(sys.argv[3], "w") as target:
    rows = list(itertools.islice(csv.DictReader(source), int(sys.argv[2])))
    for number, row in zip(range(int(sys.argv[2])), itertools.cycle(rows)):
        text = None if number % 50 == 7 else row["text"]
        print(json.dumps({"row": number, **row, "text": text}, ensure_ascii=False), file=target)
END

PYSPARK_PYTHON=$python "$python" "$here/check_spark.py" "$SENTI" "$results/rows.jsonl" "$results"
