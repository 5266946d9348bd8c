/**
 * What keeps a fault in the node: a process of its own, which outlives the harness. It breaks, waits until it is told to
 * end or the time is over, and takes back. Each fault has a folder, named by what is broken; what a guard that was
 * killed has left, the next one takes back first.
 */

/** How long it takes at most until a guard hears that its fault is to end. */
const pollSeconds = 0.05

/** Exit statuses of the scripts; any other one is a failure of the node. */
export const guardStatus = { refused: 3, unknown: 4 } as const

const watchFunctions = `
now() { read -r up idle </proc/uptime; echo "\${up%.*}\${up#*.}"; }
is_guarded() {
  read -r guard <"$1/pid" && read -r id <"$1/id" || return 1
  # A process that is just being started has no command line for a moment; one that has ended has none either.
  while command=$(tr '\\0' ' ' <"/proc/$guard/cmdline") && [ -z "$command" ]; do
    ! grep -q '^State:.*Z' "/proc/$guard/status" || return 1
    sleep ${pollSeconds}
  done
  case $command in *" $id "*) return 0 ;; *) return 1 ;; esac
} 2>/dev/null
close() { mv "$1" "$2.over" && rm -rf "$2.over"; }
`

/** $1 the fault's id, $2 how long it lasts in hundredths of a second; it runs in the fault's folder. */
const guard = `${watchFunctions}
if sh ./apply >said 2>&1; then
  : >"../$1.begun"
else
  sh ./undo >>log 2>&1
  tail -n 3 said >"../$1.why" && mv "../$1.why" "../$1.refused"
  folder=$PWD; cd .. && close "$folder" "$1"
  exit
fi
over=$(($(now) + $2))
while [ ! -e end ] && [ "$(now)" -lt "$over" ]; do sleep ${pollSeconds}; done
until sh ./undo >>log 2>&1; do sleep 1; done
folder=$PWD; cd .. && close "$folder" "$1"
`

/**
 * $1 the folder of all faults, $2 the folder's name for what is broken, $3 the id, $4 hundredths of a second, $5 to break,
 * $6 to take back, $7 the guard. Says why when it is refused.
 */
export const beginScript = `${watchFunctions}
mkdir -p "$1" && cd "$1" || exit 1
(
  flock 9
  for left in */; do
    left=\${left%/}
    case $left in '*' | *.over) continue ;; esac
    is_guarded "$left" || { (cd "$left" && sh ./undo >>log 2>&1) && close "$left" "$left"; }
  done
  mkdir "$2" 2>/dev/null || exit ${guardStatus.refused}
  cd "$2" && printf '%s\\n' "$3" >id && printf '%s' "$5" >apply && printf '%s' "$6" >undo && printf '%s' "$7" >guard
  setsid sh ./guard "$3" "$4" </dev/null >log 2>&1 9>&- &
  echo $! >pid
) 9>lock
status=$?
[ $status -ne ${guardStatus.refused} ] || echo 'it is broken already: ending one fault would end the other'
[ $status -eq 0 ] || exit $status
while [ ! -e "$3.begun" ] && [ ! -e "$3.refused" ]; do
  is_guarded "$2" || [ -e "$3.begun" ] || [ -e "$3.refused" ] || { cat "$2/log"; exit 1; }
  sleep ${pollSeconds}
done
[ ! -e "$3.begun" ] || { rm -f "$3.begun"; exit 0; }
cat "$3.refused"; rm -f "$3.refused"
exit ${guardStatus.refused}
`

/** $1 the folder of all faults, $2 the id; ends when the fault is taken back. */
export const endScript = `${watchFunctions}
cd "$1" 2>/dev/null || exit ${guardStatus.unknown}
for fault in */; do
  fault=\${fault%/}
  case $fault in *.over) continue ;; esac
  [ "$(cat "$fault/id" 2>/dev/null)" = "$2" ] || continue
  : >"$fault/end"
  while [ "$(cat "$fault/id" 2>/dev/null)" = "$2" ]; do
    # Its guard was killed: nobody else would do it.
    is_guarded "$fault" || { (cd "$fault" && sh ./undo >>log 2>&1) && close "$fault" "$2"; }
    sleep ${pollSeconds}
  done
  exit 0
done
exit ${guardStatus.unknown}
`

/** $1 the folder of all faults; says the ids of those that last. */
export const listScript = `
cd "$1" 2>/dev/null || exit 0
for fault in */; do
  case $fault in *.over/) continue ;; esac
  cat "\${fault}id" 2>/dev/null
done
exit 0
`

export const guardScript = guard
