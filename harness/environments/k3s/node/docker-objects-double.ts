import type Docker from 'dockerode'
import { nodeLabels } from './node-labels.ts'

const refusal = (statusCode: number) => Object.assign(new Error(`status ${statusCode}`), { statusCode })

interface WantedContainer {
  readonly name?: string
  readonly Labels?: Record<string, string>
  readonly HostConfig?: {
    readonly Mounts?: readonly { Source: string; VolumeOptions?: { Labels: Record<string, string> } }[]
  }
}

/** A Docker daemon as far as the names and labels of containers and volumes go; what runs in it ends with `exitCode`. */
export class DockerObjectsDouble {
  readonly containers = new Map<string, Record<string, string>>()
  readonly volumes = new Map<string, Record<string, string>>()
  exitCode = 0

  get docker(): Docker {
    return this as unknown as Docker
  }

  async createContainer({ name = '', Labels: labels = {}, HostConfig: config = {} }: WantedContainer) {
    if (this.containers.has(name)) throw refusal(409)
    this.containers.set(name, labels)
    for (const { Source: volume, VolumeOptions: options } of config.Mounts ?? [])
      if (!this.volumes.has(volume)) this.volumes.set(volume, options?.Labels ?? {})
    return this.getContainer(name)
  }

  getContainer(name: string) {
    return {
      start: async () => {},
      wait: async () => ({ StatusCode: this.exitCode }),
      logs: async () => Buffer.alloc(0),
      remove: async () => {
        if (!this.containers.delete(name)) throw refusal(404)
      },
    }
  }

  async listContainers() {
    return [...this.containers].map(([name, labels]) => ({ Id: name, Names: [`/${name}`], Labels: labels }))
  }

  getVolume(name: string) {
    return {
      inspect: async () => {
        if (!this.volumes.has(name)) throw refusal(404)
        return { CreatedAt: '2026-11-25T20:00:00Z' }
      },
      remove: async () => {
        if (!this.volumes.delete(name)) throw refusal(404)
      },
    }
  }

  async listVolumes() {
    const ours = [...this.volumes].filter(([, labels]) => nodeLabels.seed in labels)
    return { Volumes: ours.map(([name]) => ({ Name: name, CreatedAt: '2026-11-25T20:00:00Z' })) }
  }
}
