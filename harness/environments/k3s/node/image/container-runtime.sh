# shellcheck shell=bash disable=SC2154 # set in layout.sh and arguments.sh
# containerd, and the prepared state that it starts from.
content=io.containerd.content.v1.content
snapshotter=io.containerd.snapshotter.v1.overlayfs
containerd_steps=300

ctr_images() { ctr --address "$containerd_socket" --namespace k8s.io images "$@"; }

# A seed holds images unpacked once, for every node. The node takes copies of the two small databases, and symbolic links to what
# they speak of: nothing large is copied, what is imported later lies beside the links in folders of the node's own, and what is
# removed is a link.
use_seed() {
  [ -e "$seed/complete" ] || return 0
  [ ! -e "$containerd_root/io.containerd.metadata.v1.bolt" ] || return 0
  mkdir -p "$containerd_root/$content" "$containerd_root/$snapshotter/snapshots"
  cp --recursive --symbolic-link "$seed/$content/blobs" "$containerd_root/$content/"
  ln --symbolic "$seed/$snapshotter/snapshots"/* "$containerd_root/$snapshotter/snapshots/"
  cp --archive "$seed/$snapshotter/metadata.db" "$containerd_root/$snapshotter/"
  cp --archive "$seed/io.containerd.metadata.v1.bolt" "$containerd_root/"
  say 'prepared images found'
}

start_containerd() {
  # k3s' socket is where whoever asks k3s' containerd looks; the usual one is where `ctr` looks.
  ln --symbolic --force --no-dereference "${containerd_socket%/*}" /run/containerd
  cat > /run/containerd.toml << END
version = 2
root = "$containerd_root"
state = "${containerd_socket%/*}/state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause_image"
  # A node in a sandbox may not lower the score below its own: a pod gets what is possible, where it would fail otherwise.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
END
  run containerd containerd --config /run/containerd.toml
}

await_containerd() {
  local step
  for ((step = 0; step < containerd_steps; step++)); do
    ctr --address "$containerd_socket" version > /dev/null 2>&1 && return
    sleep 0.1
  done
  fail 'containerd does not answer' "$log_folder/containerd.log"
}

# Into a folder with another name first: a seed that was broken off is none.
fill_seed() {
  [ ! -e "$seed/complete" ] || { say 'the seed is complete already'; return; }
  rm -rf "$seed"
  mkdir -p "$seed" "$image_folder" "$log_folder" "${containerd_socket%/*}"
  containerd_root=$seed
  start_containerd
  local containerd=$!
  (import_tars)
  # Everything is in files once containerd has closed its databases.
  trap '' USR1
  mkdir -p /run/node-failed
  pkill -TERM -x containerd
  wait "$containerd" || true
  touch "$seed/complete"
  say "seed complete, $(du --summarize --block-size=1M "$seed" | cut -f1) MiB"
}
