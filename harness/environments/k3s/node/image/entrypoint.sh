#!/bin/bash
# Process 1 of the node image: upstream Kubernetes as one node in one container, with the contract of a k3s server's container, so
# that whoever starts it need not know which of the two it is. `server <k3s arguments>` runs the node; `seed --pause-image=<image>`
# fills the volume at /seed with the images of the tars, once, for nodes to come.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=SCRIPTDIR/layout.sh
source "$here/layout.sh"
# shellcheck source=SCRIPTDIR/arguments.sh
source "$here/arguments.sh"
# shellcheck source=SCRIPTDIR/ends.sh
source "$here/ends.sh"
# shellcheck source=SCRIPTDIR/surroundings.sh
source "$here/surroundings.sh"
# shellcheck source=SCRIPTDIR/certificates.sh
source "$here/certificates.sh"
# shellcheck source=SCRIPTDIR/container-runtime.sh
source "$here/container-runtime.sh"
# shellcheck source=SCRIPTDIR/image-tars.sh
source "$here/image-tars.sh"
# shellcheck source=SCRIPTDIR/kubernetes.sh
source "$here/kubernetes.sh"

serve() {
  read_arguments "$@"
  prepare_surroundings
  use_seed
  start_containerd
  # Importing takes longest and needs containerd only; the cluster comes up beside it.
  import_tars_beside
  start_etcd
  make_certificates
  write_kubeconfigs
  say 'certificates ready'
  start_apiserver
  start_kubelet
  await_apiserver
  start_controllers
  await_node
  await_imports
  apply_manifests
  # What Testcontainers' K3sContainer waits for; k3s says it when its node is registered.
  say 'Node controller sync successful'
  await_end
}

case ${1:-} in
  server)
    shift
    serve "$@"
    ;;
  seed)
    shift
    read_seed_arguments "$@"
    fill_seed
    ;;
  *) refuse "server or seed" "${1:-nothing}" ;;
esac
