#!/bin/bash
# Checks that senti, PyTorch and ONNX Runtime get the same numbers from the same model files.
#
#     Benchmarks/peers/interchange.sh [--results FOLDER] [--models FILES ...]
#
# Trains small models on corpora/, takes the bundled one too, and runs interchange.py on those that
# classify and interchange_generation.py on captioners and translators; --models names more of these.
# Exits with 1 when an answer differs. PYTHON names the interpreter that has requirements.txt
# installed (python3 unless set); SENTI names the program (built here unless set).

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
python=${PYTHON:-python3}
results=
writers=()

while (($#)); do
  case $1 in
    --results) results=$2; shift 2 ;;
    --models) shift; while (($#)) && [[ $1 != --* ]]; do writers+=("$1"); shift; done ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
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
  --models "$root/Sources/CSentiModels/Models/english.safetensors" \
  "$results/gru.safetensors" "$results/lstm.safetensors"

# Nets that write: every way for the vector to get in, both attentions, every cell.
captions=$root/corpora/captions
text=$results/texts/captions
head -n 400 "$captions/train.captions.tsv" | cut -f 2 > "$text.source"
"$python" - "$text" <<'END'
import pathlib, sys
lines = pathlib.Path(sys.argv[1] + ".source").read_text().splitlines()
reverse = [" ".join(reversed(line.split())) for line in lines]
pathlib.Path(sys.argv[1] + ".target").write_text("\n".join(reverse) + "\n")
# Sentences of many lengths.
some = lines[:12] + [" ".join(lines[:count]) for count in (2, 3, 5)] + ["Fox"]
pathlib.Path(sys.argv[1] + ".new").write_text("\n".join(some) + "\n")
END

writer() {
  local kind=$1 name=$2
  shift 2
  local data=("$text.source" "$text.target" --epochs 12)
  if [[ $kind == captioner ]]; then
    data=("$captions/train.npy" "$captions/train.captions.tsv" --epochs 2)
    data+=(--names "$captions/train.names.txt")
  fi
  "$SENTI" train "$kind" "${data[@]}" -o "$results/$kind-$name.safetensors" \
    --embedding-size 20 --decoder-size 28 --batch-tokens 512 --learning-rate 0.01 --progress never \
    --min-count 1 --force "$@"
  writers+=("$results/$kind-$name.safetensors")
}
writer captioner initial-state --entry initial-state --decoder-layers 2
writer captioner first-input --entry first-input --cell lstm --no-tied
writer captioner every-step --entry every-step --decoder-layers 2 --cell lstm
writer captioner then-zeros --entry then-zeros
writer captioner layer-norm --entry first-input --cell lstm-layer-norm --decoder-layers 2
for cell in rnn rnn-{relu,elu,leaky-relu,sigmoid,hard-sigmoid,softsign,layer-norm} lstm-peephole \
  gru-reset-before-product{,-layer-norm}; do
  writer captioner "$cell" --cell "$cell" --entry initial-state
done
writer translator additive --attention additive --encoder-size 17 --encoder-layers 2 \
  --decoder-layers 3 --no-subwords
writer translator dot --attention dot --encoder-size 15 --cell lstm --shared --no-tied
writer translator first-input --attention dot --encoder-size 13 --entry first-input
writer translator final-states --attention none --encoder-size 19 --cell lstm --decoder-layers 2
writer translator layer-norm --attention dot --encoder-size 14 --cell gru-layer-norm --encoder-layers 2

"$python" "$here/interchange_generation.py" "$SENTI" "$results" --vectors "$captions/unseen.npy" \
  --texts "$text.new" --models "${writers[@]}"
