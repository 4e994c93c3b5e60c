#!/bin/bash
# Stop the cloud in $REALCLOUD_DIR.   down.sh [--wipe] [SERVICE...]
# Only what up.sh started is ended: by its pid, and only if its start time is
# the one noted then.  --wipe removes the folder too.
set -u
# shellcheck source=tests/realcloud/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
enter_root "$0" "$@"
wipe=0 names=()
for a; do
  case $a in
    --wipe) wipe=1 ;;
    *) names+=("$a") ;;
  esac
done
if [ ${#names[@]} = 0 ]; then
  for f in "$RUN"/*.pid; do
    [ ! -e "$f" ] || names+=("$(basename "$f" .pid)")
  done
fi
for n in "${names[@]}"; do stop "$n" & done
wait
# (In a root it is a mount point, which run removes.)
if [ $wipe = 1 ] && [ -d "$DONE" ]; then
  rm -rf "${REALCLOUD_DIR:?}"/*
  [ -n "${REALCLOUD_INSIDE:-}" ] || rmdir "$REALCLOUD_DIR"
fi
exit 0
