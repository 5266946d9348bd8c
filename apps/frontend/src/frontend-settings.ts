import { SettingsError } from '../../node-service/src/service-settings.ts'

/** Where the APIs are reached. */
export interface Ingress {
  readonly url: URL
  /** Sent as the Host header, for an ingress that routes by host name. */
  readonly host: string | undefined
}

export function readIngress(env: NodeJS.ProcessEnv): Ingress {
  const text = env.INGRESS_URL ?? ''
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new SettingsError(
      `INGRESS_URL: expected the http address of the ingress; seen ${JSON.stringify(text)}; try http://127.0.0.1:8000`,
    )
  }
  return { url, host: env.INGRESS_HOST || undefined }
}
