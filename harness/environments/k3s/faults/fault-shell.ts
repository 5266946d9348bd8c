/**
 * Shell that every fault uses inside the node. It runs in busybox' shell (rancher/k3s) and in Debian's (the node built
 * here): POSIX only, and nothing that one of them lacks.
 */

/** In the single quotes of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Where the API server's address and the administrator's key lie in a node of k3s, and in ours. */
const kubeconfig = '/etc/rancher/k3s/k3s.yaml'

/**
 * `refuse WORDS`: the fault cannot be made. `containers NAMESPACE NAME`: ids of the running containers of the pods of
 * that name. `task ID`: process id and status of a container that runs. `every FILE COMMAND`: the command for each line,
 * until one fails.
 */
export const faultFunctions = `
kube() { KUBECONFIG=${kubeconfig} kubectl --request-timeout=10s "$@"; }
refuse() { printf '%s\\n' "$*"; exit 1; }
containers() {
  kube -n "$1" get pods -l "app.kubernetes.io/name=$2" \\
    -o 'jsonpath={range .items[*].status.containerStatuses[?(@.state.running)]}{.containerID}{"\\n"}{end}' |
    sed -n 's|^containerd://||p'
}
tasks() { ctr -n k8s.io tasks "$@" </dev/null; }
task() { tasks ls | awk -v id="$1" '$1 == id { print $2, $3 }'; }
every() {
  file=$1; shift
  [ ! -e "$file" ] || while read -r line; do "$@" "$line" || return 1; done <"$file"
}
`

/** Writes the running containers of a component to the file `containers`; without any the fault is refused. */
export const findContainers = (namespace: string, component: string): string => `
containers ${namespace} ${component} >containers
[ -s containers ] || refuse "there is no running container of ${component} in namespace ${namespace}"
`
