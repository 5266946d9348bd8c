# shellcheck shell=bash disable=SC2034 # read by the other files
# The arguments of `k3s server` that this node can honour. Any other is refused by its name: an argument that is silently dropped
# makes a cluster that is not the one asked for.
node_name=$(hostname)
node_port_range=30000-32767
pause_image=
tls_names=()
apiserver_arguments=()
controller_arguments=()
scheduler_arguments=()
kubelet_arguments=()
proxy_arguments=()

# What k3s brings with it and this node does not: each has to be disabled, since it will be missing.
absent_parts=(coredns local-storage metrics-server servicelb traefik)

read_arguments() {
  local argument value part disabled=,
  for argument in "$@"; do
    value=${argument#*=}
    case $argument in
      --disable=?*) disabled+=$value, ;;
      --tls-san=?*) IFS=, read -ra names <<< "$value" && tls_names+=("${names[@]}") ;;
      --node-name=?*) node_name=$value ;;
      --service-node-port-range=?*) node_port_range=$value ;;
      --pause-image=?*) pause_image=$value ;;
      --kube-apiserver-arg=?*) apiserver_arguments+=("--$value") ;;
      --kube-controller-manager-arg=?*) controller_arguments+=("--$value") ;;
      --kube-scheduler-arg=?*) scheduler_arguments+=("--$value") ;;
      --kubelet-arg=?*) kubelet_arguments+=("--$value") ;;
      --kube-proxy-arg=?*) proxy_arguments+=("--$value") ;;
      *) refuse 'a k3s argument that this node knows, written --name=value' "$argument" ;;
    esac
  done
  for part in ${disabled//,/ }; do
    [[ " ${absent_parts[*]} " == *" $part "* ]] || refuse "--disable= of one of ${absent_parts[*]}" "$part"
  done
  for part in "${absent_parts[@]}"; do
    [[ $disabled == *",$part,"* ]] || refuse "--disable=$part, which this node does not bring" 'it was not disabled'
  done
  [ -n "$pause_image" ] || refuse '--pause-image=<the image that holds the namespaces of a pod>' 'it was not named'
}

read_seed_arguments() {
  [[ $# = 1 && $1 = --pause-image=?* ]] || refuse 'seed --pause-image=<image>' "seed $*"
  pause_image=${1#*=}
}
