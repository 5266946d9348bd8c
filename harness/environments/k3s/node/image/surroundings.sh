# shellcheck shell=bash disable=SC2154 # set in layout.sh and arguments.sh
# What Kubernetes expects of the machine it runs on, and a container does not give.
export TZ=UTC

prepare_surroundings() {
  mkdir -p "$image_folder" "$manifest_folder" "$tls" "$credentials" "$etcd_folder" "$containerd_root" "$log_folder" \
    "${containerd_socket%/*}" "${admin_kubeconfig%/*}" /etc/cni/net.d /var/lib/kubelet
  rm -rf /run/node-failed
  # Mounts made in the node must be seen in pods that ask for it (mountPropagation: HostToContainer).
  mount --make-rshared /
  leave_root_control_group
  keep_service_addresses_inside
  # The pods of the life before are gone, and so is their network: their addresses are free.
  rm -rf /var/lib/cni/networks
  node_address=$(hostname -i)
  node_address=${node_address%% *}
  cat > /etc/cni/net.d/10-node.conflist << END
{
  "cniVersion": "0.4.0",
  "name": "node",
  "plugins": [
    {
      "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "$pod_range"}]], "routes": [{"dst": "0.0.0.0/0"}]}
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
END
}

# In control groups of version 2 a group with processes of its own may not give controllers to groups below it.
leave_root_control_group() {
  [ -e /sys/fs/cgroup/cgroup.controllers ] || return 0
  mkdir -p /sys/fs/cgroup/init
  local process
  while read -r process; do
    echo "$process" > /sys/fs/cgroup/init/cgroup.procs 2> /dev/null || true
  done < /sys/fs/cgroup/cgroup.procs
  sed 's/^/+/; s/ / +/g' /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control
}

# A pod may ask for a service's address before kube-proxy knows it. The packet would leave the node for whatever answers there,
# and the connection would be kept: the scrape of a target that is well fails for as long as Prometheus runs. Refused, it is
# tried again. What kube-proxy knows has a pod's address by the time it comes here.
keep_service_addresses_inside() {
  local chain
  for chain in FORWARD OUTPUT; do
    iptables -A "$chain" -d "$service_network" -p tcp -j REJECT --reject-with tcp-reset
    iptables -A "$chain" -d "$service_network" -j REJECT
  done
}
