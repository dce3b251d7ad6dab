import { trustAnyone } from '@ekkasan/core'
import { verifyVcCose, verifyVcJwt, verifyVcSdJwt } from '@ekkasan/vc-jose-cose'
import { expect, it } from 'vitest'
import { faults } from '../../../test/jwt-parties.ts'

// VC-JOSE-COSE examples 1, 4 and 7, byte for byte. The text does not print the key that signed them; it is the one
// whose signatures its first example's can be, and it verifies all twelve of its JWS.
const jwk = {
  kty: 'EC' as const,
  crv: 'P-256',
  x: 'LzIYfeRobny2b4_h8_cCa8piPkRhh6TOfpOhW1xGMWA',
  y: 'SfBpMd66qWI4ylwDdukvvaYVxi6n7Bne4FerlMufEmQ',
}
const example1 = [
  'eyJraWQiOiJFeEhrQk1XOWZtYmt2VjI2Nm1ScHVQMnNVWV9OX0VXSU4xbGFwVXpPOHJvIiwiYWxnIjoiRVMyNTYifQ.eyJAY29ud',
  'GV4dCI6WyJodHRwczovL3d3dy53My5vcmcvbnMvY3JlZGVudGlhbHMvdjIiLCJodHRwczovL3d3dy53My5vcmcvbnMvY3JlZGVud',
  'GlhbHMvZXhhbXBsZXMvdjIiXSwiaWQiOiJodHRwOi8vdW5pdmVyc2l0eS5leGFtcGxlL2NyZWRlbnRpYWxzLzM3MzIiLCJ0eXBlI',
  'jpbIlZlcmlmaWFibGVDcmVkZW50aWFsIiwiRXhhbXBsZURlZ3JlZUNyZWRlbnRpYWwiLCJFeGFtcGxlUGVyc29uQ3JlZGVudGlhb',
  'CJdLCJpc3N1ZXIiOiJodHRwczovL3VuaXZlcnNpdHkuZXhhbXBsZS9pc3N1ZXJzLzE0IiwidmFsaWRGcm9tIjoiMjAxMC0wMS0wM',
  'VQxOToyMzoyNFoiLCJjcmVkZW50aWFsU3ViamVjdCI6eyJpZCI6ImRpZDpleGFtcGxlOmViZmViMWY3MTJlYmM2ZjFjMjc2ZTEyZ',
  'WMyMSIsImRlZ3JlZSI6eyJ0eXBlIjoiRXhhbXBsZUJhY2hlbG9yRGVncmVlIiwibmFtZSI6IkJhY2hlbG9yIG9mIFNjaWVuY2UgY',
  'W5kIEFydHMifSwiYWx1bW5pT2YiOnsibmFtZSI6IkV4YW1wbGUgVW5pdmVyc2l0eSJ9fSwiY3JlZGVudGlhbFNjaGVtYSI6W3sia',
  'WQiOiJodHRwczovL2V4YW1wbGUub3JnL2V4YW1wbGVzL2RlZ3JlZS5qc29uIiwidHlwZSI6Ikpzb25TY2hlbWEifSx7ImlkIjoia',
  'HR0cHM6Ly9leGFtcGxlLm9yZy9leGFtcGxlcy9hbHVtbmkuanNvbiIsInR5cGUiOiJKc29uU2NoZW1hIn1dfQ.HeL-0wtexrzRNT',
  '-9TKaCFACJagITfVSE0ZR3akpHro-LA_CZ5y2nB3oeEf7MNqIKybXxoyngyiBoRHxyfYoxxw',
].join('')
const example4 = [
  'eyJraWQiOiJFeEhrQk1XOWZtYmt2VjI2Nm1ScHVQMnNVWV9OX0VXSU4xbGFwVXpPOHJvIiwiYWxnIjoiRVMyNTYifQ.eyJpYXQiO',
  'jE3NDA4MTUwNDMsImV4cCI6MTc0MjAyNDY0MywiX3NkX2FsZyI6InNoYS0yNTYiLCJAY29udGV4dCI6WyJodHRwczovL3d3dy53M',
  'y5vcmcvbnMvY3JlZGVudGlhbHMvdjIiLCJodHRwczovL3d3dy53My5vcmcvbnMvY3JlZGVudGlhbHMvZXhhbXBsZXMvdjIiXSwia',
  'XNzdWVyIjoiaHR0cHM6Ly91bml2ZXJzaXR5LmV4YW1wbGUvaXNzdWVycy8xNCIsInZhbGlkRnJvbSI6IjIwMTAtMDEtMDFUMTk6M',
  'jM6MjRaIiwiY3JlZGVudGlhbFN1YmplY3QiOnsiZGVncmVlIjp7Im5hbWUiOiJCYWNoZWxvciBvZiBTY2llbmNlIGFuZCBBcnRzI',
  'iwiX3NkIjpbIjBlVzU2Ri05VjNqQWpDVDFkQTRYMWV4TWlNaFc4eVYzUFFNUldoS2ZIa2ciXX0sImFsdW1uaU9mIjp7Im5hbWUiO',
  'iJFeGFtcGxlIFVuaXZlcnNpdHkifSwiX3NkIjpbImdaQk42UmVmSG1TNVhrbmVvTHl0ZkVQcjZ1M19sSWZDbTVPWi13akpxdXciX',
  'X0sImNyZWRlbnRpYWxTY2hlbWEiOlt7Il9zZCI6WyJJbDY1akg2eWd2T0pQVU9KVjVsRE9tbndwRVBtTEhxeTNrWk1VcEJmYW44I',
  'iwiSjIwdnp4bkQ0dktSaS1ENVExdGVJM21jVk1NZV9oMHdzNzBtdlFxejRQQSJdfSx7Il9zZCI6WyJfRTM3ZU12ejhqQXB0WHVVV',
  'ExpcE9hQXBKNnA4aXoyenY2Mksxcl9UUzU0IiwieHdxMDVqem44RDE4cElEOHRVaGxqZzZrT25kZy1teHg3MGhoYlRkeWozayJdf',
  'V0sIl9zZCI6WyJJSVNLem1MdGpMemdpNFlwSkd1d0d2ZWpuOEpSbjlQMTZlU19XZThURFBRIiwiTk5fM2hSRFhkNzRNZ0JrUGp4e',
  'XpmT25FUWF2S2hzNUFSUGlzTXo5WnNfTSJdfQ.F980YCx02JBkUnsdUcXkInSf8qZt6WbFk35988mgcmmdy8xIP3jSoy0z68nm2r',
  '5en5sl6PQzkWzLL5P9upuEvA~WyJqTHctQzljOU9xQ2FpWXhmaXpheThRIiwgImlkIiwgImh0dHA6Ly91bml2ZXJzaXR5LmV4YW1',
  'wbGUvY3JlZGVudGlhbHMvMzczMiJd~WyJhMElzX3NKSmw5MUk3NXJCdW55c1JnIiwgInR5cGUiLCBbIlZlcmlmaWFibGVDcmVkZW',
  '50aWFsIiwgIkV4YW1wbGVEZWdyZWVDcmVkZW50aWFsIiwgIkV4YW1wbGVQZXJzb25DcmVkZW50aWFsIl1d~WyJ3eVlyZVRKajNVR',
  'EE3VWU2dC1Ja1B3IiwgImlkIiwgImRpZDpleGFtcGxlOmViZmViMWY3MTJlYmM2ZjFjMjc2ZTEyZWMyMSJd~WyI2RlppNlh1b0JW',
  'dHl5aWdJekFScTZnIiwgInR5cGUiLCAiRXhhbXBsZUJhY2hlbG9yRGVncmVlIl0~WyIwSGppZ0Fnby1qT0FZZ0RIdE5ZaEt3Iiwg',
  'ImlkIiwgImh0dHBzOi8vZXhhbXBsZS5vcmcvZXhhbXBsZXMvZGVncmVlLmpzb24iXQ~WyJTYlNEdmdiWE5NSVhzRVJyVGdsN1dnI',
  'iwgInR5cGUiLCAiSnNvblNjaGVtYSJd~WyJPbVJvdDNIN3JIdWxPLW5wOEpIeGlBIiwgImlkIiwgImh0dHBzOi8vZXhhbXBsZS5v',
  'cmcvZXhhbXBsZXMvYWx1bW5pLmpzb24iXQ~WyJsR0xnX2p2akJybkh3NzV3bDFSSkpRIiwgInR5cGUiLCAiSnNvblNjaGVtYSJd~',
].join('')
const example7 = [
  'd28444a1013822a059029e7b2240636f6e74657874223a5b2268747470733a2f2f7777772e77332e6f72672f6e732f637265',
  '64656e7469616c732f7632222c2268747470733a2f2f7777772e77332e6f72672f6e732f63726564656e7469616c732f6578',
  '616d706c65732f7632225d2c226964223a22687474703a2f2f756e69766572736974792e6578616d706c652f63726564656e',
  '7469616c732f33373332222c2274797065223a5b2256657269666961626c6543726564656e7469616c222c224578616d706c',
  '6544656772656543726564656e7469616c222c224578616d706c65506572736f6e43726564656e7469616c225d2c22697373',
  '756572223a2268747470733a2f2f756e69766572736974792e6578616d706c652f697373756572732f3134222c2276616c69',
  '6446726f6d223a22323031302d30312d30315431393a32333a32345a222c2263726564656e7469616c5375626a656374223a',
  '7b226964223a226469643a6578616d706c653a656266656231663731326562633666316332373665313265633231222c2264',
  '6567726565223a7b2274797065223a224578616d706c6542616368656c6f72446567726565222c226e616d65223a22426163',
  '68656c6f72206f6620536369656e636520616e642041727473227d2c22616c756d6e694f66223a7b226e616d65223a224578',
  '616d706c6520556e6976657273697479227d7d2c2263726564656e7469616c536368656d61223a5b7b226964223a22687474',
  '70733a2f2f6578616d706c652e6f72672f6578616d706c65732f6465677265652e6a736f6e222c2274797065223a224a736f',
  '6e536368656d61227d2c7b226964223a2268747470733a2f2f6578616d706c652e6f72672f6578616d706c65732f616c756d',
  '6e692e6a736f6e222c2274797065223a224a736f6e536368656d61227d5d7d58408625bdcbf7f10629119471234547afc855',
  '1d5dfd4d29df3eaf1c36c72ca6cc21490a4cbe1e83c433bd26f1da9322b356e1e48ced432d827f742e6128c9d57200',
].join('')

const issuer = 'https://university.example/issuers/14'
const asked: unknown[] = []
const options = {
  resolveIssuerKey: async (question: unknown) => {
    asked.push(question)
    return { jwk, identity: { id: issuer, method: 'controlled-identifier' as const } }
  },
  isTrusted: trustAnyone('a test'),
  clock: () => new Date('2025-03-05T00:00:00Z'),
}
const subject = {
  id: 'did:example:ebfeb1f712ebc6f1c276e12ec21',
  degree: { type: 'ExampleBachelorDegree', name: 'Bachelor of Science and Arts' },
  alumniOf: { name: 'Example University' },
}

it('verifies example 1, a vc+jwt', async () => {
  const { credential, types } = await verifyVcJwt(example1, options)
  expect(credential.credentialSubject).toEqual(subject)
  expect(types).toEqual(['VerifiableCredential', 'ExampleDegreeCredential', 'ExamplePersonCredential'])
  expect(asked.at(-1)).toEqual({
    iss: issuer,
    kid: 'ExHkBMW9fmbkvV266mRpuP2sUY_N_EWIN1lapUzO8ro',
    alg: 'ES256',
  })
})

it('verifies example 4, a vc+sd-jwt', async () => {
  const { credential } = await verifyVcSdJwt(example4, options)
  expect(credential.credentialSubject).toEqual(subject)
  const later = { ...options, clock: () => new Date('2026-03-05T00:00:00Z') }
  expect(await faults(verifyVcSdJwt(example4, later))).toEqual(['validity-end failed core.validity.ended'])
})

it('refuses example 7, a vc+cose: neither iss nor kid says which key signed (sections 4.1, 4.3)', async () => {
  const bytes = Uint8Array.from(Buffer.from(example7, 'hex'))
  expect(await faults(verifyVcCose(bytes, options))).toEqual(['structure failed vc-jose-cose.structure.kid'])
})
