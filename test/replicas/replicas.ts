import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export class LostAnswer extends Error {}

/** Two replicas of one program behind what a load balancer does: turn by turn, and only to who is there. */
export interface Replicas {
  /** @throws LostAnswer when the replica asked was killed before it answered */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** A verb of the back office, turn by turn as well. @throws LostAnswer */
  ask<T>(verb: string, input?: unknown): Promise<T>
  /** Kills the first replica (SIGKILL) and resolves when it is gone. */
  kill(): Promise<void>
  /** How many requests each has answered. */
  readonly answered: readonly number[]
  stop(): void
}

interface Replica {
  readonly child: ChildProcess
  readonly port: number
  readonly waiting: Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>
}

export async function startReplicas(program: string, config: unknown): Promise<Replicas> {
  const replicas = await Promise.all([start(program, config), start(program, config)])
  const answered = [0, 0]
  let turn = 0
  let serial = 0
  const pick = () => {
    for (;;) {
      const index = turn++ % 2
      const replica = replicas[index] as Replica
      if (replica.child.connected) return { index, replica }
    }
  }
  return {
    answered,
    async fetch(url, init) {
      const { index, replica } = pick()
      const { pathname, search } = new URL(url)
      try {
        const response = await fetch(`http://127.0.0.1:${replica.port}${pathname}${search}`, init)
        const body = await response.arrayBuffer()
        answered[index] = (answered[index] as number) + 1
        const { status, headers } = response
        return new Response(status === 204 ? null : body, { status, headers })
      } catch (cause) {
        throw new LostAnswer('the replica ended', { cause })
      }
    },
    ask(verb, input = null) {
      const { replica } = pick()
      return new Promise((resolve, reject) => {
        const id = serial++
        replica.waiting.set(id, { resolve, reject })
        replica.child.send({ id, verb, input }, (error) => error && reject(new LostAnswer(verb)))
      })
    },
    async kill() {
      const { child } = replicas[0]
      const gone = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      await gone
    },
    stop() {
      for (const { child } of replicas) child.kill('SIGKILL')
    },
  }
}

async function start(program: string, config: unknown): Promise<Replica> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), [JSON.stringify(config)], {
    execArgv: ['--conditions=@ekkasan/source', '--no-warnings'],
  })
  const waiting: Replica['waiting'] = new Map()
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
    child.on('message', (message: { port?: number; id: number; result?: never; error?: string }) => {
      if (message.port !== undefined) return resolve(message.port)
      const asked = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error === undefined) asked?.resolve(message.result as never)
      else asked?.reject(new Error(message.error))
    })
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new LostAnswer('the replica ended'))
  })
  return { child, port, waiting }
}
