/** Where a listener stands. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** What every service reads from its environment variables. */
export interface ServiceSettings {
  readonly listen: ListenAddress
  /** Undefined: the fault switch is off. */
  readonly faultSwitch: { readonly listen: ListenAddress; readonly token: string } | undefined
}

/** A setting that the service cannot start with; the message says what was expected, what was seen and what to try. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const shortestToken = 16

export function readServiceSettings(env: NodeJS.ProcessEnv): ServiceSettings {
  const listen = parseAddress('LISTEN_ADDRESS', env.LISTEN_ADDRESS || '127.0.0.1:8080')
  if (!env.FAULT_SWITCH_ADDRESS) return { listen, faultSwitch: undefined }

  const token = env.FAULT_SWITCH_TOKEN ?? ''
  if (token.length < shortestToken) {
    throw new SettingsError(
      `FAULT_SWITCH_TOKEN: expected at least ${shortestToken} characters, because FAULT_SWITCH_ADDRESS is set; ` +
        `seen ${token.length}; try a longer token, or leave FAULT_SWITCH_ADDRESS out to keep the fault switch off`,
    )
  }
  return {
    listen,
    faultSwitch: { listen: parseAddress('FAULT_SWITCH_ADDRESS', env.FAULT_SWITCH_ADDRESS), token },
  }
}

function parseAddress(name: string, text: string): ListenAddress {
  const parts = /^(?:\[(?<v6>[0-9a-f:]+)\]|(?<host>[^:[\]\s]+)):(?<port>\d{1,5})$/i.exec(text)?.groups
  const port = Number(parts?.port)
  const host = parts?.v6 ?? parts?.host
  if (host === undefined || port > 65_535) {
    throw new SettingsError(`${name}: expected host:port; seen ${JSON.stringify(text)}; try 127.0.0.1:8080`)
  }
  return { host, port }
}
