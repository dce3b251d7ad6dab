import { fork } from 'node:child_process'
import { join } from 'node:path'

export interface RunningVerifier {
  readonly url: string
  /** The trust anchor of its certificate, base64 DER. */
  readonly root: string
  ask<T>(verb: string, input?: unknown): Promise<T>
  stop(): void
}

/** Starts the verifier as an operating-system process on a free port, trusting one issuer's key. */
export async function startVerifier(
  issuerJwk: object,
  path = '',
  prefix = 'x509_hash',
): Promise<RunningVerifier> {
  const child = fork(
    join(import.meta.dirname, 'verifier-program.ts'),
    [path, JSON.stringify(issuerJwk), prefix],
    {
      execArgv: ['--conditions=@ekkasan/source', '--no-warnings'],
    },
  )
  const waiting = new Map<number, (result: never) => void>()
  let serial = 0
  const { url, root } = await new Promise<{ url: string; root: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the verifier ended with ${code}`)))
    child.on('message', (message: { url?: string; root?: string; id?: number; result?: unknown }) => {
      if (message.url !== undefined) resolve({ url: message.url, root: message.root ?? '' })
      else waiting.get(message.id ?? -1)?.(message.result as never)
    })
  })
  return {
    url,
    root,
    ask: (verb, input = null) =>
      new Promise((resolve) => {
        const id = serial++
        waiting.set(id, resolve)
        child.send({ id, verb, input })
      }),
    stop: () => void child.kill(),
  }
}
