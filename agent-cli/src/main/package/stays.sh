# The end of what packages do when they are taken away for good: tells what stays in pools, and touches nothing of it.
# ZFS may be gone by now, or hang, which nothing ends: it is waited for 5 s, and left to itself then.
# shellcheck shell=sh
if command -v zfs > /dev/null && stays=$(mktemp -d 2> /dev/null); then
  {
    said=0
    zfs get -H -t filesystem -s local,received -o name flocker:owner > "$stays/volumes" || said=$?
    echo "$said" > "$stays/status"
  } < /dev/null > /dev/null 2>&1 &
  tries=50
  until [ -s "$stays/status" ] || [ "$tries" = 0 ]; do
    tries=$((tries - 1))
    sleep 0.1
  done
  if [ "$(cat "$stays/status" 2> /dev/null)" != 0 ]; then
    echo "flocker: ZFS does not say what volumes there are; they stay as they are: see 'zfs list'"
  elif [ -s "$stays/volumes" ]; then
    pools=$(cut -d / -f 1 "$stays/volumes" | sort -u | tr '\n' ' ')
    echo "flocker: volumes and copies that stay as they are, with their snapshots: $(wc -l < "$stays/volumes"); see 'zfs list -r ${pools% }'"
  fi
  rm -rf "$stays" || true
else
  echo "flocker: volumes stay in their pool as they are; 'zfs list' shows them, where there is a ZFS"
fi
