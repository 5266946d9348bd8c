import type { LayerEntry } from './layer-entry.ts'

/** Who a program runs as, where the manifest says nothing else. */
export const user = '65532:65532'

/** Programs that ask for their user's name or home find an answer. */
export const accounts: readonly LayerEntry[] = [
  {
    kind: 'text',
    path: 'etc/passwd',
    mode: 0o644,
    text: 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n',
  },
  { kind: 'text', path: 'etc/group', mode: 0o644, text: 'root:x:0:\nnonroot:x:65532:\n' },
]
