# Sourced by init/quickstart: what --application shows, an application that moves with its volume.
# shellcheck shell=bash disable=SC2154 # work, bytes, json and the like are its

readonly APPLICATION_PORT=8080
readonly APPLICATION_VOLUME=default.counter

# ---------------------------------------------------------------- networks and engines

# Sockets of an engine have names of at most 107 bytes.
check_length() {
  [ "${#work}" -le 50 ] || die "$work is too long a path for an engine's sockets; set TMPDIR"
}

need_engine() {
  need ip:iproute2 nft:nftables conntrack:conntrack iptables:iptables nsenter:util-linux \
    sysctl:procps /bin/busybox:busybox-static
  need_unstarted dockerd:docker.io
}

# Each node has a network namespace, which its engine shares. No bridge: where this machine's own
# Docker has its FORWARD policy at DROP, that holds for what bridges pass too.
make_network() {
  local n peer subnet=198.18.$((RANDOM % 254 + 1))
  echo "$$" > "$work/network"
  for n in 1 2; do
    host[n]=$subnet.$((n + 1))
    network[n]=/run/netns/flkqs$$-$n
    inside[n]="nsenter --net=${network[n]}"
    ip netns add "flkqs$$-$n"
    ip -n "flkqs$$-$n" link set lo up
    join "$n" eth0 "flkqh$$-$n" "$subnet.1" ''
  done
  ip -n "flkqs$$-1" link add eth1 type veth peer name eth1 netns "flkqs$$-2"
  for n in 1 2; do
    peer=$((3 - n))
    ip -n "flkqs$$-$n" address add "${host[n]}/32" dev eth1
    ip -n "flkqs$$-$n" link set eth1 up
    ip -n "flkqs$$-$n" route add "${host[peer]}" dev eth1 src "${host[n]}"
    # Where it is Docker that allows it, Docker drops all that is not for its own containers.
    ${inside[n]} sysctl -q -w net.ipv4.ip_forward=1
  done
}

# join NODE DEVICE HERE ADDRESS joins a node and this machine, point to point.
join() {
  ip link add "$3" type veth peer name "$2" netns "flkqs$$-$1"
  ip address add "$4/32" dev "$3"
  ip link set "$3" up
  ip -n "flkqs$$-$1" address add "${host[$1]}/32" dev "$2"
  ip -n "flkqs$$-$1" link set "$2" up
  ip -n "flkqs$$-$1" route add "$4" dev "$2" src "${host[$1]}"
  ip route add "${host[$1]}" dev "$3" src "$4"
}

# The devices of a namespace outlive it until its last process has ended; ours are gone with either end.
remove_network() {
  local n id
  id=$(cat "$work/network")
  for n in 1 2; do
    ip link delete "flkqh$id-$n" 2> /dev/null || true
    ip netns delete "flkqs$id-$n" 2> /dev/null || true
    if [ -e "/run/netns/flkqs$id-$n" ]; then
      echo "quickstart: the network namespace flkqs$id-$n could not be removed" >&2
      return 1
    fi
  done
  rm "$work/network"
}

# What a node mounts later is seen by its engine where the folder was shared before that began.
share_mounts() {
  mkdir "$work/node$1/volumes"
  mount --bind "$work/node$1/volumes" "$work/node$1/volumes"
  mount --make-shared "$work/node$1/volumes"
}

start_engine() {
  # shellcheck disable=SC2016 # the variables are with-docker's
  begin "engine-$1" "$work/engine-$1.out" \
    env TMPDIR="$work" setsid init/with-docker --network "${network[$1]}" \
    sh -c 'echo "${DOCKER_HOST#unix://}" > "$0.new"; mv "$0.new" "$0"; exec sleep infinity' \
    "$work/engine-$1.socket"
}

end_engines() {
  local file whole=1
  for file in "$work"/engine-*.pid; do
    [ ! -e "$file" ] || end_process "$file" 60 || whole=''
  done
  [ -n "$whole" ]
}

make_engines() {
  local n
  for n in 1 2; do
    share_mounts "$n"
    start_engine "$n"
  done
  for n in 1 2; do
    await 150 "the engine of node $n" "engine-$n" test -e "$work/engine-$n.socket"
    engine[n]=$(cat "$work/engine-$n.socket")
    echo "engine of node $n: ${engine[n]}"
  done
}

# ---------------------------------------------------------------- the application and its moves

# It counts in its volume, and answers the count once that is written. $$ is a $ to Compose.
write_compose() {
  cat > "$work/compose.yaml" << 'YAML'
services:
  counter:
    image: flocker/busybox
    pull_policy: never
    command:
      - sh
      - -c
      - |
        trap 'exit 0' TERM
        n=0
        [ ! -e /data/count ] || read n < /data/count
        mkdir /tmp/told
        httpd -p 8080 -h /tmp/told
        while :; do
          n=$$((n + 1))
          echo $$n > /data/new
          mv /data/new /data/count
          echo $$n > /tmp/new
          mv /tmp/new /tmp/told/count
          sleep 0.05
        done
    ports: ["8080:8080"]
    volumes: ["counter:/data"]
volumes:
  counter:
YAML
}

answer_of() {
  curl -sf --max-time 2 "http://${host[$1]}:$APPLICATION_PORT/count"
}

# Asks one node for the count, over and over, and notes when it answered what.
probe() {
  local asked count
  while :; do
    asked=$EPOCHREALTIME
    if count=$(answer_of "$1"); then
      echo "$asked $count"
    fi
    sleep 0.03
  done 2> /dev/null
}

start_probe() {
  begin "probe-$1" "$work/answers-$1" probe "$1"
}

has_answered_since() {
  local asked
  read -r asked _ < <(tail -n 1 "$work/answers-$1") || return 1
  awk -v asked="$asked" -v since="$2" 'BEGIN { exit !(asked > since) }'
}

# deploy_to NODE puts the application there, and waits until both nodes answer for it.
deploy_to() {
  local n since
  # Not in the foreground: a signal would wait for its end.
  begin deploy '' become_flocker 1 deploy --on "${uuid[$1]}" --yes "$work/compose.yaml"
  wait $!
  rm "$work/deploy.pid"
  since=$EPOCHREALTIME
  for n in 1 2; do
    await 60 "node $n to answer for the application" "probe-$n" has_answered_since "$n" "$since"
  done
}

# silence NODE FROM TO: the longest time between two answers of a node, in seconds.
silence() {
  awk -v from="$2" -v to="$3" '
    $1 < from { last = $1; next }
    { if (last && $1 - last > longest) longest = $1 - last; last = $1 }
    $1 > to { exit }
    END { printf "%.2f", longest }' "$work/answers-$1"
}

# The count that a node answered last before then.
count_before() {
  awk -v then="$2" '$1 > then { exit } { count = $2 } END { print count + 0 }' "$work/answers-$1"
}

steps_back() {
  awk 'FNR == 1 { last = 0 } $2 < last { back++ } { last = $2 } END { print back + 0 }' \
    "$work"/answers-*
}

# move_application FROM TO notes a move in the arrays of moves.
move_application() {
  local from to
  from=$EPOCHREALTIME
  deploy_to "$2"
  to=$EPOCHREALTIME
  moves+=("$1 $2 $(silence 1 "$from" "$to") $(silence 2 "$from" "$to") $(count_before 1 "$from") $(count_before 1 "$to")")
}

show_application() {
  local mount n
  write_compose
  for n in 1 2; do
    start_probe "$n"
  done
  step "Deploying an application with a volume to node 1; its port, $APPLICATION_PORT, answers on both nodes"
  deploy_to 1
  mount=$(on 1 volume show "$APPLICATION_VOLUME" --json | field mountpoint)
  head -c "$bytes" /dev/urandom > "$mount/ballast"

  step "Moving it to node 2, with $((bytes / MIB)) MiB in its volume, while both are asked for its count"
  move_application 1 2
  step "Moving it back to node 1"
  move_application 2 1
  step "Moving it to node 2 once more"
  move_application 1 2
}

application_summary() {
  local from to silent1 silent2 before after
  step "Summary"
  for move in "${moves[@]}"; do
    read -r from to silent1 silent2 before after <<< "$move"
    printf 'node %s to %s   silent for %6.2f s on node 1, %6.2f s on node 2   counted from %s to %s\n' \
      "$from" "$to" "$silent1" "$silent2" "$before" "$after"
  done
  back=$(steps_back)
  echo "$(cat "$work"/answers-* | wc -l) answers, in $back of which the counter had gone back"
}

# Every value is ours: no character in it needs escaping.
write_application_json() {
  local comma='' from to silent1 silent2 before after
  {
    printf '{"port":%s,"steps_back":%s,"answers":%s,"moves":[' \
      "$APPLICATION_PORT" "$back" "$(cat "$work"/answers-* | wc -l)"
    for move in "${moves[@]}"; do
      read -r from to silent1 silent2 before after <<< "$move"
      printf '%s{"from":%s,"to":%s,"silent_seconds":[%s,%s],"before":%s,"after":%s}' \
        "$comma" "$from" "$to" "$silent1" "$silent2" "$before" "$after"
      comma=,
    done
    printf '],"nodes":[%s]}\n' "$(nodes_json)"
  } > "$json"
}

tell_how_to_move() {
  cat << TEXT

The application goes on. Ask for it, or move it, for example:

  curl http://${host[1]}:$APPLICATION_PORT/count
  curl http://${host[2]}:$APPLICATION_PORT/count
  $DIST/bin/flocker --url ${url[2]} --ca $work/ca/cluster.crt --cert $work/ca/quickstart.crt --key $work/ca/quickstart.key deploy --on ${uuid[1]} $work/compose.yaml
TEXT
}
