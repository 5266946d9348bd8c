# shellcheck shell=bash disable=SC2154 # set in layout.sh and arguments.sh
# The images of the tars that lie where k3s looks for them. A tar whose images the node holds already, from the seed or from its
# life before, costs a look into its index.
tars_at_once=2

# Name and digest of every image the node holds, one a line.
held_images() { ctr_images list | awk 'NR > 1 { print $1, $3 }'; }

# Name and digest of every image in a tar with an OCI index; nothing for a tar without one.
tar_images() {
  local index
  index=$(tar --extract --to-stdout --occurrence=1 --file "$1" index.json 2> /dev/null | tr -d '\n') || return 0
  # One descriptor a line: each begins with its media type, digest or size, and holds its name as an annotation.
  awk 'BEGIN { RS = "\"manifests\"" } NR > 1' <<< "$index" | sed 's/}[[:space:]]*}/&\n/g' | while read -r descriptor; do
    name=$(sed -nE 's/.*"io\.containerd\.image\.name":[[:space:]]*"([^"]+)".*/\1/p' <<< "$descriptor")
    digest=$(sed -nE 's/.*"digest":[[:space:]]*"([^"]+)".*/\1/p' <<< "$descriptor")
    [ -z "$digest" ] || echo "$name $digest"
  done
}

# import_tar <tar> <file of held images>
import_tar() {
  local images
  images=$(tar_images "$1")
  if [ -n "$images" ] && ! grep --quiet --invert-match --line-regexp --fixed-strings --file "$2" <<< "$images"; then
    return 0
  fi
  local report=$log_folder/import-${1##*/}.log
  ctr_images import "$1" > "$report" 2>&1 || fail "image tar $1 cannot be imported: $(df_note "$1")" "$report"
  say "imported ${1##*/}"
}

# A full disk is the most likely reason, and the one that containerd's own words tell worst.
df_note() {
  local free
  free=$(df --output=avail --block-size=1M "$containerd_root" | tail -n 1)
  printf '%d MiB are free for %d MiB of tar' "$free" $(($(stat --format=%s "$1") / 1048576))
}

import_tars() {
  await_containerd
  local held=$log_folder/held-images tar jobs=0
  held_images > "$held"
  # The largest first, so that the last to end is a small one.
  while read -r tar; do
    ((jobs++ < tars_at_once)) || wait -n
    import_tar "$tar" "$held" &
  done < <(find "$image_folder" -maxdepth 1 -name '*.tar' -printf '%s %p\n' | sort -rn | cut -d' ' -f2-)
  wait # a shell of its own, so these are its only children
  say 'images ready'
}

import_tars_beside() {
  import_tars &
  import_job=$!
}

await_imports() { wait "$import_job" || fail 'the images were not imported'; }
