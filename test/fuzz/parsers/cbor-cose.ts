import { equalBytes } from '@ekkasan/core/bytes'
import {
  CoseError,
  coseKeyOf,
  decodeCbor,
  decodeCoseSign1,
  deriveMacKey,
  encodeCbor,
  jwkOfCoseKey,
  macCose,
  parseCose,
  signCoseSign1,
  verifyCoseMac,
  verifyCoseSignature,
  x5chainHeader,
  x5cOf,
} from '@ekkasan/cose'
import { generateJwk, KeysError, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { type FuzzTarget, insist, tryParse, tryVerify } from '../target.ts'

const payload = encodeCbor({ a: [1, -2, 0.5, 'กขค', true, null], b: new Uint8Array(8) })

export const target: FuzzTarget = {
  reads: 'CBOR, COSE_Sign1, COSE_Mac0, COSE_Key and x5chain (@ekkasan/cose)',
  async seeds() {
    const jwk = await generateJwk('ES256')
    const signer = await signerFromJwk(jwk)
    const unprotected = x5chainHeader(['AAAA', 'BBBB'])
    const key = await deriveMacKey(new Uint8Array(32), new Uint8Array(32), 'EMacKey')
    const okp = publicJwkOf(await generateJwk('EdDSA'))
    return [
      payload,
      await signCoseSign1({ signer, payload, unprotected }),
      encodeCbor(await macCose(key, payload)),
      encodeCbor(coseKeyOf(publicJwkOf(jwk))),
      encodeCbor(coseKeyOf(okp)),
      encodeCbor(new Map<number, never>([...coseKeyOf(publicJwkOf(jwk)), [-3, true]] as never)),
    ]
  },
  async read(input) {
    const value = tryParse(() => decodeCbor(input), CoseError)
    if (value === undefined) return
    const encoded = encodeCbor(value)
    insist(equalBytes(encoded, encodeCbor(decodeCbor(encoded))), 'CBOR written anew is read as the same')
    tryParse(() => jwkOfCoseKey(value), CoseError)
    const message =
      tryParse(() => decodeCoseSign1(input), CoseError) ?? tryParse(() => parseCose(value), CoseError)
    if (!message) return
    for (const header of [message.header, message.unprotected]) tryParse(() => x5cOf(header), CoseError)
    const jwk = await keyOfAnybody
    const isSigned = await tryVerify(() => verifyCoseSignature(message, jwk, payload), CoseError, KeysError)
    const isMac = await tryVerify(async () => verifyCoseMac(message, await macKey, payload), CoseError)
    insist(isSigned !== true && isMac !== true, 'nobody has the keys that this is held against')
  },
}

const keyOfAnybody = generateJwk('ES256').then(publicJwkOf)
const macKey = deriveMacKey(crypto.getRandomValues(new Uint8Array(32)), new Uint8Array(32), 'EMacKey')
