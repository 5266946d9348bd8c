import exec from 'k6/execution'
import { constant } from '../../../../load/lib/shape.ts'
import { workload } from '../../../../load/lib/workload.ts'

const { options, send, handleSummary } = workload({ shape: constant, defaultSeconds: 1 })
export { handleSummary, options }
export default () => {
  send()
  exec.test.abort('enough')
}
