import type { Contender, Contest } from './contest.ts'
import { base64urlContest, hashContest, jsonContest } from './cost-centres.ts'
import { proofIssue, proofVerify } from './data-integrity.ts'
import { auth0Issue, auth0Verify, mdocIssue, mdocVerify, owfIssue, owfVerify } from './mdoc.ts'
import {
  jwtVcIssue,
  jwtVcVerify,
  sdJwtVcIssue,
  sdJwtVcVerify,
  vcdm20,
  vcJwtIssue,
  vcJwtVerify,
} from './ours.ts'
import {
  didJwtVcIssue,
  didJwtVcVerify,
  joseIssue,
  joseVerify,
  leanIssue,
  leanVerification,
  rawIssue,
  rawVerification,
  sdJwtJsIssue,
  sdJwtJsVerify,
} from './peers.ts'
import { selectiveProof } from './selective-proofs.ts'
import { check, publish, rawDeflate, rawRead, sdJwtPublish } from './status.ts'
import { veramoIssue, veramoVerify } from './veramo.ts'

/** In the order in which they are held; each is set up only when it is its turn. */
export const contests: readonly (() => Promise<Contest>)[] = [
  () =>
    contest('vc+jwt: issue (× one signature)', [rawIssue(), leanIssue(), vcJwtIssue(), joseIssue(vcdm20)]),
  () =>
    contest('vc+jwt: verify (× one verification)', [
      rawVerification(1),
      leanVerification(1),
      vcJwtVerify(),
      joseVerify(vcdm20),
    ]),
  () =>
    contest('jwt_vc_json: issue (× one signature)', [
      rawIssue(),
      jwtVcIssue(),
      didJwtVcIssue('a node:crypto signer'),
      didJwtVcIssue('its own signer'),
      veramoIssue(),
    ]),
  () =>
    contest('jwt_vc_json: verify (× one verification)', [
      rawVerification(1),
      jwtVcVerify(),
      didJwtVcVerify(),
      veramoVerify(),
    ]),
  () =>
    contest('SD-JWT VC, 8 of 12 claims selective: issue (× one signature)', [
      rawIssue(),
      leanIssue(),
      sdJwtVcIssue('plain'),
      sdJwtVcIssue('with a W3C body'),
      sdJwtJsIssue(),
    ]),
  () =>
    contest('SD-JWT VC, 8 disclosures, key binding: verify (× two verifications)', [
      rawVerification(2),
      leanVerification(2),
      rawVerification(2, 'the second key from its JWK'),
      sdJwtVcVerify('plain'),
      sdJwtVcVerify('with a W3C body'),
      sdJwtJsVerify(),
    ]),
  () =>
    contest('mdoc of 12 elements: issue (× one signature)', [
      rawIssue(),
      mdocIssue(),
      owfIssue(),
      auth0Issue(),
    ]),
  () =>
    contest('mdoc of 12 elements: verify (× two verifications)', [
      rawVerification(2),
      mdocVerify('cached'),
      mdocVerify('validated anew'),
      owfVerify(),
      auth0Verify(),
    ]),
  async () => contest('Data Integrity, Ed25519: issue (× one signature)', await proofIssue('Ed25519')),
  async () => contest('Data Integrity, Ed25519: verify (× one verification)', await proofVerify('Ed25519')),
  async () => contest('Data Integrity, P-256: issue (× one signature)', await proofIssue('P-256')),
  async () => contest('Data Integrity, P-256: verify (× one verification)', await proofVerify('P-256')),
  ...(['ecdsa-sd-2023', 'bbs-2023'] as const).flatMap((suite) =>
    (['issue', 'derive', 'verify'] as const).map((job) => async () => {
      const raw = job === 'verify' ? rawVerification(1) : rawIssue()
      const unit = job === 'verify' ? 'verification' : 'signature'
      const contenders = [raw, ...(await selectiveProof(suite, job))]
      return contest(`Data Integrity, ${suite}: ${job} (× one P-256 ${unit})`, contenders)
    }),
  ),
  async () =>
    contest('status list of 2^20 entries, 2 bits: one changed and published (× zlib)', [
      rawDeflate(2),
      publish('Token Status List'),
      sdJwtPublish(),
    ]),
  async () =>
    contest('status list of 2^20 entries, 1 bit: one changed and published (× zlib)', [
      rawDeflate(1),
      publish('Bitstring Status List'),
    ]),
  () =>
    contest('status: check from cache (× reading two bits)', [
      rawRead(),
      check('Token Status List'),
      check('Bitstring Status List'),
    ]),
  jsonContest,
  base64urlContest,
  hashContest,
]

// biome-ignore lint/suspicious/noExplicitAny: each contender knows its own items
type AnyContender = Contender<any>

async function contest(
  title: string,
  contenders: readonly (AnyContender | Promise<AnyContender>)[],
): Promise<Contest> {
  return { title, contenders: await Promise.all(contenders) }
}
