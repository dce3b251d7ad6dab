import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { boundConnections, timeoutsOf } from './connections.ts'
import { type CheckReady, watchReadiness } from './health.ts'
import type { Log } from './log.ts'

export interface Program {
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** Whether it can do its work now: `/readyz` answers 200 or 503. */
  readonly checkReady?: CheckReady
  /** Called once, after the last request was answered. */
  readonly stop?: () => Promise<void>
}

export interface ServeOptions {
  /** Program's name in logs and in the line that says that it is ready. */
  readonly name: string
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** 0 takes a free port. */
  readonly port?: number
  /** Within which a request has to have arrived in full, so that slow senders do not pile up; default: 60. */
  readonly requestSeconds?: number
  /** For which a stopping program waits for what is under way; default: 60. */
  readonly stopSeconds?: number
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
 * `{"ready":"issuer","address":"http://127.0.0.1:4000"}`. Until then every path answers 503.
 *
 * `/livez` says that the process runs, and touches nothing outside it; `/readyz` (and `/healthz`) whether the program can
 * do its work, within a second. SIGTERM and SIGINT end it: no new connections and no new requests, those under way are
 * answered with `Connection: close`, then `stop`. A second signal ends it at once.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { log, host = '127.0.0.1', requestSeconds = 60, stopSeconds = 60 } = options
  let program: Program | undefined
  let isReady = async () => true
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname === '/livez') return plain(200, 'ok')
    if (!program) return plain(503, 'starting')
    if (pathname === '/readyz' || pathname === '/healthz') {
      return (await isReady()) ? plain(200, 'ok') : plain(503, 'unavailable')
    }
    return program.fetch(request)
  }
  const listener = getRequestListener(answer)
  const server = createServer(timeoutsOf({ requestSeconds }), (incoming, outgoing) => {
    if (connections.admit(incoming, outgoing)) void listener(incoming, outgoing)
  })
  const connections = boundConnections(server, { requestSeconds })
  const address = await new Promise<string>((resolve, reject) => {
    server.once('error', (cause) => {
      const { code } = cause as { readonly code?: string }
      const taken = `HOST and PORT: ${host}:${options.port ?? 0} is taken by another program; end it, or set another PORT`
      reject(code === 'EADDRINUSE' ? new Error(taken, { cause }) : cause)
    })
    server.listen(options.port ?? 0, host, () => {
      const { family, address, port } = server.address() as AddressInfo
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`)
    })
  })
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      log('stopping')
      const cut = setTimeout(connections.cut, stopSeconds * 1000)
      await connections.drain()
      clearTimeout(cut)
      await program?.stop?.()
      log('stopped')
      process.off('SIGTERM', onSignal)
      process.off('SIGINT', onSignal)
    })()
    return stopping
  }
  const onSignal = () => {
    if (stopping) connections.cut()
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
  if (program.checkReady) isReady = watchReadiness(program.checkReady, log)
  log('listening', { address })
  process.stdout.write(`${JSON.stringify({ ready: options.name, address })}\n`)
  return { address, stop }
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
