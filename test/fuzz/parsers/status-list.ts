import { ResolveError, type ResolveIssuerKey, trustAnyone } from '@ekkasan/core'
import { equalBytes } from '@ekkasan/core/bytes'
import { parseJsonObject } from '@ekkasan/core/json'
import { CoseError, decodeCbor } from '@ekkasan/cose'
import { publicJwkOf, signJws } from '@ekkasan/keys'
import {
  createBitstringCredential,
  createStatusChecker,
  createStatusList,
  decodeBitstring,
  decodeStatusList,
  decodeStatusListCbor,
  encodeBitstring,
  issueStatusListCwt,
  issueStatusListToken,
  parseBitstringCredential,
  parseStatusListCwt,
  parseStatusListToken,
  readBitstring,
  readStatus,
  StatusError,
  type StatusList,
  statusListSize,
  writeStatus,
} from '@ekkasan/status'
import { fuzzKey, fuzzSigner } from '../keys.ts'
import { type FuzzTarget, insist, textOf, tryParse, tryVerify } from '../target.ts'

const uri = 'https://issuer.example/status/1'
const identity = { id: 'https://issuer.example', method: 'jwt-vc-issuer' } as const
const key = { jwk: publicJwkOf(fuzzKey('issuer')), identity }
const resolveIssuerKey: ResolveIssuerKey = async () => key
const maxLength = 65_536

export const target: FuzzTarget = {
  reads:
    'status lists: tokens as JWT and CWT, Bitstring credentials, and what is packed in them (@ekkasan/status)',
  async seeds() {
    const list = createStatusList(64)
    writeStatus(list, 3, 1)
    const issuedAt = new Date()
    const expiresAt = new Date(Date.now() + 300 * 86_400_000)
    const options = { signer: await fuzzSigner('issuer'), list, uri, issuedAt, expiresAt, ttl: 600 }
    const encodedList = await encodeBitstring(new Uint8Array(64))
    const issuer = 'https://issuer.example'
    const credential = {
      url: uri,
      issuer,
      purposes: ['revocation'],
      encodedList,
      issuedAt,
      expiresAt,
      ttl: 600,
    }
    const token = await issueStatusListToken({ ...options, issuer })
    return [
      token,
      Buffer.from(token.split('.')[1] as string, 'base64url'),
      await issueStatusListCwt({ ...options, issuer }),
      JSON.stringify(createBitstringCredential(credential)),
      JSON.stringify(createBitstringCredential({ ...credential, dataModel: '1.1' })),
    ]
  },
  async read(input) {
    const text = textOf(input)
    const token = tryParse(() => parseStatusListToken(text), StatusError)
    if (token) await readList(() => decodeStatusList(token.statusList, { maxLength }))
    const cwt = tryParse(() => parseStatusListCwt(input), StatusError)
    if (cwt) await readList(() => decodeStatusListCbor(cwt.statusList, { maxLength }))
    if (text.startsWith('{')) await readJson(text)
    else tryParse(() => decodeCbor(input), CoseError)
    await check(token === undefined ? input : text)
  },
}

async function readJson(text: string): Promise<void> {
  const json = tryParse(() => parseJsonObject(text), SyntaxError)
  if (!json) return
  const parsed = tryParse(() => parseBitstringCredential(json), StatusError)
  if (parsed) {
    const { encodedList, statusSize } = parsed
    const bytes = await tryVerify(() => decodeBitstring(encodedList, { maxLength }), StatusError)
    if (bytes) {
      insist(bytes.length <= maxLength, 'a list is unpacked to its bound and no further')
      for (const index of [0, 7, bytes.length * 8]) {
        tryParse(() => readBitstring(bytes, index, statusSize), StatusError)
      }
    }
  }
  // As the payload of a token that its issuer signed.
  const { typ = 'statuslist+jwt', ...payload } = json
  await check(await signJws({ signer: await fuzzSigner('issuer'), header: { typ }, payload }))
}

async function readList(decode: () => Promise<StatusList>): Promise<void> {
  const list = await tryVerify(decode, StatusError)
  if (!list) return
  insist(list.bytes.length <= maxLength, 'a list is unpacked to its bound and no further')
  const size = statusListSize(list)
  for (const index of [0, 1, size - 1, size]) {
    const status = tryParse(() => readStatus(list, index), StatusError)
    if (status === undefined) continue
    const copy = { bits: list.bits, bytes: Uint8Array.from(list.bytes) }
    writeStatus(copy, index, status)
    insist(equalBytes(copy.bytes, list.bytes), 'a status written as it was read changes nothing')
  }
}

/** As a verifier does with what came from the list's address: it answers, whatever that is. */
async function check(body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const contentType = typeof body === 'string' ? 'application/statuslist+jwt' : 'application/statuslist+cwt'
  const checkStatus = createStatusChecker({
    fetch: async () => new Response(body, { headers: { 'content-type': contentType } }),
    resolveIssuerKey,
    isTrusted: trustAnyone('the fuzzer'),
  })
  const answer = await tryVerify(
    () => checkStatus({ uri, index: 3 }, { issuer: identity, jwk: key.jwk }),
    ResolveError,
  )
  insist(['valid', 'revoked', 'suspended', undefined].includes(answer?.status), 'a status is one of three')
}
