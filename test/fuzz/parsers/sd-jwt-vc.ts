import { RejectedError, ResolveError, trustAnyone, UnavailableError } from '@ekkasan/core'
import { base64url, hashBase64url } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { KeysError, publicJwkOf, signJws } from '@ekkasan/keys'
import { SdJwtError } from '@ekkasan/sd-jwt'
import {
  issueSdJwtVc,
  presentSdJwtVc,
  resolveJwtVcIssuer,
  resolveTypeMetadata,
  SdJwtVcError,
  sdJwtVcHolder,
  verifySdJwtVc,
} from '@ekkasan/sd-jwt-vc'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const issuer = 'https://issuer.example'
const vct = 'https://issuer.example/vct/1'
const key = { ...publicJwkOf(fuzzKey('issuer')), kid: 'k' }
const binding = { clientId: 'x509_san_dns:verifier.example', nonce: 'n' }
const identity = { id: issuer, method: 'jwt-vc-issuer' } as const
const isTrusted = trustAnyone('the fuzzer')
const metadata = {
  vct,
  name: 'A',
  extends: 'https://issuer.example/vct/0',
  display: [{ locale: 'th', name: 'ก', rendering: { simple: { logo: { uri: 'https://a.example/l' } } } }],
  claims: [{ path: ['name'], sd: 'always', mandatory: true, display: [{ locale: 'th', label: 'ชื่อ' }] }],
}
const holder = sdJwtVcHolder({ resolveIssuerKey: async () => ({ jwk: key, identity }) })

export const target: FuzzTarget = {
  reads:
    'SD-JWT VCs of an issuer that means harm, their type metadata, and the keys that an issuer publishes (@ekkasan/sd-jwt-vc)',
  async seeds() {
    const [signer, device] = [await fuzzSigner('issuer', { kid: 'k' }), await fuzzSigner('device')]
    const claims = { name: 'A', address: { street: 'B' } }
    const credential = await issueSdJwtVc({
      signer,
      vct,
      issuer,
      claims,
      holderJwk: device.key.publicJwk,
      validity: { until: new Date(Date.now() + 300 * 86_400_000) },
    })
    const withBody = await issueSdJwtVc({ signer, vct, issuer, claims, body: { types: ['A'] } })
    const [header, payload] = partsOf(credential)
    const [, w3c] = partsOf(withBody)
    const base = JSON.stringify({
      vct: metadata.extends,
      claims: [{ path: ['name', null, 0], mandatory: false }],
    })
    return [
      credential,
      await presentSdJwtVc({ credential, disclose: [], binding, holder: device }),
      [header, payload, JSON.stringify(metadata), base].join('\n'),
      [header, w3c, JSON.stringify(metadata), base].join('\n'),
      `${header}\n{"vct":"${vct}","iss":"${issuer}","_sd":["#"]}\n${JSON.stringify(metadata)}\n${base}\n["s","name","A"]`,
      JSON.stringify({ issuer, jwks: { keys: [key] } }),
      JSON.stringify({ issuer, jwks_uri: 'https://issuer.example/jwks', keys: [key] }),
    ]
  },
  async read(input) {
    const text = textOf(input)
    const [header = '', payload = '', type = '', base = '', disclosure] = linesOf(input)
    await verify(text, type, base)
    const head = tryParse(() => parseJsonObject(header), SyntaxError)
    if (!head) return
    await resolveKey(text)
    const shown = disclosure === undefined ? '' : `${base64url(disclosure)}~`
    const digest = hashBase64url('sha-256', shown.slice(0, -1))
    const body = tryParse(() => parseJsonObject(payload.replaceAll('"#"', `"${digest}"`)), SyntaxError)
    if (!body) return
    const { alg: _alg, ...others } = head
    const signed = await signJws({ signer: await fuzzSigner('issuer'), header: others, payload: body })
    await verify(`${signed}~${shown}`, type, base)
  },
}

async function verify(presentation: string, type: string, base: string): Promise<void> {
  const fetch = async (url: string | URL) => new Response(String(url) === vct ? type : base)
  const options = {
    resolveIssuerKey: async () => ({ jwk: key, identity }),
    isTrusted,
    typeMetadata: resolveTypeMetadata({ fetch }),
  }
  for (const asked of [undefined, binding]) {
    const verified = await tryVerify(
      () => verifySdJwtVc(presentation, { ...options, ...(asked && { binding: asked }) }),
      RejectedError,
      UnavailableError,
    )
    if (verified) insist(verified.types.length > 0, 'what is accepted has a type')
  }
  tryParse(() => holder.view(presentation), SdJwtError, SdJwtVcError, KeysError)
}

/** As it is published at the issuer's address. */
async function resolveKey(body: string): Promise<void> {
  const resolve = resolveJwtVcIssuer({ fetch: async () => new Response(body) })
  const found = await tryVerify(() => resolve({ iss: issuer, kid: 'k', alg: 'ES256' }), ResolveError)
  if (found) insist(!('d' in found.jwk) && !('k' in found.jwk), 'a key that is found is a public one')
}

function partsOf(sdJwt: string): string[] {
  return sdJwt.split('.').map((part) => Buffer.from(part, 'base64url').toString())
}
