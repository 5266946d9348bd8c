# shellcheck shell=bash disable=SC2154 # set in layout.sh and arguments.sh
# etcd and the five programs of Kubernetes. What the caller passed for one of them comes last, where it counts.

start_etcd() {
  run etcd etcd --data-dir "$etcd_folder" --logger=zap --listen-client-urls http://127.0.0.1:2379 \
    --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
}

start_apiserver() {
  run kube-apiserver kube-apiserver \
    --etcd-servers=http://127.0.0.1:2379 \
    --secure-port=6443 \
    --allow-privileged \
    --authorization-mode=Node,RBAC \
    --enable-admission-plugins=NodeRestriction \
    --service-cluster-ip-range="$service_network" \
    --service-node-port-range="$node_port_range" \
    --client-ca-file="$tls/cluster-ca.crt" \
    --tls-cert-file="$tls/apiserver.crt" \
    --tls-private-key-file="$tls/apiserver.key" \
    --kubelet-certificate-authority="$tls/cluster-ca.crt" \
    --kubelet-client-certificate="$tls/apiserver-to-kubelet.crt" \
    --kubelet-client-key="$tls/apiserver-to-kubelet.key" \
    --kubelet-preferred-address-types=InternalIP \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$tls/service-account.pub" \
    --service-account-signing-key-file="$tls/service-account.key" \
    --enable-aggregator-routing \
    --requestheader-client-ca-file="$tls/front-proxy-ca.crt" \
    --requestheader-allowed-names=front-proxy-client \
    --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User \
    --proxy-client-cert-file="$tls/front-proxy.crt" \
    --proxy-client-key-file="$tls/front-proxy.key" \
    "${apiserver_arguments[@]}"
}

await_apiserver() {
  until await kubectl --kubeconfig "$admin_kubeconfig" --request-timeout=2s get --raw /readyz > /dev/null 2>&1; do
    await sleep 0.1
  done
  say 'API server ready'
}

start_controllers() {
  run kube-controller-manager kube-controller-manager \
    --kubeconfig="$credentials/controller-manager.yaml" \
    --authentication-kubeconfig="$credentials/controller-manager.yaml" \
    --authorization-kubeconfig="$credentials/controller-manager.yaml" \
    --leader-elect=false \
    --use-service-account-credentials \
    --allocate-node-cidrs \
    --cluster-cidr="$pod_network" \
    --service-cluster-ip-range="$service_network" \
    --root-ca-file="$tls/cluster-ca.crt" \
    --cluster-signing-cert-file="$tls/cluster-ca.crt" \
    --cluster-signing-key-file="$tls/cluster-ca.key" \
    --service-account-private-key-file="$tls/service-account.key" \
    "${controller_arguments[@]}"
  run kube-scheduler kube-scheduler \
    --kubeconfig="$credentials/scheduler.yaml" \
    --authentication-kubeconfig="$credentials/scheduler.yaml" \
    --authorization-kubeconfig="$credentials/scheduler.yaml" \
    --leader-elect=false \
    "${scheduler_arguments[@]}"
  # The kernel's table of connections belongs to the machine, not to this container: its size is left alone.
  run kube-proxy kube-proxy \
    --kubeconfig="$credentials/proxy.yaml" \
    --hostname-override="$node_name" \
    --proxy-mode=iptables \
    --cluster-cidr="$pod_network" \
    --conntrack-max-per-core=0 \
    --conntrack-min=0 \
    "${proxy_arguments[@]}"
}

# No image is ever collected as garbage and no pod evicted for space: what was loaded cannot be fetched again.
start_kubelet() {
  cat > /run/kubelet.yaml << END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $tls/cluster-ca.crt}
authorization: {mode: Webhook}
tlsCertFile: $tls/kubelet.crt
tlsPrivateKeyFile: $tls/kubelet.key
containerRuntimeEndpoint: unix://$containerd_socket
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
clusterDomain: cluster.local
clusterDNS: [$dns_address]
resolvConf: /etc/resolv.conf
imageGCHighThresholdPercent: 100
evictionHard: {imagefs.available: "0%", nodefs.available: "0%", nodefs.inodesFree: "0%"}
syncFrequency: 10s
END
  await_containerd
  run kubelet kubelet --kubeconfig="$credentials/kubelet.yaml" --config=/run/kubelet.yaml \
    --hostname-override="$node_name" --node-ip="$node_address" "${kubelet_arguments[@]}"
}

# After a restart the cluster still holds what the kubelet said in its life before: only a heartbeat of this life counts.
await_node() {
  local status='' heartbeat='' begin
  printf -v begin '%(%FT%TZ)T' "$((started_at / 1000000))"
  until [[ $status == True && ! $heartbeat < $begin ]]; do
    [ -z "$status" ] || await sleep 0.1
    await kubectl --kubeconfig "$admin_kubeconfig" get node "$node_name" --ignore-not-found --output \
      'jsonpath={range .status.conditions[?(@.type=="Ready")]}{.status} {.lastHeartbeatTime}{end}' \
      > /run/node-status 2> /dev/null || true
    status=NotYet
    read -r status heartbeat < /run/node-status || true
  done
  say 'node Ready'
}

apply_manifests() {
  local manifest report=$log_folder/manifest.log
  for manifest in "$manifest_folder"/*.yaml; do
    [ -e "$manifest" ] || continue
    kubectl --kubeconfig "$admin_kubeconfig" apply --server-side --filename "$manifest" > "$report" 2>&1 ||
      fail "manifest $manifest cannot be applied" "$report"
  done
}
