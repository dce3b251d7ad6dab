import { fork } from 'node:child_process'
import { join } from 'node:path'

export interface RunningIssuer {
  readonly url: string
  ask<T>(verb: string, input?: unknown): Promise<T>
  stop(): void
}

/** Starts the issuer as an operating-system process on a free port. */
export async function startIssuer(path = ''): Promise<RunningIssuer> {
  const child = fork(join(import.meta.dirname, 'issuer-program.ts'), [path], {
    execArgv: ['--conditions=@ekkasan/source', '--no-warnings'],
  })
  const waiting = new Map<number, (result: never) => void>()
  let serial = 0
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the issuer ended with ${code}`)))
    child.on('message', (message: { url?: string; id?: number; result?: unknown }) => {
      if (message.url !== undefined) resolve(message.url)
      else waiting.get(message.id ?? -1)?.(message.result as never)
    })
  })
  return {
    url,
    ask: (verb, input = null) =>
      new Promise((resolve) => {
        const id = serial++
        waiting.set(id, resolve)
        child.send({ id, verb, input })
      }),
    stop: () => void child.kill(),
  }
}
