# shellcheck shell=bash disable=SC2154 # set in layout.sh and arguments.sh
# How the node's processes run and end. One that ends by itself ends the node, with its last lines; nothing is started again here,
# because a control plane that keeps falling over must be seen.
last_lines=20
orderly_end_tenths=25

# Runs a long-lived program beside the rest: run <name> <program> <argument>...
run() {
  local name=$1
  shift
  {
    code=0
    "$@" > "$log_folder/$name.log" 2>&1 || code=$?
    fail "$name ended by itself with code $code" "$log_folder/$name.log"
  } 2> /dev/null & # where bash would tell of each program that the node's end kills
}

# Ends the node from whichever of its shells finds the reason: what went wrong in one line, then the end of a log.
fail() {
  # Only the first reason is one: when a part has failed, its neighbours fail for want of it.
  mkdir /run/node-failed 2> /dev/null || exit 1
  say "failed: $1"
  [ -z "${2:-}" ] || tail -n "$last_lines" "$2" | sed 's/^/  | /'
  kill -USR1 1
  exit 1
}

# Waits for a command so that a signal is answered at once: bash runs a trap only between commands, but breaks off `wait`.
await() {
  "$@" &
  wait $!
}

await_end() {
  while true; do wait -n || true; done
}

# A process in a frozen group dies of no signal until the group is thawed.
thaw_pods() {
  local group
  find /sys/fs/cgroup/freezer -mindepth 2 -name freezer.state 2> /dev/null | while read -r group; do
    echo THAWED > "$group" 2> /dev/null || true
  done
}

processes_left() {
  local folder
  for folder in /proc/[0-9]*; do
    [[ ${folder#/proc/} != 1 && ${folder#/proc/} != "$BASHPID" && -s $folder/cmdline && $(< "$folder/comm") != containerd-shim* ]] && return 0
  done 2> /dev/null
  return 1
}

# First those that would start again what is about to end, and the API server, whose state is etcd's. Then everything at once: the
# pods and etcd get their signal and a moment, and what is left is killed.
end_node() {
  trap '' TERM INT USR1
  mkdir -p /run/node-failed
  say "ending: $2"
  local program tenths=0
  for program in kubelet kube-controller-manager kube-scheduler kube-proxy kube-apiserver; do
    pkill -KILL -x "${program:0:15}" || true
  done
  thaw_pods
  kill -TERM -- -1 2> /dev/null || true
  while processes_left && ((tenths++ < orderly_end_tenths)); do sleep 0.1; done
  kill -KILL -- -1 2> /dev/null || true
  exit "$1"
}

trap 'end_node 0 "asked to"' TERM INT
trap 'end_node 1 "a part of it failed"' USR1
