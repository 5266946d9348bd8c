# shellcheck shell=bash disable=SC2154 # set in layout.sh and arguments.sh
# The cluster's certificates and kubeconfigs. The authorities and the key that signs service account tokens outlive a restart, so
# that kubeconfigs handed out and the pods' tokens stay good; everything else is issued anew at each start, because the node's
# address may have changed.
authority_days=3650
leaf_days=365

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$tls/$1.key"; }

# make_authority <name> <common name>
make_authority() {
  [ ! -e "$tls/$1.crt" ] || return 0
  new_key "$1"
  openssl req -x509 -new -key "$tls/$1.key" -subj "/CN=$2" -days "$authority_days" -out "$tls/$1.crt"
}

# issue <name> <authority> <subject> [<subjectAltName>]
issue() {
  new_key "$1"
  # A serial number drawn at random: the certificates are made side by side and share no counter.
  openssl req -new -key "$tls/$1.key" -subj "$3" | openssl x509 -req -CA "$tls/$2.crt" -CAkey "$tls/$2.key" \
    -set_serial "0x$(openssl rand -hex 16)" -days "$leaf_days" -out "$tls/$1.crt" -extfile <(
      printf 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n%s' "${4:+subjectAltName=$4}"
    ) 2> "$log_folder/certificate-$1.log" || fail "no certificate for $1" "$log_folder/certificate-$1.log"
}

server_names() {
  local name names
  names="DNS:localhost,DNS:$node_name,DNS:$(hostname),IP:127.0.0.1,IP:$first_service_address,IP:$node_address"
  names+=,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  for name in "${tls_names[@]}"; do
    if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then names+=,IP:$name; else names+=,DNS:$name; fi
  done
  printf '%s' "$names"
}

make_certificates() {
  make_authority cluster-ca kubernetes-ca
  make_authority front-proxy-ca front-proxy-ca
  [ -e "$tls/service-account.key" ] || new_key service-account
  openssl ec -in "$tls/service-account.key" -pubout -out "$tls/service-account.pub" 2> /dev/null
  local jobs=() job
  issue apiserver cluster-ca /CN=kube-apiserver "$(server_names)" & jobs+=($!)
  issue apiserver-to-kubelet cluster-ca /O=system:masters/CN=kube-apiserver & jobs+=($!)
  issue front-proxy front-proxy-ca /CN=front-proxy-client & jobs+=($!)
  issue admin cluster-ca /O=system:masters/CN=admin & jobs+=($!)
  issue controller-manager cluster-ca /CN=system:kube-controller-manager & jobs+=($!)
  issue scheduler cluster-ca /CN=system:kube-scheduler & jobs+=($!)
  issue proxy cluster-ca /CN=system:kube-proxy & jobs+=($!)
  # One for both sides of the kubelet: metrics-server verifies its serving side against the cluster's authority.
  issue kubelet cluster-ca "/O=system:nodes/CN=system:node:$node_name" "DNS:$node_name,IP:$node_address,IP:127.0.0.1" & jobs+=($!)
  for job in "${jobs[@]}"; do wait "$job"; done
}

# write_kubeconfig <file> <certificate>
write_kubeconfig() {
  (
    umask 077
    cat > "$1" << END
apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: $(base64 -w0 "$tls/cluster-ca.crt")
    server: https://127.0.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    client-certificate-data: $(base64 -w0 "$tls/$2.crt")
    client-key-data: $(base64 -w0 "$tls/$2.key")
END
  )
}

write_kubeconfigs() {
  local name
  write_kubeconfig "$admin_kubeconfig" admin
  for name in controller-manager scheduler proxy kubelet; do write_kubeconfig "$credentials/$name.yaml" "$name"; done
}
