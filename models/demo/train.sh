#!/bin/sh
# Makes redisinfer-demo.gguf from nothing: tokenizer, training, export, evaluation.
#   apt-get install python3-torch python3-numpy libopenblas0-pthread
#   models/demo/train.sh [minutes]          a run that was stopped goes on where it was
set -eu
cd "$(dirname "$0")"
minutes=${1:-90}
work=${WORK:-work}
mkdir -p "$work"

# Large tensors come and go every step: keep their memory instead of handing it back to the system.
export MALLOC_ARENA_MAX=2 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=2000000000 MALLOC_TOP_PAD_=268435456

[ -f tokenizer.json ] || python3 tokenizer.py --out tokenizer.json
if [ -f "$work/model.pt" ]; then resume="--resume $work/model.pt"; else resume=""; fi
nice -n 10 python3 train.py --minutes "$minutes" --workers "${WORKERS:-2}" $resume --out "$work/model.pt"
python3 evaluate.py "$work/model.pt" --cases 400
python3 export.py "$work/model.pt" redisinfer-demo.gguf
