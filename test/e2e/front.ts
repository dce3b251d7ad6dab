import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Front {
  readonly url: string
  /** Replicas that answer, in turns; a request that finds its replica dead goes to the next. */
  readonly replicas: string[]
  close(): Promise<void>
}

/** What stands before two replicas of a program: each request goes to the next of them. */
export async function startFront(): Promise<Front> {
  const replicas: string[] = []
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const first = turn++
      const attempt = (number: number) => {
        const replica = replicas[(first + number) % replicas.length]
        if (!replica || number === replicas.length) return outgoing.writeHead(502).end()
        const { hostname, port } = new URL(replica)
        const { method, url, headers } = incoming
        const onward = httpRequest({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
        })
        // Refused connections only: what a replica may have begun is not sent again.
        onward.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'ECONNREFUSED') attempt(number + 1)
          else if (!outgoing.headersSent) outgoing.writeHead(502).end()
        })
        onward.end(body)
      }
      attempt(0)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replicas,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
