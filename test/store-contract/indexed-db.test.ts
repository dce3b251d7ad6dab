import { join } from 'node:path'
import type { Store } from '@ekkasan/core'
import type { Page } from 'playwright-core'
import { bundle, startBrowser } from './browser.ts'
import type { Call, Outcome, Parameter } from './indexed-db-page.ts'
import { describeStore } from './store-contract.ts'

// The store of a wallet in a browser, in a real one; the second store is that of another tab.

describeStore('IndexedDB', async (clock) => {
  const browser = await startBrowser()
  const script = await bundle(join(import.meta.dirname, 'indexed-db-page.ts'))
  const [one, two] = [await browser.open(script), await browser.open(script)]
  return { store: storeIn(one, clock), other: storeIn(two, clock), close: () => browser.close() }
})

function storeIn(page: Page, clock: () => Date): Store {
  const call = async (method: Call['method'], parameters: readonly Parameter[]) => {
    const json = JSON.stringify({ time: clock().getTime(), method, parameters } satisfies Call)
    const answer = await page.evaluate(
      (text) => (globalThis as unknown as { callStore(json: string): Promise<string> }).callStore(text),
      json,
    )
    const outcome = JSON.parse(answer) as Outcome
    if (!('error' in outcome)) return outcome.result as never
    throw outcome.isTypeError ? new TypeError(outcome.error) : new Error(outcome.error)
  }
  return {
    get: async (key) => call('get', [pack(key)]),
    put: async (key, value, options) => call('put', [pack(key), pack(value), packOptions(options)]),
    swap: async (key, expected, value, options) =>
      call('swap', [pack(key), pack(expected), pack(value), packOptions(options)]),
    delete: async (key) => call('delete', [pack(key)]),
    list: async (prefix, options) => call('list', [pack(prefix), packOptions(options)]),
    next: async (counter) => call('next', [pack(counter)]),
    count: async (counter) => call('count', [pack(counter)]),
    now: async () => new Date(await call('now', [])),
  }
}

function pack(value: unknown): Parameter {
  if (value === undefined) return { kind: 'undefined' }
  return typeof value === 'function' ? { kind: 'function' } : { kind: 'value', value }
}

function packOptions(options: object | undefined): Parameter {
  if (!options) return { kind: 'undefined' }
  const { expiresAt, ...value } = options as { readonly expiresAt?: Date }
  return { kind: 'options', value, ...(expiresAt && { expiresAt: expiresAt.getTime() }) }
}
