import { Agent, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly text: string
}

/** A lean HTTP client on connections that are kept open. */
export function createClient(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const port = new URL(origin).port
  return {
    close: () => agent.destroy(),
    send(method: string, url: string, body = '', headers: Record<string, string> = {}): Promise<Answer> {
      const path = url.startsWith('http') ? url.slice(url.indexOf('/', 'http://'.length)) : url
      return new Promise((resolve, reject) => {
        const outgoing = request(
          {
            agent,
            host: '127.0.0.1',
            port,
            path,
            method,
            headers: { Host: `localhost:${port}`, ...headers, 'Content-Length': Buffer.byteLength(body) },
          },
          (incoming) => {
            let text = ''
            incoming.setEncoding('utf8')
            incoming.on('data', (part: string) => {
              text += part
            })
            incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }))
          },
        )
        outgoing.on('error', reject)
        outgoing.end(body)
      })
    },
  }
}

export type Client = ReturnType<typeof createClient>
