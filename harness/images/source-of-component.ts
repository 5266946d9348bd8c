import { dirname } from 'node:path'
import type { ComponentPin } from '../toolchain/component-pin.ts'
import { type ComponentName, componentPins } from '../toolchain/pins.ts'
import { readReceipt } from '../toolchain/receipt.ts'
import type { ResolvedComponent } from '../toolchain/resolve-component.ts'

/** From what a component's program came, for the label of an image that is made of it. */
export async function describeSource(component: ResolvedComponent): Promise<string> {
  const { name, version, provenance, location } = component
  const pin: ComponentPin = componentPins[name as ComponentName]
  const receipt = await readReceipt(dirname(location), pin)
  return receipt === undefined
    ? `${name} ${version} from ${provenance === 'path' ? 'this machine' : location}`
    : `${name} ${version}, ${receipt.provenance}: ${receipt.source}`
}
