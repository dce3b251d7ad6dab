import {
  createMemoryStore,
  type Fetch,
  type RejectedError,
  trustOnly,
  type UnavailableError,
} from '@ekkasan/core'
import { acceptMdoc, verifyMdoc } from '@ekkasan/mdoc'
import { createStatusChecker, createStatusLists, parseStatusListCwt } from '@ekkasan/status'
import { expect, it } from 'vitest'
import { clock, device, docType, issue, issuer, issuerName, present, verifying } from './setting.ts'

const { resolveIssuerKey } = verifying()
const isTrusted = trustOnly([{ role: 'credential-issuer', id: issuerName, types: [docType] }])

it('holds an mdoc to the entry of a real status list in CWT form (Token Status List section 6.3)', async () => {
  const lists = createStatusLists({
    url: 'https://issuer.example/status',
    signer: issuer,
    store: createMemoryStore(),
    ttl: 1,
    clock,
  })
  const fetched: string[] = []
  let isDown = false
  const fetch: Fetch = async (url) => {
    if (isDown) throw new TypeError('no such host')
    const accept = { accept: 'application/statuslist+cwt' }
    const response = await lists.fetch(new Request(url, { headers: accept }))
    if (!response) return new Response('', { status: 404 })
    fetched.push(response.headers.get('content-type') ?? '')
    parseStatusListCwt(await response.clone().bytes())
    return response
  }
  const status = await lists.allocate()
  const other = await lists.allocate()
  const credential = await issue({ status })
  const held = await acceptMdoc(credential, {
    holder: { jwk: device.key.publicJwk },
    issuer: 'https://issuer.example',
    resolveIssuerKey,
    isTrusted,
    clock,
  })
  expect(held.status).toEqual(status)
  const outcome = async (presented: string) => {
    const checkStatus = createStatusChecker({ fetch, resolveIssuerKey, isTrusted, clock })
    return verifyMdoc(await present(presented), verifying({ checkStatus })).then(
      ({ checks }) => checks.find(({ name }) => name === 'status'),
      (error: RejectedError | UnavailableError) =>
        error.checks.filter(({ outcome: result }) => result !== 'passed'),
    )
  }
  expect(await outcome(credential)).toMatchObject({ outcome: 'passed' })
  await lists.set(status, 'suspended')
  expect(await outcome(credential)).toMatchObject([{ name: 'status', code: 'core.status.suspended' }])
  await lists.set(status, 'revoked')
  expect(await outcome(credential)).toMatchObject([{ name: 'status', code: 'core.status.revoked' }])
  expect(await outcome(await issue({ status: other }))).toMatchObject({ outcome: 'passed' })
  expect(new Set(fetched)).toEqual(new Set(['application/statuslist+cwt']))
  isDown = true
  expect(await outcome(credential)).toMatchObject([{ name: 'status', outcome: 'unknown' }])
})
