import {
  cached,
  createChecks,
  FetchError,
  type FetchErrorCode,
  fetchJsonObject,
  recordResolveError,
} from '@ekkasan/core'
import { describeCheck } from '@ekkasan/core/check-texts'
import { describe, expect, it } from 'vitest'

/** What a report makes of a host that behaves so. */
async function outcomeOf(fetch: () => Promise<Response>): Promise<string | undefined> {
  const checks = createChecks()
  try {
    await fetchJsonObject(fetch, 'https://host.example/x', 'the document')
    return 'found'
  } catch (error) {
    recordResolveError(checks, 'type-metadata', error)
    return checks.list.find(({ name }) => name === 'type-metadata')?.outcome
  }
}

describe('what a failing host means', () => {
  it.each([
    [404, 'failed'],
    [410, 'failed'],
    [401, 'unknown'],
    [403, 'unknown'],
    [429, 'unknown'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('status %i is %s in the report [H7]', async (status, outcome) => {
    expect(await outcomeOf(async () => new Response('{}', { status }))).toBe(outcome)
  })

  it.each<[FetchErrorCode, string]>([
    ['core.fetch.timeout', 'unknown'],
    ['core.fetch.failed', 'unknown'],
    ['core.fetch.address-refused', 'failed'],
    ['core.fetch.url-refused', 'failed'],
    ['core.fetch.redirect-refused', 'failed'],
    ['core.fetch.body-refused', 'failed'],
  ])('%s is %s in the report [H7]', async (code, outcome) => {
    expect(await outcomeOf(() => Promise.reject(new FetchError(code, 'x')))).toBe(outcome)
  })

  it('an answer that is no JSON object is failed, whatever another error is not told as one of these [H7]', async () => {
    expect(await outcomeOf(async () => new Response('<html>'))).toBe('failed')
    expect(() => recordResolveError(createChecks(), 'status', new RangeError('a mistake'))).toThrow(
      RangeError,
    )
  })
})

it.fails('a status with a detail keeps its "as of" on the screen [H4]', () => {
  const text = describeCheck({
    name: 'status',
    outcome: 'passed',
    detail: 'as of 2026-11-30T03:04:05.000Z: a newer credential is to be had',
  })
  expect(text.en).toContain('30 Nov 2026')
})

it.fails('a lifetime means seconds here as everywhere [H5]', async () => {
  let time = 0
  let asked = 0
  const resolve = cached(async (_question: string) => ++asked, { lifetime: 300, clock: () => new Date(time) })
  await resolve('x')
  time = 200_000
  expect(await resolve('x')).toBe(1)
})
