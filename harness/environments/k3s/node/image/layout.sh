# shellcheck shell=bash disable=SC2034 # read by the other files
# Where things lie. The folders below /var/lib/rancher and /etc/rancher are k3s' own, because others look for them there.
image_folder=/var/lib/rancher/k3s/agent/images
manifest_folder=/var/lib/rancher/k3s/server/manifests
admin_kubeconfig=/etc/rancher/k3s/k3s.yaml
tls=/var/lib/rancher/k3s/server/tls
credentials=/var/lib/rancher/k3s/server/cred
etcd_folder=/var/lib/rancher/k3s/server/db
containerd_root=/var/lib/rancher/k3s/agent/containerd
containerd_socket=/run/k3s/containerd/containerd.sock
log_folder=/var/log/node
seed=/seed/containerd

# k3s' defaults.
pod_network=10.42.0.0/16
pod_range=10.42.0.0/24
service_network=10.43.0.0/16
first_service_address=10.43.0.1
dns_address=10.43.0.10

started_at=${EPOCHREALTIME/./}

# Every line tells how long the node has been starting, in seconds.
say() {
  local microseconds=$((${EPOCHREALTIME/./} - started_at))
  printf '[%3d.%02d s] %s\n' $((microseconds / 1000000)) $((microseconds / 10000 % 100)) "$*"
}

refuse() {
  say "refused: expected $1; seen $2"
  exit 2
}
