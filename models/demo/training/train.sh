#!/bin/sh
# Makes a demo model from scratch: tokenizer (unless there is one already), training, evaluation, export.
#   apt-get install python3-torch python3-numpy libopenblas0-pthread wordnet-base apache2-doc postgresql-doc-15 python3.11-doc sqlite3-doc python-django-doc tomcat10-docs
#   models/demo/training/train.sh [minutes]     CPU minutes of each worker; resumes a run that was stopped
# To continue from the published weights instead, first run in this folder:
#   mkdir -p work && python3 grow.py ../redisinfer-demo.gguf work/model.pt
set -eu
cd "$(dirname "$0")"
minutes=${1:-90}
work=${WORK:-work}
out=${OUT:-../redisinfer-demo.gguf}
mkdir -p "$work"

# Every step allocates and frees large tensors. Keep the freed memory instead of returning it to the system.
export MALLOC_ARENA_MAX=2 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=2000000000 MALLOC_TOP_PAD_=268435456

[ -f ../tokenizer.json ] || /usr/bin/python3 tokenizer.py --out ../tokenizer.json
if [ -f "$work/model.pt" ]; then resume="--resume $work/model.pt"; else resume=""; fi
nice -n 10 /usr/bin/python3 train.py --minutes "$minutes" --workers "${WORKERS:-2}" $resume --out "$work/model.pt"
/usr/bin/python3 evaluate.py "$work/model.pt" --cases 400
/usr/bin/python3 export.py "$work/model.pt" "$out"
