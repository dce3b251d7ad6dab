import { EkkasanError, trustAnyone } from '@ekkasan/core'
import { drivingLicencePresets, nationalIdPresets } from '@ekkasan/thai'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { formatNames, queryOf, statusListVerifier } from '../src/formats.ts'

interface Query {
  readonly credentials: readonly { id: string; format: string; meta: object; claims: { path: unknown[] }[] }[]
  readonly credential_sets: readonly { options: string[][] }[]
}

const issuers = ['https://a.example', 'did:web:a.example', 'https://b.example']
const ask = (...parameters: Parameters<typeof queryOf>) => queryOf(...parameters) as unknown as Query

it('asks for a document in whichever format the wallet has it, of the issuers that are trusted', () => {
  const { credentials, credential_sets } = ask(drivingLicencePresets.driverAge, {
    formats: formatNames,
    issuers,
  })
  expect(credential_sets).toEqual([{ options: credentials.map(({ id }) => [id]) }])
  expect(credentials.map(({ id, format, meta, claims }) => [id, format, meta, claims[0]?.path])).toEqual([
    [
      'sd_jwt_vc',
      'dc+sd-jwt',
      {
        vct_values: [
          'https://a.example/vct/ThaiDrivingLicenceCredential/v1',
          'https://b.example/vct/ThaiDrivingLicenceCredential/v1',
        ],
      },
      ['credentialSubject', 'age_over_18'],
    ],
    [
      'sd_jwt_vc_plain',
      'dc+sd-jwt',
      {
        vct_values: [
          'https://a.example/vct/ThaiDrivingLicenceCredential/v1/plain',
          'https://b.example/vct/ThaiDrivingLicenceCredential/v1/plain',
        ],
      },
      ['age_over_18'],
    ],
    ['mdoc', 'mso_mdoc', { doctype_value: 'org.iso.18013.5.1.mDL' }, ['org.iso.18013.5.1', 'age_over_18']],
    [
      'ldp_vc',
      'ldp_vc',
      {
        type_values: ['https://a.example', 'https://b.example'].map((issuer) => [
          'https://www.w3.org/2018/credentials#VerifiableCredential',
          `${issuer}/contexts/ThaiDrivingLicenceCredential/v1.json#ThaiDrivingLicenceCredential`,
        ]),
      },
      ['credentialSubject', 'age_over_18'],
    ],
    [
      'jwt_vc',
      'jwt_vc_json',
      { type_values: [['VerifiableCredential', 'ThaiDrivingLicenceCredential']] },
      ['credentialSubject', 'age_over_18'],
    ],
  ])
})

it('names authorities for mdocs, and for nothing else', () => {
  const { credentials } = ask(drivingLicencePresets.driverAge, {
    formats: formatNames,
    issuers,
    authorities: ['a-key'],
  })
  const named = credentials.filter((query) => 'trusted_authorities' in query)
  expect(named).toMatchObject([
    { format: 'mso_mdoc', trusted_authorities: [{ type: 'aki', values: ['a-key'] }] },
  ])
  expect(() => readConfig({ NAME_AUTHORITIES: '1' })).toThrow('NAME_AUTHORITIES needs TRUSTED_CERTIFICATES')
})

it('asks in the formats that the operator names, and by URL only where an issuer has one', () => {
  const ids = (environment: Record<string, string>) => {
    const { formats, trustedIssuers } = readConfig(environment)
    return ask(nationalIdPresets.fullId, { formats, issuers: trustedIssuers }).credentials.map(({ id }) => id)
  }
  expect(ids({ FORMATS: 'mso_mdoc', TRUSTED_ISSUERS: 'https://a.example' })).toEqual(['mdoc'])
  expect(ids({ TRUSTED_ISSUERS: 'did:web:a.example' })).toEqual(['mdoc', 'jwt_vc'])
  expect(() => readConfig({ FORMATS: 'paper' })).toThrow('FORMATS must list some of')
})

it('a page in place of a status list, in whichever encoding, is refused and no fault', async () => {
  const verify = statusListVerifier({
    resolveIssuerKey: async () => Promise.reject(new Error('not asked')),
  } as never)
  for (const body of [Uint8Array.of(0x3c, 0xa1, 0xc3), new TextEncoder().encode('<html>')]) {
    const options = { isTrusted: trustAnyone('nobody is asked') }
    await expect(verify(body, 'text/html', options)).rejects.toBeInstanceOf(EkkasanError)
  }
})
