import { expect, test } from 'vitest'
import { NodeContainer } from './node-container.ts'

test('a node has no reaper: its port, on all addresses, would lead to the Docker daemon', () => {
  const container = new NodeContainer({
    name: 'node',
    image: 'signalproof/node:1',
    command: ['server'],
    labels: {},
    imageFolder: '/images',
    nodePorts: [],
    hostPorts: new Map(),
    onCreated: () => {},
  })
  // Testcontainers starts one for a container that it is to clean up itself, and for no other.
  expect(container).toHaveProperty('autoCleanup', false)
})
