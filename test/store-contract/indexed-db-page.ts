import { createIndexedDbStore } from '@ekkasan/wallet'

// What runs in the page: one store, told the time with each call, called and answered in JSON text.

/** A parameter of a Store's method as it travels. */
export type Parameter =
  | { readonly kind: 'undefined' }
  | { readonly kind: 'function' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'options'; readonly value: object; readonly expiresAt?: number | null }

export interface Call {
  readonly time: number
  readonly method: 'get' | 'put' | 'swap' | 'delete' | 'list' | 'next' | 'count' | 'now'
  readonly parameters: readonly Parameter[]
}

export type Outcome =
  | { readonly result?: unknown }
  | { readonly error: string; readonly isTypeError: boolean }

let time = 0
const store = createIndexedDbStore({ name: 'contract', clock: () => new Date(time) })

function unpack(parameter: Parameter): unknown {
  if (parameter.kind === 'undefined') return undefined
  if (parameter.kind === 'function') return () => 1
  if (parameter.kind === 'value') return parameter.value
  const { value, expiresAt } = parameter
  return expiresAt === undefined ? value : { ...value, expiresAt: new Date(expiresAt ?? Number.NaN) }
}

Object.assign(globalThis, {
  async callStore(json: string): Promise<string> {
    const call = JSON.parse(json) as Call
    time = call.time
    const method = store[call.method] as (...parameters: unknown[]) => Promise<unknown>
    try {
      return JSON.stringify({ result: await method(...call.parameters.map(unpack)) } satisfies Outcome)
    } catch (error) {
      const isTypeError = error instanceof TypeError
      return JSON.stringify({ error: String(error), isTypeError } satisfies Outcome)
    }
  },
})
