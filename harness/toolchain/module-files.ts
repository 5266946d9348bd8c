import { join } from 'node:path'

/** Where each built component's go.mod and go.sum are kept, and the collector's manifest. */
export const modulesFolder = join(import.meta.dirname, 'modules')
