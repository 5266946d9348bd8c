import type { FaultPlan, Workload } from './fault-plan.ts'
import { findContainers } from './fault-shell.ts'

const logFolder = '/var/log/pods'

/**
 * The collector, and nobody else, sees the log files as they were: a copy of them is mounted over their folder in its own
 * mount namespace. Lines go on to be written and are read when the copy is gone. Files that were gone or could not be
 * opened would be forgotten after three polls, offsets and all, and read again from their beginning.
 */
export function holdLogs({ name, namespace }: Workload): Omit<FaultPlan, 'key'> {
  return {
    apply: `
${findContainers(namespace, name)}
${mountFunctions}
hold() {
  process=$(task "$1"); process=\${process%% *}
  [ -n "$process" ] || refuse "container $1 does not run"
  # While the copy is made the collector must not read on: an offset beyond the copy's end would begin the file anew.
  tasks pause "$1" || refuse "container $1 cannot be paused"
  mount_over "$process" || refuse 'nothing can be mounted in the mount namespace of ${name}'
  copy=/proc/$process/root${logFolder}
  # All at once: a collector that is frozen for seconds is a target that is down.
  cp -a ${logFolder}/. "$copy/" || refuse 'the log files cannot be copied'
  # Half a line would be taken for a whole one.
  find "$copy" -type f -name '*.log' -exec sh -c '
    for file; do [ -z "$(tail -c 1 "$file")" ] || sed -i "\\$d" "$file"; done
  ' sh {} +
  tasks resume "$1" || refuse "container $1 cannot be resumed"
}
every containers hold
`,
    // The task's process is asked for anew: where the container was restarted, the mount went with the old one.
    undo: `
${mountFunctions}
release() {
  state=$(task "$1")
  [ -n "$state" ] || return 0
  process=\${state%% *}
  while is_held "$process"; do unmount "$process" || return 1; done
  case $(task "$1") in *PAUSED) tasks resume "$1" ;; esac
}
every containers release
`,
  }
}

/**
 * `mount_over PROCESS`, `unmount PROCESS`, `is_held PROCESS`. The container has no program that mounts, and `umount -N`
 * of util-linux cannot take away lazily what has open files. busybox is static, so that a copy of it in a writable folder
 * of the container runs there; it knows by its name what it is.
 */
const mountFunctions = `
is_held() { awk '$2 == "${logFolder}" && $1 == "held-logs" { held = 1 } END { exit !held }' "/proc/$1/mounts"; }
mount_over() { in_container "$1" mount -t tmpfs -o mode=0755 held-logs ${logFolder}; }
unmount() { in_container "$1" umount -l ${logFolder}; }
in_container() {
  inside=$1; shift
  busybox=$(command -v busybox) || { echo 'the node has no busybox'; return 1; }
  for folder in $(awk '$4 ~ /^rw/ && $4 !~ /noexec/ && $2 !~ /^\\/$|^\\/(dev|proc|sys)/ { print $2 }' "/proc/$inside/mounts"); do
    cp "$busybox" "/proc/$inside/root$folder/busybox-signalproof" 2>/dev/null || continue
    nsenter -t "$inside" -m "$folder/busybox-signalproof" "$@"
    status=$?
    rm -f "/proc/$inside/root$folder/busybox-signalproof"
    return $status
  done
  echo 'the container has no writable folder'
  return 1
}
`
