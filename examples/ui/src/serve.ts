import type { AddressInfo } from 'node:net'
import { serve as listen } from '@hono/node-server'
import type { Log } from './log.ts'

export interface Program {
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** Whether it can do its work now: `/healthz` answers 200 or 503. */
  readonly isHealthy?: () => Promise<boolean>
  /** Called once, after the last request was answered. */
  readonly stop?: () => Promise<void>
}

export interface ServeOptions {
  /** Program's name in logs and in the line that says that it is ready. */
  readonly name: string
  /** 127.0.0.1 unless told. */
  readonly host?: string
  /** 0 takes a free port. */
  readonly port?: number
  /** Within which a request has to have arrived in full, so that slow senders do not pile up; 60 unless told. */
  readonly requestSeconds?: number
  readonly log: Log
  /** Builds the program once the address is known: with port 0 the URL is known only then. */
  readonly start: (address: string) => Promise<Program>
}

export interface Served {
  readonly address: string
  stop(): Promise<void>
}

/**
 * Listens, builds the program, and prints one line of JSON on standard output when it is ready:
 * `{"ready":"issuer","address":"http://127.0.0.1:4000"}`. Until then every path answers 503. SIGTERM and
 * SIGINT end it: no new connections, requests under way are answered, then `stop`.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const host = options.host ?? '127.0.0.1'
  const requestTimeout = (options.requestSeconds ?? 60) * 1000
  const serverOptions = {
    requestTimeout,
    headersTimeout: Math.min(requestTimeout, 20_000),
    connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
  }
  let program: Program | undefined
  const answer = async (request: Request): Promise<Response> => {
    if (!program) return plain(503, 'starting')
    if (new URL(request.url).pathname === '/healthz') {
      const healthy = await (program.isHealthy?.() ?? Promise.resolve(true)).catch(() => false)
      return plain(healthy ? 200 : 503, healthy ? 'ok' : 'unavailable')
    }
    return program.fetch(request)
  }
  const { server, address } = await new Promise<{ server: ReturnType<typeof listen>; address: string }>(
    (resolve, reject) => {
      const server = listen(
        { fetch: answer, hostname: host, port: options.port ?? 0, serverOptions },
        (info: AddressInfo) => {
          const name = info.family === 'IPv6' ? `[${info.address}]` : info.address
          resolve({ server, address: `http://${name}:${info.port}` })
        },
      )
      server.once('error', reject)
    },
  )
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      options.log('stopping')
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      if ('closeIdleConnections' in server) server.closeIdleConnections()
      const cut = setTimeout(() => {
        if ('closeAllConnections' in server) server.closeAllConnections()
      }, 10_000)
      await closed
      clearTimeout(cut)
      await program?.stop?.()
      process.off('SIGTERM', onSignal)
      process.off('SIGINT', onSignal)
    })()
    return stopping
  }
  const onSignal = () => {
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  try {
    program = await options.start(address)
  } catch (error) {
    await stop()
    throw error
  }
  options.log('listening', { address })
  process.stdout.write(`${JSON.stringify({ ready: options.name, address })}\n`)
  return { address, stop }
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
