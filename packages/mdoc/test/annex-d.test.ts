import { type IssuerKeyQuestion, trustAnyone } from '@ekkasan/core'
import { base64url } from '@ekkasan/core/bytes'
import { keyAgreementFromJwk, verifyMdoc } from '@ekkasan/mdoc'
import { parseCertificate } from '@ekkasan/x509'
import { expect, it } from 'vitest'
import { deviceResponse, readerKey, sessionTranscript } from './annex-d.ts'
import { faultsOf } from './setting.ts'

const [x, y, d] = [readerKey.x, readerKey.y, readerKey.d].map(base64url) as [string, string, string]
const options = {
  binding: sessionTranscript,
  readerKey: await keyAgreementFromJwk({ kty: 'EC', crv: 'P-256', x, y, d }),
  isTrusted: trustAnyone('a test'),
  clock: () => new Date('2021-01-01T00:00:00Z'),
  // The example's certificate has expired with its authority; its key is what is tested here.
  resolveIssuerKey: async ({ x5c = [] }: IssuerKeyQuestion) => ({
    jwk: parseCertificate(x5c[0] as string).publicJwk,
    identity: { id: 'Utopia', method: 'x5c' as const },
  }),
}

it('verifies the example of ISO/IEC 18013-5 Annex D: digests, issuer signature and device MAC', async () => {
  const verified = await verifyMdoc(base64url(deviceResponse), options)
  expect(verified.types).toEqual(['org.iso.18013.5.1.mDL'])
  expect(verified.claims).toEqual({
    'org.iso.18013.5.1': {
      family_name: 'Doe',
      issue_date: '2019-10-20',
      expiry_date: '2024-10-20',
      document_number: '123456789',
    },
  })
  expect(verified.validity).toEqual({
    signed: new Date('2020-10-01T13:30:02Z'),
    from: new Date('2020-10-01T13:30:02Z'),
    until: new Date('2021-10-01T13:30:02Z'),
  })
  expect(verified.checks.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name)).toEqual([
    'status',
  ])
})

it('refuses its MAC for another session transcript', async () => {
  const other = Uint8Array.from(sessionTranscript)
  other.set([7], other.length - 1)
  const faults = await faultsOf(base64url(deviceResponse), { ...options, binding: other })
  expect(faults[0]).toBe('holder-signature failed mdoc.device.authentication')
})

it('refuses its MAC with another reader key, and without one', async () => {
  const { readerKey: _none, ...without } = options
  expect((await faultsOf(base64url(deviceResponse), without))[0]).toBe(
    'holder-signature failed mdoc.device.no-reader-key',
  )
})
