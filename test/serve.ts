import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

type Fetch = (request: Request) => Promise<Response>

/** Serves a fetch function over real HTTP on a free port of this machine. */
export async function serve(
  create: (origin: string) => Fetch | Promise<Fetch>,
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  let fetch: Fetch
  const server = createServer(async (incoming, outgoing) => {
    const response = await fetch(toRequest(origin, incoming))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(new Uint8Array(await response.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  fetch = await create(origin)
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What came over HTTP as a fetch function takes it. */
export function toRequest(origin: string, incoming: IncomingMessage): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
  return new Request(`${origin}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers,
    ...(hasBody && { body: incoming as unknown as ReadableStream, duplex: 'half' }),
  } as RequestInit)
}
