import { base64url, equalBytes, fromUtf8, utf8 } from '@ekkasan/core/bytes'
import {
  decrypterFromJwk,
  encryptJwe,
  isJoseType,
  isSameKey,
  KeysError,
  parseConfirmationKey,
  parseJws,
  parseNumericDate,
  parseStatusClaim,
  publicJwkOf,
  signJws,
  verifyJws,
} from '@ekkasan/keys'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, insistSame, linesOf, textOf, tryParse, tryVerify } from '../target.ts'

const key = publicJwkOf(fuzzKey('issuer'))
const { alg: _alg, ...encryptionKey } = fuzzKey('recipient')
const decrypter = decrypterFromJwk(encryptionKey)
const plaintext = '{"vp_token":{}}'

export const target: FuzzTarget = {
  reads: 'compact JWS and JWE, their headers, and the claims that all JWTs have (@ekkasan/keys)',
  async seeds() {
    const payload = {
      iss: 'https://issuer.example',
      nbf: 1_700_000_000,
      cnf: { jwk: { ...key } },
      status: { status_list: { idx: 1, uri: 'https://issuer.example/1' } },
    }
    const header = { typ: 'application/dc+sd-jwt', kid: 'k', x5c: ['AAAA'] }
    const signed = await signJws({ signer: await fuzzSigner('issuer'), header, payload })
    const [head, body] = signed.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    const { publicJwk: recipient } = await decrypter
    const encrypted = (['A128GCM', 'A256GCM'] as const).map((enc) =>
      encryptJwe(utf8(plaintext), { recipient, enc, apu: utf8('a'), apv: utf8('b') }),
    )
    return [signed, `${head}\n${body}`, ...(await Promise.all(encrypted))]
  },
  async read(input) {
    const text = textOf(input)
    const [header = '', payload = ''] = linesOf(input)
    // The second: with a header and a payload that were changed before they were encoded.
    for (const compact of [text, `${base64url(header)}.${base64url(payload)}.AAAA`]) await readJws(compact)
    const decrypted = await tryVerify(async () => (await decrypter).decrypt(text), KeysError)
    if (decrypted) insist(fromUtf8(decrypted) === plaintext, 'nobody else encrypts to this key')
  },
}

async function readJws(compact: string): Promise<void> {
  const jws = tryParse(() => parseJws(compact), KeysError)
  if (!jws) return
  const again = `${jws.signingInput}.${base64url(jws.signature)}`
  insist(again === compact, 'a compact JWS has one spelling')
  insist(equalBytes(parseJws(again).signature, jws.signature), 'and is read as the same')
  isJoseType(jws.header.typ, 'dc+sd-jwt')
  const isSigned = await tryVerify(() => verifyJws(jws, key), KeysError)
  if (isSigned) insistSame(jws.payload.iss, 'https://issuer.example', 'nobody else has the key')
  for (const name of ['nbf', 'iat']) {
    const date = tryParse(() => parseNumericDate(jws.payload, name), KeysError)
    if (date) insist(!Number.isNaN(date.getTime()), 'a NumericDate is a date')
  }
  tryParse(() => parseStatusClaim(jws.payload), KeysError)
  const holder = tryParse(() => parseConfirmationKey(jws.payload), KeysError)
  if (holder) insist(isSameKey(holder, holder) && !('d' in holder), 'cnf names a public key')
}
