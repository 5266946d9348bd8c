import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import express from 'express'
import { sha256 } from './blob.ts'
import { layerTar } from './write-layer.ts'

/** What a registry on 127.0.0.1 gives, and does wrong. */
export interface RegistryDouble extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly address: string
  /** Of the one manifest that it has, under every name and tag but `missing`. */
  readonly digest: string
  readonly imageId: string
  /** Sent in the place of the layer. */
  wrongLayer: Buffer | undefined
  /** Sent in the place of the manifest. */
  wrongManifest: string | undefined
}

/** Speaks as much of the registry's protocol as a pull takes; its image is another one each time. */
export async function startRegistry(architecture = process.arch === 'arm64' ? 'arm64' : 'amd64') {
  const layer = await buffer(layerTar([{ kind: 'text', path: 'a', mode: 0o644, text: randomUUID() }]))
  const config = JSON.stringify({
    os: 'linux',
    architecture,
    config: { Entrypoint: ['/a'] },
    rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
  })
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      digest: sha256(config),
      size: config.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
        digest: sha256(layer),
        size: layer.length,
      },
    ],
  })
  const app = express()
  app.get('/v2/', (_, response) => void response.json({}))
  app.get(/^\/v2\/.+\/manifests\/(.+)$/, (request, response) => {
    if (request.params[0] === 'missing') {
      response.status(404).json({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] })
      return
    }
    const text = registry.wrongManifest ?? manifest
    response.set({ 'Content-Type': manifestType, 'Docker-Content-Digest': sha256(text) })
    response.send(Buffer.from(text))
  })
  app.get(/^\/v2\/.+\/blobs\/(.+)$/, (request, response) => {
    if (request.params[0] === sha256(config)) response.send(Buffer.from(config))
    else if (request.params[0] === sha256(layer)) response.send(registry.wrongLayer ?? layer)
    else response.status(404).end()
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const registry: RegistryDouble = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    digest: sha256(manifest),
    imageId: sha256(config),
    wrongLayer: undefined,
    wrongManifest: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return registry
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
