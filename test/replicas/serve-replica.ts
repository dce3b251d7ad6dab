import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A replica's side: its public endpoints over HTTP, its back office over the parent's channel. */
export function serveReplica(
  url: string,
  role: { readonly fetch: (request: Request) => Promise<Response> },
  verbs: Readonly<Record<string, (input: never) => Promise<unknown>>>,
): void {
  const server = createServer(async (incoming, outgoing) => {
    const response = await role.fetch(toRequest(url, incoming))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(new Uint8Array(await response.arrayBuffer()))
  })
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
  process.on('message', async ({ id, verb, input }: { id: number; verb: string; input: never }) => {
    try {
      process.send?.({ id, result: (await verbs[verb]?.(input)) ?? null })
    } catch (error) {
      process.send?.({ id, error: String(error) })
    }
  })
  process.once('disconnect', () => process.exit())
}

function toRequest(url: string, incoming: IncomingMessage): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
  return new Request(new URL(incoming.url ?? '/', url), {
    method: incoming.method ?? 'GET',
    headers,
    ...(hasBody && { body: incoming as unknown as ReadableStream, duplex: 'half' }),
  } as RequestInit)
}
