#!/bin/bash
# Trains one epoch with senti and the same batches with torch.nn.GRU, one after the other, and prints
# one table.
#
#     Benchmarks/peers/epoch.sh CORPUS [--seconds N] [--results FOLDER] [-- OPTIONS OF epoch]
#
# --seconds is the time that each variant of the peer may take (60 unless given): padded and packed,
# at one and two threads. senti always trains the whole epoch. PYTHON names the interpreter that has
# requirements.txt installed (python3 unless set).

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
seconds=60
results=
corpus=

while (($#)); do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --results) results=$2; shift 2 ;;
    --) shift; break ;;
    -*) echo "$0: unknown option $1" >&2; exit 64 ;;
    *) corpus=$1; shift ;;
  esac
done
if [[ -z $corpus ]]; then
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi

if [[ -z $results ]]; then
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
fi
mkdir -p "$results"

swift build --package-path "$here/.." -c release --product epoch >&2
epoch=$(swift build --package-path "$here/.." -c release --show-bin-path)/epoch

"$epoch" "$corpus" --threads 1 2 --batches "$results/batches.jsonl" --json "$results/senti.json" "$@"
echo
read -r vocabulary embedding hidden pooling < <("$python" -c '
import json, sys
conditions = json.load(open(sys.argv[1]))["conditions"]
names = ["vocabulary_size", "embedding_size", "hidden_size", "pooling"]
print(*(conditions[name] for name in names))' "$results/senti.json")
"$python" "$here/train_gru.py" "$results/batches.jsonl" --json "$results/torch.json" \
  --threads 1 2 --seconds "$seconds" --vocabulary-size "$vocabulary" \
  --embedding-size "$embedding" --hidden-size "$hidden" --pooling "$pooling"
echo
"$python" "$here/epoch_table.py" "$results/senti.json" "$results/torch.json"
