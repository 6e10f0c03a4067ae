#!/bin/bash
# Checks that senti, PyTorch and ONNX Runtime get the same numbers from the same model files.
#
#     Benchmarks/peers/interchange.sh [--results FOLDER]
#
# Trains two small models on corpora/, takes the bundled one too, and runs interchange.py on them.
# Exits with 1 when an answer differs. PYTHON names the interpreter that has requirements.txt
# installed (python3 unless set); SENTI names the program (built here unless set).

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
python=${PYTHON:-python3}
results=

while (($#)); do
  case $1 in
    --results) results=$2; shift 2 ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
done

if [[ -z $results ]]; then
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
fi
mkdir -p "$results"

if [[ -z ${SENTI:-} ]]; then
  swift build --package-path "$root" -c release --product senti >&2
  SENTI=$(swift build --package-path "$root" -c release --show-bin-path)/senti
fi

train() {
  "$SENTI" train sentiment "$root/corpora/reviews.csv" --validation-count 40 --epochs 3 \
    --min-count 1 --force "$@" >&2
}
train -o "$results/gru.safetensors" --embedding-size 24 --hidden-size 40 --bidirectional
train -o "$results/lstm.safetensors" --cell lstm --embedding-size 16 --hidden-size 31 --layers 2 \
  --pooling last

# Short and long texts: reviews of a few words, and all of them together.
"$python" - "$root/corpora/reviews.csv" "$results" <<'END'
import csv, pathlib, sys
texts = [row["text"] for row in csv.DictReader(open(sys.argv[1], newline=""))]
folder = pathlib.Path(sys.argv[2]) / "texts"
folder.mkdir(exist_ok=True)
chosen = texts[:20] + [" ".join(texts[:count]) for count in (2, 5, 12, 40, 120)]
for index, text in enumerate(chosen):
    (folder / f"{index:02}.txt").write_text(text)
END

"$python" "$here/interchange.py" "$SENTI" "$results" --texts "$results"/texts/*.txt \
  --models "$root/Sources/SentiModels/Resources/english.safetensors" \
  "$results/gru.safetensors" "$results/lstm.safetensors"
