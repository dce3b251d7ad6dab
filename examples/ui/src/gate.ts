import { StoreBlocked } from './claim-store.ts'
import { type Log, logFault } from './log.ts'
import type { Program } from './serve.ts'

/** Milliseconds between two looks at a store that must not be used. */
const pollInterval = 1000

/** Ends the program's service at once: the store is not what it was. */
export type Block = (why: unknown) => void

/**
 * A program that serves only while its store may be used. Over a store that was restored it starts and answers 503 to
 * everything; so it does when the store goes back in time while it runs. As soon as the store was mended it is built
 * anew, so that nothing that it remembered of the time before is used.
 * @throws what `start` throws, but for a StoreBlocked of kind `restored`
 */
export async function createGate(options: {
  readonly log: Log
  readonly start: (block: Block) => Promise<Program>
}): Promise<Program> {
  const { log, start } = options
  let program: Program | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let told = ''

  const tell = (why: unknown) => {
    const text = why instanceof Error ? why.message : String(why)
    if (text === told) return
    told = text
    logFault(log, 'store-blocked', why)
    process.stderr.write(`${text}\n`)
  }
  const block: Block = (why) => {
    const before = program
    program = undefined
    tell(why)
    if (!before) return
    before.stop?.().catch(() => undefined)
    poll()
  }
  const open = async () => {
    // What blocks while the program is being built blocks it afterwards.
    let why: unknown
    let isBlocked = false
    const opened = await start((reason) => {
      if (program === opened && program) return block(reason)
      isBlocked = true
      why = reason
    })
    if (isBlocked) {
      await opened.stop?.().catch(() => undefined)
      throw new StoreBlocked('restored', why instanceof Error ? why.message : String(why), { cause: why })
    }
    program = opened
  }
  const poll = () => {
    if (isStopped) return
    timer = setTimeout(() => {
      open().then(
        () => log('store-usable'),
        (error: unknown) => {
          tell(error)
          poll()
        },
      )
    }, pollInterval)
  }

  try {
    await open()
  } catch (error) {
    if (!(error instanceof StoreBlocked) || error.kind !== 'restored') throw error
    tell(error)
    poll()
  }
  return {
    fetch: (request) => (program ? program.fetch(request) : blocked()),
    async checkReady() {
      if (!program) throw new Error('the store must not be used before it was mended')
      await program.checkReady?.()
    },
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await program?.stop?.()
    },
  }
}

function blocked(): Response {
  const body = JSON.stringify({ error: 'temporarily_unavailable' })
  return new Response(body, {
    status: 503,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': '60' },
  })
}
