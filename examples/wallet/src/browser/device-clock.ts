import type { Fetch } from '@ekkasan/core'

/** This device's time beside the time that a server told. */
export interface ClockFault {
  readonly device: Date
  readonly actual: Date
}

export interface DeviceClock {
  /** As the fetch given; what servers say in `Date` is remembered. */
  readonly fetch: Fetch
  /** The fault of this device's clock where it is more than a minute wrong; undefined where it is right or nobody tells. */
  fault(): Promise<ClockFault | undefined>
}

const tolerance = 60_000

/**
 * Compares this device's clock with the `Date` header of what servers answer (RFC 9110 section 6.6.1). Of other origins a
 * browser shows that header only where they allow it; the wallet's own server always tells it.
 */
export function createDeviceClock(fetch: Fetch): DeviceClock {
  let ahead: number | undefined
  const note = (response: Response) => {
    const actual = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(actual)) ahead = Date.now() - actual
    return response
  }
  return {
    fetch: async (input, init) => note(await fetch(input, init)),
    async fault() {
      const own = await askOwnServer()
      if (own) note(own)
      if (ahead === undefined || Math.abs(ahead) <= tolerance) return undefined
      const device = new Date()
      return { device, actual: new Date(device.getTime() - ahead) }
    },
  }
}

/** A request that no service worker answers from its cache; undefined without a connection. */
export async function askOwnServer(): Promise<Response | undefined> {
  return globalThis
    .fetch('/', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(5000) })
    .catch(() => undefined)
}
