import { expect, test } from 'vitest'
import { backendDouble, deadAddress } from '../../core/backend-double.ts'
import { chooseIngressPort } from './ingress-port.ts'

const portOf = (url: string) => Number(new URL(url).port)

test('takes the port that was named, if nobody has it', async () => {
  const free = portOf(await deadAddress())
  expect(await chooseIngressPort(free)).toBe(free)
})

test('says so when somebody has it', async () => {
  await using somebody = await backendDouble({})
  await expect(chooseIngressPort(portOf(somebody.url))).rejects.toThrow(
    /ENV_PORT_TAKEN.*name another --port/s,
  )
})
