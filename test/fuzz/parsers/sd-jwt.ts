import { RejectedError } from '@ekkasan/core'
import { base64url, hashBase64url } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { generateJwk, KeysError, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import {
  createDisclosureFrame,
  discloseClaims,
  flattenedSdJwt,
  generalSdJwt,
  issueSdJwt,
  parseSdJwt,
  presentSdJwt,
  SdJwtError,
  verifySdJwt,
} from '@ekkasan/sd-jwt'
import { type FuzzTarget, insist, insistSame, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const binding = { audience: 'https://verifier.example', nonce: 'n' }

export const target: FuzzTarget = {
  reads: 'SD-JWT compact and JSON, disclosures, KB-JWT (@ekkasan/sd-jwt)',
  async seeds() {
    const jwk = await generateJwk('ES256')
    const signer = await signerFromJwk(jwk)
    const payload = {
      iss: 'https://issuer.example',
      exp: 4_000_000_000,
      cnf: { jwk: { ...publicJwkOf(jwk) } },
      name: 'A',
      address: { street: 'B', lines: ['C', 'D'] },
      nationalities: ['TH', 'LA'],
    }
    const frame = createDisclosureFrame({
      selective: [['name'], ['nationalities', null]],
      deep: [['address']],
    })
    const issued = await issueSdJwt({ signer, payload, frame, decoys: 1, header: { typ: 'dc+sd-jwt' } })
    const disclose = [['address'], ['nationalities', 1]]
    const presented = await presentSdJwt(issued, { disclose, keyBinding: { holder: signer, ...binding } })
    const json = [flattenedSdJwt(presented), generalSdJwt(presented)].map((form) => JSON.stringify(form))
    return [
      issued,
      presented,
      ...json,
      '{"alg":"ES256"}\n{"_sd":["#0"],"a":[{"...":"#1"},2],"_sd_alg":"sha-256"}\n["salt","b",{"_sd":["#2"]}]\n["salt",[1]]\n["salt","c",null]',
    ]
  },
  async read(input) {
    const text = textOf(input)
    for (const sdJwt of [text, spelledOut(linesOf(input))]) await readOne(sdJwt)
  },
}

async function readOne(text: string): Promise<void> {
  const json = text.startsWith('{') ? tryParse(() => parseJsonObject(text), SyntaxError) : undefined
  const parsed = tryParse(() => parseSdJwt(json ?? text), SdJwtError, KeysError)
  if (!parsed) return
  const compact = parsed.sdJwt + (parsed.keyBinding ?? '')
  insistSame(parseSdJwt(compact), parsed, 'the compact form of an SD-JWT is read as the same')
  const disclosed = tryParse(() => discloseClaims(parsed), SdJwtError)
  if (disclosed) {
    const { claims } = disclosed
    insist(!/"_sd"|"\.\.\."/.test(JSON.stringify(Object.keys(claims))), 'no digests are left in the claims')
    insist(
      disclosed.disclosures.length === parsed.disclosures.length,
      'what was disclosed is placed, each once',
    )
  }
  const issuerKey = await keyOfAnybody
  for (const keyBinding of [undefined, binding]) {
    const options = { issuerKey, ...(keyBinding && { keyBinding }) }
    const verified = await tryVerify(() => verifySdJwt(json ?? text, options), RejectedError)
    insist(!verified, 'nobody has the key of the issuer')
  }
}

/**
 * Header, payload and disclosures as JSON, one a line, made an SD-JWT: `#0` in the payload or in a disclosure stands for
 * the digest of the first disclosure, and so on.
 */
function spelledOut([header = '', payload = '', ...disclosures]: readonly string[]): string {
  const encoded: string[] = []
  const inserted = (text: string) =>
    text.replaceAll(/#(\d)/g, (_, index) => hashBase64url('sha-256', encoded[Number(index)] ?? ''))
  // From the last on, since a disclosure may hold the digest of one that follows.
  for (let at = Math.min(disclosures.length, 10) - 1; at >= 0; at--)
    encoded[at] = base64url(inserted(disclosures[at] as string))
  const jws = `${base64url(header)}.${base64url(inserted(payload))}.AAAA`
  return `${jws}~${encoded.map((disclosure) => `${disclosure}~`).join('')}`
}

const keyOfAnybody = generateJwk('ES256').then(publicJwkOf)
