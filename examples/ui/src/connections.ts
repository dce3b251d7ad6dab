import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What a server accepts of connections, so that those who open many, send slowly or never read stop nobody else. */
export interface ConnectionBounds {
  /** Seconds within which a request has to have arrived in full, and for which a connection may stand still. */
  readonly requestSeconds: number
}

/** Requests that one connection may have sent ahead without having been answered; browsers and proxies send one. */
const mostUnanswered = 16
/** After so many a client has to connect anew, so that replicas behind a balancer come to share the load again. */
const mostRequests = 1000
const mostConnections = 10_000

export interface Connections {
  /** Whether a request is let in; one that is not has been answered. */
  admit(request: IncomingMessage, response: ServerResponse): boolean
  /**
   * Lets nobody in any more: connections without a request under way end at once, the others as soon as what is under
   * way is answered, which then says `Connection: close`. Resolves when all have ended.
   */
  drain(): Promise<void>
  /** Ends all connections, whatever is under way. */
  cut(): void
}

/** For `createServer`: how long Node waits for heads and bodies. A connection that sends nothing is one whose head is late. */
export function timeoutsOf({ requestSeconds }: ConnectionBounds) {
  const requestTimeout = requestSeconds * 1000
  return {
    requestTimeout,
    headersTimeout: Math.min(requestTimeout, 10_000),
    connectionsCheckingInterval: Math.min(requestTimeout, 2_000),
  }
}

export function boundConnections(server: Server, { requestSeconds }: ConnectionBounds): Connections {
  const unanswered = new Map<Socket, Set<ServerResponse>>()
  let isDraining = false
  // The last is answered with `Connection: close`; those beyond Node would answer with 503, and leave the connection open to whoever goes on sending.
  server.maxRequestsPerSocket = mostRequests
  server.on('dropRequest', (_request, socket) => socket.destroy())
  server.maxConnections = mostConnections
  // A client that does not read what is sent counts as standing still too.
  server.timeout = requestSeconds * 1000

  server.on('connection', (socket) => {
    unanswered.set(socket, new Set())
    socket.once('close', () => unanswered.delete(socket))
  })

  const answered = (socket: Socket, response: ServerResponse) => {
    const open = unanswered.get(socket)
    open?.delete(response)
    if (isDraining && open?.size === 0) socket.end()
  }

  return {
    admit({ socket }, response) {
      const open = unanswered.get(socket)
      if (isDraining) {
        response
          .writeHead(503, { Connection: 'close', 'Retry-After': '5', 'Cache-Control': 'no-store' })
          .end()
        return false
      }
      if (!open || open.size >= mostUnanswered) {
        socket.destroy()
        return false
      }
      open.add(response)
      response.once('close', () => answered(socket, response))
      return true
    },
    drain() {
      isDraining = true
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      for (const [socket, open] of unanswered) {
        if (open.size === 0) socket.destroySoon()
        for (const response of open) if (!response.headersSent) response.setHeader('Connection', 'close')
      }
      return closed
    },
    cut: () => server.closeAllConnections(),
  }
}
