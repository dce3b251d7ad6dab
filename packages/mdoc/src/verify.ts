import {
  type CheckStatus,
  type Checks,
  type ClaimPath,
  type Claims,
  type Clock,
  checkCredentialStatus,
  checkIssuer,
  checkParsed,
  checkValidity,
  createChecks,
  type IssuerIdentity,
  type IssuerKey,
  type IsTrusted,
  type JsonObject,
  type JsonValue,
  type PresentationBinding,
  RejectedError,
  type ResolveIssuerKey,
  type VerifiedCredential,
} from '@ekkasan/core'
import { checkOptions } from '@ekkasan/core/options'
import {
  algorithmOf,
  type CborMap,
  type CoseAlgorithm,
  CoseError,
  type CoseErrorCode,
  coseAlgorithms,
  verifyCoseMac,
  verifyCoseSignature,
} from '@ekkasan/cose'
import { KeysError } from '@ekkasan/keys'
import type { MdocErrorCode } from './errors.ts'
import { deviceAuthentication, deviceMacKey, transcriptOf } from './internal/device-authentication.ts'
import {
  type DeviceSigned,
  type MdocDocument,
  type MdocElementErrors,
  parseOnlyDocument,
} from './internal/device-response.ts'
import { elementToJson } from './internal/element-json.ts'
import { digestFault, type IssuerSigned } from './internal/issuer-signed.ts'
import type { MdocValidity, MobileSecurityObject } from './internal/mobile-security-object.ts'
import { verifyRules } from './internal/option-rules.ts'
import type { KeyAgreement } from './key-agreement.ts'
import { bytesOf } from './present.ts'

/** JOSE names of the algorithms of an mdoc's signatures. */
export type MdocAlgorithm = CoseAlgorithm

export const mdocAlgorithms = Object.keys(coseAlgorithms) as readonly MdocAlgorithm[]

export interface VerifyMdocOptions {
  /** Asked with the chain in `x5c`; validating it is its matter. */
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly isTrusted: IsTrusted
  /** Without it a credential that carries a status is `unknown`. */
  readonly checkStatus?: CheckStatus
  /**
   * What was asked: an OpenID4VP request, or an encoded SessionTranscript of another kind. Absent: no holder binding
   * is asked for, and the device's signature counts for nothing.
   */
  readonly binding?: PresentationBinding | Uint8Array
  /** For devices that answer with a MAC. */
  readonly readerKey?: KeyAgreement
  /** For both signatures; default: all. */
  readonly algorithms?: readonly MdocAlgorithm[]
  readonly clock?: Clock
}

export interface VerifiedMdoc extends VerifiedCredential {
  readonly format: 'mso_mdoc'
  /** Namespace -> element -> value, as JSON after RFC 8949 section 6.1: bytes as base64url, dates as text. */
  readonly claims: Claims
  readonly validity: MdocValidity
  /** Elements that the device signed, which the issuer allowed it and does not vouch for. */
  readonly deviceClaims: Claims
  /** Why elements that were asked for are not there, which nobody signed. */
  readonly errors?: MdocElementErrors
}

/**
 * Verifies a presented mdoc, base64url of a DeviceResponse with one document (ISO/IEC 18013-5 sections 9.1.2, 9.1.3 and
 * 9.3.1): checks `structure`, `issuer-key`, `issuer-signature` (with the digest of each element), `issuer-trust`,
 * `validity-start`, `validity-end`, with `binding` the `holder-…` ones, and `status`.
 *
 * One signature of the device covers the whole session transcript: audience and nonce pass with it, and when it does
 * not fit nobody can tell which of them is another; they are then skipped.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifyMdoc(presentation: unknown, options: VerifyMdocOptions): Promise<VerifiedMdoc> {
  return verifyDocument(() => parseOnlyDocument(bytesOf(presentation)), options)
}

/** One document of a DeviceResponse. @throws RejectedError, UnavailableError */
export async function verifyDocument(
  parse: () => MdocDocument,
  options: VerifyMdocOptions,
): Promise<VerifiedMdoc> {
  checkOptions(options, 'verifyMdoc', verifyRules)
  const checks = createChecks()
  const now = options.clock?.() ?? new Date()
  const { document, claims, deviceClaims } = checkParsed(checks, () => {
    const parsed = parse()
    return {
      document: parsed,
      claims: claimsOf(parsed.issuerSigned),
      deviceClaims: toClaims(parsed.deviceSigned.namespaces),
    }
  })
  const { issuerSigned } = document
  const key = await checkIssuerSigned(checks, issuerSigned, options, now)
  if (options.binding) await checkDevice(checks, document, options.binding, options)
  else checks.skip('holder-signature', 'mdoc.holder.not-required' satisfies MdocErrorCode)
  const { status } = issuerSigned.mso
  await checkCredentialStatus(checks, {
    checkStatus: options.checkStatus,
    entry: status,
    issuer: key?.identity,
    jwk: key?.jwk,
  })
  const list = checks.conclude()
  if (!key) throw new RejectedError(list)
  return {
    issuer: key.identity,
    checks: list,
    ...describe(issuerSigned, claims, key.identity),
    deviceClaims: options.binding ? deviceClaims : {},
    selective: { disclosed: elementPaths(claims), claimsAt: [] },
    ...(document.errors && { errors: document.errors }),
    ...(typeof status === 'object' && { status }),
  }
}

/** What is checked of every mdoc, whoever received it. */
export async function checkIssuerSigned(
  checks: Checks,
  issuerSigned: IssuerSigned,
  options: Pick<VerifyMdocOptions, 'resolveIssuerKey' | 'isTrusted' | 'algorithms'>,
  now: Date,
): Promise<IssuerKey | undefined> {
  const { mso, x5c, alg } = issuerSigned
  const key = await checkIssuer(checks, {
    question: { alg, x5c },
    types: [mso.docType],
    resolveIssuerKey: options.resolveIssuerKey,
    isTrusted: options.isTrusted,
    noKey: 'mdoc.issuer.no-key' satisfies MdocErrorCode,
    async checkSignature(found) {
      const fault =
        (await issuerFault(issuerSigned, found, options.algorithms)) ?? certificateFault(issuerSigned, found)
      if (fault) checks.fail('issuer-signature', fault)
      else checks.pass('issuer-signature', alg)
    },
  })
  checkValidity(checks, mso.validity, now)
  return key
}

async function issuerFault(
  issuerSigned: IssuerSigned,
  { jwk }: IssuerKey,
  algorithms: readonly MdocAlgorithm[] = mdocAlgorithms,
): Promise<string | undefined> {
  const { issuerAuth, alg } = issuerSigned
  if (!algorithms.includes(alg)) return 'cose.algorithm' satisfies CoseErrorCode
  try {
    const isSigned = await verifyCoseSignature(issuerAuth, jwk, issuerSigned.payload)
    if (!isSigned) return 'mdoc.issuer.signature' satisfies MdocErrorCode
  } catch (error) {
    return codeOf(error)
  }
  return digestFault(issuerSigned)
}

/** What the certificate of the signer says against the document, ISO/IEC 18013-5 section 9.3.1. */
function certificateFault(
  { mso, namespaces }: IssuerSigned,
  { certificate }: IssuerKey,
): MdocErrorCode | undefined {
  if (!certificate) return undefined
  const { signed } = mso.validity
  if (signed < certificate.notBefore || signed > certificate.notAfter) return 'mdoc.issuer.signed-outside'
  const items = namespaces.get('org.iso.18013.5.1') ?? []
  const country = items.find(({ element }) => element === 'issuing_country')?.value
  const isOther =
    country !== undefined && certificate.country !== undefined && country !== certificate.country
  return isOther ? 'mdoc.issuer.other-country' : undefined
}

async function checkDevice(
  checks: Checks,
  { docType, issuerSigned, deviceSigned }: MdocDocument,
  binding: PresentationBinding | Uint8Array,
  { readerKey, algorithms = mdocAlgorithms }: VerifyMdocOptions,
): Promise<void> {
  const transcript = transcriptOf(binding)
  const payload = deviceAuthentication(transcript, docType, deviceSigned.namespacesBytes)
  const authenticate = async () => {
    const { kind, auth } = deviceSigned
    if (kind === 'signature') {
      if (!algorithms.includes(algorithmOf(auth.alg))) return 'cose.algorithm'
      const isSigned = await verifyCoseSignature(auth, issuerSigned.mso.deviceKey, payload)
      return isSigned ? undefined : 'mdoc.device.authentication'
    }
    if (!readerKey) return 'mdoc.device.no-reader-key'
    const key = await deviceMacKey(readerKey, issuerSigned.mso.deviceKey, transcript)
    return (await verifyCoseMac(auth, key, payload)) ? undefined : 'mdoc.device.authentication'
  }
  const fault: string | undefined = await authenticate().catch(codeOf)
  if (fault === undefined) checks.pass('holder-signature', deviceSigned.kind)
  else checks.fail('holder-signature', fault)
  for (const name of ['holder-audience', 'holder-nonce'] as const) {
    if (fault === undefined) checks.pass(name, 'in the session transcript')
    else checks.skip(name, 'mdoc.holder.in-transcript' satisfies MdocErrorCode)
  }
  if (isAuthorized(issuerSigned.mso, deviceSigned)) checks.pass('holder-content')
  else checks.fail('holder-content', 'mdoc.device.not-authorized' satisfies MdocErrorCode)
  if (!(binding instanceof Uint8Array) && binding.transactionData?.length) {
    checks.fail('holder-transaction', 'mdoc.device.transaction-unsupported' satisfies MdocErrorCode)
  }
}

/** Whether the issuer allowed the device each element that it signed, ISO/IEC 18013-5 section 9.1.2.4. */
function isAuthorized({ keyAuthorizations }: MobileSecurityObject, { namespaces }: DeviceSigned): boolean {
  for (const [name, elements] of namespaces) {
    if (keyAuthorizations.namespaces.has(name)) continue
    const allowed = keyAuthorizations.elements.get(name)
    for (const element of elements.keys()) if (!allowed?.has(element as string)) return false
  }
  return true
}

/** A fault of a key or of an algorithm, as the code of a check. */
function codeOf(error: unknown): string {
  if (error instanceof KeysError || error instanceof CoseError) return error.code
  throw error
}

/** How a credential looks to those who asked for it. */
export function describe({ mso }: IssuerSigned, claims: Claims, issuer?: Pick<IssuerIdentity, 'x5c'>) {
  const types = [mso.docType]
  return {
    format: 'mso_mdoc',
    types,
    claims,
    holder: { jwk: mso.deviceKey },
    validity: mso.validity,
    view: {
      format: 'mso_mdoc',
      types,
      claims,
      holderBound: true,
      // What was validated: beside it the header, which nobody signed, can hold anything.
      ...(issuer?.x5c && { x5c: issuer.x5c }),
    },
  } as const
}

/** Namespace -> element -> value. @throws MdocError `mdoc.element.value` */
export function claimsOf({ namespaces }: IssuerSigned): Claims {
  const maps = Array.from(
    namespaces,
    ([name, items]) => [name, new Map(items.map(({ element, value }) => [element, value]))] as const,
  )
  return toClaims(new Map(maps))
}

/** Each element was for the holder to choose (OpenID4VP section 6.4). */
function elementPaths(claims: Claims): readonly ClaimPath[] {
  return Object.entries(claims).flatMap(([namespace, elements]) =>
    Object.keys(elements as JsonObject).map((element) => [namespace, element]),
  )
}

function toClaims(namespaces: ReadonlyMap<string, CborMap>): Claims {
  return elementToJson(namespaces) as Record<string, JsonValue>
}
