import { constant } from '../../../../load/lib/shape.ts'
import { workload } from '../../../../load/lib/workload.ts'

export const { options, handleSummary } = workload({ shape: constant, defaultSeconds: 1 })
export default () => {}
