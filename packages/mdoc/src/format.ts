import {
  type Clock,
  type DocumentType,
  type HashAlgorithm,
  type HolderFormat,
  type IssuerFormat,
  issuedTimes,
  type JsonObject,
  periodOf,
  type RandomBytes,
  type ResolveIssuerKey,
  requireClaims,
  requireTimeZone,
  type Signer,
  textCredential,
  type Validity,
  type VerifierFormat,
} from '@ekkasan/core'
import {
  checkOptions,
  functionRule,
  listRule,
  numberRule,
  type OptionRules,
  objectRule,
  oneOfRule,
  optional,
  signerRule,
  textRule,
} from '@ekkasan/core/options'
import { algorithmOf, coseAlgorithmOf, metadataAlgorithms } from '@ekkasan/cose'
import { acceptMdoc, viewMdoc } from './accept.ts'
import { issuableElements, type MdocType, requireSelective } from './elements.ts'
import { MdocError } from './errors.ts'
import { issueMdoc } from './issue.ts'
import type { KeyAgreement } from './key-agreement.ts'
import { presentMdoc } from './present.ts'
import { shownClaims } from './shown-claims.ts'
import { type MdocAlgorithm, mdocAlgorithms, verifyMdoc } from './verify.ts'

const format = 'mso_mdoc'

export interface MdocOptions {
  /** With the certificate chain in `key.x5c`. */
  readonly signer: Signer
  /** Document type and data elements of each document. */
  readonly type: (document: DocumentType) => MdocType
  /** Days that a credential is valid whose document names no end: an mdoc must have one. Default: 365. */
  readonly days?: number
  /** Of the elements; default: sha-256. */
  readonly hashAlgorithm?: HashAlgorithm
  /** Where the days begin to which times are rounded, where the issuer has not done so; default: Asia/Bangkok. */
  readonly timeZone?: string
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

const day = 86_400_000

const issuerRules: OptionRules<MdocOptions> = {
  signer: signerRule,
  type: functionRule,
  days: optional(numberRule(1)),
  hashAlgorithm: optional(oneOfRule(['sha-256', 'sha-384', 'sha-512'])),
  timeZone: optional(textRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

/**
 * The issuer's side of `mso_mdoc` (OpenID4VCI Appendix A.2).
 * @throws TypeError when the signer has no certificate chain, or an algorithm that no mdoc has; its methods, when a claim
 *   of the document is always disclosed and not said to be selective in an mdoc
 */
export function mdoc(options: MdocOptions): IssuerFormat {
  checkOptions(options, 'mdoc', issuerRules)
  const { signer, days = 365, hashAlgorithm, timeZone, randomBytes } = options
  const { clock = () => new Date() } = options
  if (timeZone !== undefined) requireTimeZone(timeZone)
  const type = (document: DocumentType) => {
    requireSelective(document)
    return options.type(document)
  }
  if (!signer.key.x5c?.length) throw new TypeError('an mdoc names its issuer by a certificate chain: no x5c')
  const algorithms = metadataAlgorithms([algorithmOf(coseAlgorithmOf(signer.alg))])
  return {
    format,
    bindingMethods: ['jwk'],
    signingAlgorithms: [signer.alg],
    statusKinds: ['token'],
    claimPaths: (document, path) =>
      type(document)
        .elements.filter((element) => JSON.stringify(element.path) === JSON.stringify(path))
        .map(({ namespace, element }) => [namespace, element]),
    configurationId(document) {
      requireSelective(document)
      return `${document.id}-mdoc`
    },
    configuration: (document) => ({
      doctype: type(document).docType,
      cryptographic_binding_methods_supported: ['cose_key'],
      credential_signing_alg_values_supported: algorithms,
    }),
    served: () => [],
    async issue({ document, holder, status, ...request }) {
      if (!holder) throw new TypeError('an mdoc is always bound to a key of its holder')
      const claims = requireClaims(document, request.claims)
      const mapped = type(document)
      const now = clock()
      const { timeZone: zone = timeZone } = request.validity
      const given = hasEnd(request.validity)
        ? request.validity
        : { ...request.validity, until: new Date(request.validity.from.getTime() + days * day) }
      const validity = issuedTimes(now, given, zone)
      return issueMdoc({
        signer,
        docType: mapped.docType,
        namespaces: issuableElements(mapped, claims),
        holderJwk: holder.jwk,
        validity: { ...periodOf(validity), until: validity.until },
        timeZone: validity.timeZone,
        ...(status && { status }),
        ...(hashAlgorithm && { hashAlgorithm }),
        clock: () => validity.issued,
        ...(randomBytes && { randomBytes }),
      })
    },
  }
}

function hasEnd(validity: Validity): validity is Validity & { readonly until: Date } {
  return validity.until !== undefined
}

export interface MdocVerifierOptions {
  /** Validates the chain of certificates: `resolveX5c` of @ekkasan/x509. */
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly algorithms?: readonly MdocAlgorithm[]
  /**
   * For devices that answer with a MAC and know this key of the reader by other means: OpenID4VP puts none into the
   * session transcript.
   */
  readonly readerKey?: KeyAgreement
}

const verifierRules: OptionRules<MdocVerifierOptions> = {
  resolveIssuerKey: functionRule,
  algorithms: optional(listRule(textRule, { least: 1 })),
  readerKey: optional(objectRule),
}

/** The verifier's side of `mso_mdoc` (OpenID4VP Appendix B.2). @throws TypeError when the options do not fit together */
export function mdocVerifier(options: MdocVerifierOptions): VerifierFormat {
  checkOptions(options, 'mdocVerifier', verifierRules)
  return {
    format,
    metadata: metadataOf(options),
    verify: (presentation, verifying) => verifyMdoc(presentation, { ...options, ...verifying }),
  }
}

export type MdocHolderOptions = Omit<MdocVerifierOptions, 'readerKey'>

const holderRules: OptionRules<MdocHolderOptions> = {
  resolveIssuerKey: functionRule,
  algorithms: optional(listRule(textRule, { least: 1 })),
}

/** The wallet's side of `mso_mdoc`. @throws TypeError when the options do not fit together */
export function mdocHolder(options: MdocHolderOptions): HolderFormat {
  checkOptions(options, 'mdocHolder', holderRules)
  return {
    format,
    metadata: metadataOf(options),
    accept: (credential, accepting) => acceptMdoc(credential, { ...options, ...accepting }),
    view: viewMdoc,
    shown: shownClaims,
    async present(credential, { disclose, binding, holder }) {
      if (binding.transactionData?.length) {
        throw new MdocError(
          'mdoc.device.transaction-unsupported',
          'no document type known here has a place for transaction data',
        )
      }
      return presentMdoc({ credential: textCredential(credential), disclose, binding, holder })
    },
  }
}

const macAlgorithms: Readonly<Record<string, number>> = {
  'P-256': -65_537,
  'P-384': -65_538,
  'P-521': -65_539,
}

/** OpenID4VP Appendix B.2.2. */
function metadataOf({
  algorithms = mdocAlgorithms,
  readerKey,
}: Pick<MdocVerifierOptions, 'algorithms' | 'readerKey'>): JsonObject {
  const values = metadataAlgorithms(algorithms)
  const mac = macAlgorithms[readerKey?.publicJwk.crv ?? '']
  return {
    issuerauth_alg_values: values,
    deviceauth_alg_values: mac === undefined ? values : [...values, mac],
  }
}
