import {
  cached,
  createMemoryStore,
  credentialConfiguration,
  type DocumentType,
  RejectedError,
  trustAnyone,
} from '@ekkasan/core'
import {
  addProof,
  createContextRegistry,
  deriveProof,
  issueLdpVc,
  presentLdpVp,
  verifyLdpVc,
  verifyLdpVp,
  verifyProofs,
} from '@ekkasan/data-integrity'
import { createBbsCommitment } from '@ekkasan/data-integrity/bbs'
import { createIssuer, type GetClaims } from '@ekkasan/issuer'
import { issueJwtVc, presentJwtVp, verifyJwtVc, verifyJwtVp } from '@ekkasan/jwt-vc'
import { generateJwk, publicJwkOf, signerFromJwk } from '@ekkasan/keys'
import { isoMdocVerifier, issueMdoc, presentMdoc, verifyMdoc } from '@ekkasan/mdoc'
import { createProof, parseProof, verifyProof, verifyRequestObject } from '@ekkasan/openid4vc'
import { createDisclosureFrame, issueSdJwt, presentSdJwt, verifySdJwt } from '@ekkasan/sd-jwt'
import {
  issueSdJwtVc,
  presentSdJwtVc,
  resolveTypeMetadata,
  sdJwtVc,
  sdJwtVcVerifier,
  verifySdJwtVc,
} from '@ekkasan/sd-jwt-vc'
import {
  issueVcCose,
  issueVcJwt,
  issueVcSdJwt,
  presentVcSdJwt,
  presentVpCose,
  presentVpJwt,
  presentVpSdJwt,
  verifyEnvelopedVc,
  verifyVcCose,
  verifyVcJwt,
  verifyVcSdJwt,
} from '@ekkasan/vc-jose-cose'
import { createVerifier } from '@ekkasan/verifier'
import {
  issueCertificate,
  trustAnchors,
  trustIssuerCertificates,
  trustVerifierCertificates,
  validateCertificatePath,
} from '@ekkasan/x509'
import { describe, expect, it } from 'vitest'
import { paperDocument } from '../../packages/issuer/test/paper.ts'

// An option that is passed over is a check that is not made, a claim that is not concealed, a credential without an end. So
// what is no option is refused wherever something is signed, shown or verified, and not only where a thing is built.

type Call = (options: never) => unknown
const bound =
  (verify: (came: never, options: never) => unknown): Call =>
  (options) =>
    verify('' as never, options)

/** name -> how it is called, and options that weaken something when they are passed over, as misspelt -> meant. */
const calls: Readonly<Record<string, readonly [Call, Readonly<Record<string, string>>]>> = {
  issueSdJwt: [issueSdJwt, { frames: 'frame', decoy: 'decoys' }],
  presentSdJwt: [bound(presentSdJwt), { keybinding: 'keyBinding' }],
  verifySdJwt: [bound(verifySdJwt), { key_binding: 'keyBinding', algorithm: 'algorithms' }],
  createDisclosureFrame: [createDisclosureFrame, { selectiv: 'selective', deeps: 'deep' }],
  issueSdJwtVc: [
    issueSdJwtVc,
    { fram: 'frame', statuses: 'status', valdity: 'validity', holderJWK: 'holderJwk' },
  ],
  presentSdJwtVc: [presentSdJwtVc, { bindings: 'binding' }],
  verifySdJwtVc: [
    bound(verifySdJwtVc),
    { biding: 'binding', typemetadata: 'typeMetadata', check_status: 'checkStatus', maxage: 'maxAge' },
  ],
  resolveTypeMetadata: [resolveTypeMetadata, { document: 'documents' }],
  issueVcJwt: [issueVcJwt, { statuss: 'status', signatureuntil: 'signatureUntil', documents: 'document' }],
  issueVcSdJwt: [issueVcSdJwt, { frames: 'frame' }],
  issueVcCose: [issueVcCose, { document_: 'document' }],
  presentVcSdJwt: [presentVcSdJwt, { bindng: 'binding' }],
  presentVpJwt: [presentVpJwt, { bindng: 'binding' }],
  presentVpSdJwt: [presentVpSdJwt, { frames: 'frame' }],
  presentVpCose: [presentVpCose, { holders: 'holder' }],
  verifyVcJwt: [bound(verifyVcJwt), { contnt: 'content', isTrustd: 'isTrusted' }],
  verifyVcSdJwt: [bound(verifyVcSdJwt), { bindings: 'binding' }],
  verifyVcCose: [bound(verifyVcCose), { checkstatus: 'checkStatus' }],
  verifyEnvelopedVc: [bound(verifyEnvelopedVc), { conten: 'content' }],
  issueJwtVc: [issueJwtVc, { stauts: 'status', holderJWK: 'holderJwk' }],
  presentJwtVp: [presentJwtVp, { bindings: 'binding' }],
  verifyJwtVc: [bound(verifyJwtVc), { contnt: 'content' }],
  verifyJwtVp: [bound(verifyJwtVp), { clocks: 'clock' }],
  addProof: [addProof, { expire: 'expires', challeng: 'challenge', mandatoryPointer: 'mandatoryPointers' }],
  issueLdpVc: [issueLdpVc, { mandatorypointers: 'mandatoryPointers', expire: 'expires' }],
  presentLdpVp: [presentLdpVp, { pointer: 'pointers' }],
  deriveProof: [deriveProof, { nymdomain: 'nymDomain', presentationheader: 'presentationHeader' }],
  verifyLdpVc: [bound(verifyLdpVc), { showings: 'showing', contextss: 'contexts' }],
  verifyLdpVp: [bound(verifyLdpVp), { check_status: 'checkStatus' }],
  verifyProofs: [bound(verifyProofs), { domains: 'domain', challange: 'challenge' }],
  createBbsCommitment: [createBbsCommitment, { holdersecret: 'holderSecret' }],
  issueMdoc: [issueMdoc, { stauts: 'status', keyauthorizations: 'keyAuthorizations' }],
  presentMdoc: [presentMdoc, { bindings: 'binding' }],
  verifyMdoc: [bound(verifyMdoc), { biding: 'binding', algorithm: 'algorithms' }],
  isoMdocVerifier: [isoMdocVerifier, { readers: 'reader' }],
  trustVerifierCertificates: [trustVerifierCertificates, { checkRevocations: 'checkRevocation' }],
  trustIssuerCertificates: [
    trustIssuerCertificates,
    { checkRevokation: 'checkRevocation', statusPurpose: 'statusPurposes' },
  ],
  validateCertificatePath: [
    validateCertificatePath,
    { purpose: 'purposes', checkrevocation: 'checkRevocation' },
  ],
  issueCertificate: [issueCertificate, { extendedKeyUse: 'extendedKeyUsage', crlURL: 'crlUrl' }],
  cached: [bound(cached), { lifetimes: 'lifetime', maxentries: 'maxEntries' }],
  createProof: [createProof, { clientID: 'clientId' }],
  parseProof: [bound(parseProof), { maxage: 'maxAge', algorithm: 'algorithms' }],
  verifyProof: [bound(verifyProof), { resolveDID: 'resolveDid' }],
  verifyRequestObject: [bound(verifyRequestObject), { wallet_nonce: 'walletNonce' }],
}

const outcome = async (call: () => unknown): Promise<unknown> => {
  try {
    return await call()
  } catch (error) {
    return error
  }
}

const jwk = await generateJwk('ES256')
const signer = await signerFromJwk(jwk, { kid: 'key-1' })
const resolveIssuerKey = async () => Promise.reject(new Error('not asked'))
const verifying = { resolveIssuerKey, isTrusted: trustAnyone('a test') }

it('one object of collaborators serves the verifications of every format [C3]', async () => {
  const all = {
    ...verifying,
    resolveDid: resolveIssuerKey,
    contexts: { find: () => ({}) },
    binding: { clientId: 'a', nonce: 'b' },
  }
  for (const verify of [verifySdJwtVc, verifyVcJwt, verifyVcCose, verifyJwtVc, verifyLdpVc, verifyMdoc]) {
    await expect(verify('', all as never)).rejects.toThrow(RejectedError)
  }
})

describe.each(Object.entries(calls))('%s [C3]', (name, [call, misspelt]) => {
  it.each(Object.entries(misspelt))('refuses %s, and says that %s is meant', async (wrong, meant) => {
    expect(await outcome(() => call({ [wrong]: undefined } as never))).toEqual(
      new TypeError(`${name}: unknown member "${wrong}"; did you mean ${meant}?`),
    )
  })

  it('refuses what is no object of options', async () => {
    for (const options of [null, [], 'x']) {
      const error = await outcome(() => call(options as never))
      expect(error).toBeInstanceOf(TypeError)
      expect((error as Error).message).toMatch(new RegExp(`^${name}: expected an object of options; got `))
    }
  })
})

describe('a value that would turn off what it sets [C3]', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a nonce that is undefined is met by a proof without one',
      () => verifySdJwtVc('', { ...verifying, binding: { clientId: 'a', nonce: undefined } as never }),
      'verifySdJwtVc: binding: nonce: expected a text; got undefined',
    ],
    [
      'an age that is NaN is never reached',
      () => verifySdJwtVc('', { ...verifying, maxAge: Number.NaN }),
      'verifySdJwtVc: maxAge: expected a number of 0 or more seconds; got the number NaN',
    ],
    [
      'no algorithm',
      () => verifyMdoc('', { ...verifying, algorithms: [] }),
      'verifyMdoc: algorithms: expected a list with at least one entry; got an empty list',
    ],
    [
      'metadata that are required and can be found nowhere',
      () => verifySdJwtVc('', { ...verifying, requireTypeMetadata: true }),
      'verifySdJwtVc: requireTypeMetadata needs typeMetadata',
    ],
    [
      'the same, of the plug',
      () => sdJwtVcVerifier({ resolveIssuerKey, requireTypeMetadata: true }),
      'sdJwtVcVerifier: requireTypeMetadata needs typeMetadata',
    ],
    [
      'a part of content',
      () =>
        sdJwtVcVerifier({
          resolveIssuerKey,
          content: { resolveShema: async () => new Uint8Array() } as never,
        }),
      'sdJwtVcVerifier: content: unknown member "resolveShema"; did you mean resolveSchema?',
    ],
    [
      'a part of what has to be shown',
      () => verifyLdpVc({}, { ...verifying, showing: { nymdomain: 'a' } as never }),
      'verifyLdpVc: showing: unknown member "nymdomain"; did you mean nymDomain?',
    ],
    [
      'an end under another name',
      () => issueSdJwtVc({ signer, vct: 'a', claims: {}, validity: { untill: new Date() } as never }),
      'issueSdJwtVc: validity: unknown member "untill"; did you mean until?',
    ],
    [
      'paths in place of a frame',
      () => issueSdJwtVc({ signer, vct: 'a', claims: {}, frame: { deep: [['name']] } as never }),
      'issueSdJwtVc: frame: expected a disclosure frame: createDisclosureFrame({ deep: [[…]] })',
    ],
    [
      'a date that is none',
      () => validateCertificatePath({ chain: ['a'], anchors: [], at: new Date('') }),
      'validateCertificatePath: at: expected a Date',
    ],
    [
      'a digest of a context',
      () => createContextRegistry([{ url: 'https://a.example', document: {}, sha265: 'a' } as never]),
      'createContextRegistry[0]: unknown member "sha265"; did you mean sha256?',
    ],
    [
      'a hole in a list',
      () => trustAnchors([undefined] as never),
      'trustAnchors[0]: expected an object of options',
    ],
  ])('%s', async (_what, call, message) => {
    const error = await outcome(call)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain(message)
  })

  it('the identity of a verifier', () => {
    const identity = { prefix: 'decentralized_identifier', did: 'did:web:a', documnet: {}, signer }
    expect(() => createVerifier({ identity, url: 'https://a.example', names: { en: 'A' } } as never)).toThrow(
      'createVerifier: identity: unknown member "documnet"; did you mean document?',
    )
  })
})

describe('a document that is misspelt is refused when it is made [C3]', () => {
  const made = (change: Partial<DocumentType>) => () =>
    credentialConfiguration({ ...paperDocument, ...change }, sdJwtVc({ signer }))
  const claims = (change: object) => ({
    claims: [{ ...(paperDocument.claims[0] as (typeof paperDocument.claims)[number]), ...change }],
  })

  it.each<[string, Partial<DocumentType>, string]>([
    ['disclosure', claims({ disclosure: 'selectiv' }), 'disclosure: expected one of always, selective'],
    ['disclosure that is not there', claims({ disclosure: undefined }), 'expected one of always, selective'],
    [
      'mandatory',
      claims({ mandatry: true }),
      'claims[0]: unknown member "mandatry"; did you mean mandatory?',
    ],
    ['mandatory in a text', claims({ mandatory: 'true' }), 'mandatory: expected true or false; got a text'],
    ['selectiveIn', claims({ selectivein: [] }), 'did you mean selectiveIn?'],
    ['claims', { claims: {} as never }, 'claims: expected a list; got an object'],
    [
      'a keyword',
      { schema: { propertis: { name: {} } } },
      'unknown keyword "propertis"; did you mean properties?',
    ],
    [
      'a keyword below',
      { schema: { $defs: { a: { allOf: [{ items: { requird: ['a'] } }] } } } },
      'schema.$defs.a.allOf.0.items: unknown keyword "requird"; did you mean required?',
    ],
    [
      'the form of a keyword',
      { schema: { required: 'name' } },
      'schema: required: expected a list; got a text',
    ],
    ['a list of schemas', { schema: { allOf: {} } }, 'allOf: expected a list with at least one entry'],
    ['a type', { schema: { type: 'strng' } }, 'type: expected one of null, boolean'],
    ['a format', { schema: { format: 'dte' } }, '"dte" is no format; did you mean date?'],
  ])('%s', (_what, change, message) => {
    expect(made(change)).toThrow(TypeError)
    expect(made(change)).toThrow(message)
  })

  it('words of others in a schema stay', () => {
    const schema = {
      title: 'A',
      'x-order': 1,
      note: 'n',
      properties: { name: { format: 'iri', type: ['string', 'null'], unit: 'm' }, requird: true, born: {} },
      $comment: 'c',
    }
    const more = { ...paperDocument.claims[1], path: ['requird'] } as (typeof paperDocument.claims)[number]
    expect(made({ schema, claims: [...paperDocument.claims, more] })).not.toThrow()
  })

  it('a claim by which a plain SD-JWT VC would be read as one with a W3C body [B3]', () => {
    const claim = { ...paperDocument.claims[0], path: ['@context'] } as (typeof paperDocument.claims)[number]
    expect(made({ claims: [claim] })).toThrow('the document Paper has a claim named @context')
  })

  it('an option of a configuration', () => {
    expect(() => credentialConfiguration(paperDocument, sdJwtVc({ signer }), { scop: 'a' } as never)).toThrow(
      'credentialConfiguration: unknown member "scop"; did you mean scope?',
    )
  })
})

describe('what an issuer is told while it runs [C3]', () => {
  const issuer = (getClaims: GetClaims) =>
    createIssuer({
      url: 'https://issuer.example',
      names: { en: 'A' },
      credentials: [credentialConfiguration(paperDocument, sdJwtVc({ signer }))],
      keys: [{ ...publicJwkOf(jwk), kid: 'key-1' }],
      store: createMemoryStore(),
      getClaims,
    })

  it('a misspelt subject would list the issuances of everybody', async () => {
    const { issuances } = issuer(async () => undefined)
    await expect(issuances({ subjekt: 'one' } as never)).rejects.toThrow('did you mean subject?')
    for (const subject of ['', null, 1]) {
      await expect(issuances({ subject } as never)).rejects.toThrow('issuances: subject: expected a text')
    }
    for (const limit of [0, -1, 1.5, Number.NaN, '5']) {
      await expect(issuances({ limit } as never)).rejects.toThrow('issuances: limit: expected a whole number')
    }
    expect(await issuances({ subject: 'one', limit: 5 })).toEqual({ issuances: [] })
  })
})
