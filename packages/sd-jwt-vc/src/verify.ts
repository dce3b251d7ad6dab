import {
  type Algorithm,
  type Checks,
  type Claims,
  checkCredentialStatus,
  checkIssuer,
  checkValidity,
  commonPeriod,
  createChecks,
  type HolderKey,
  type IssuerIdentity,
  type IssuerKey,
  type IsTrusted,
  issuerKeyQuestion,
  type JsonObject,
  type JsonValue,
  type Period,
  RejectedError,
  type VerifiedCredential,
} from '@ekkasan/core'
import {
  bindingRule,
  booleanRule,
  checkOptions,
  functionRule,
  listRule,
  numberRule,
  type OptionRules,
  optional,
  textRule,
  verifyingRules,
} from '@ekkasan/core/options'
import { isJoseType, supportedAlgorithms } from '@ekkasan/keys'
import {
  checkIssuerSignature,
  checkKeyBinding,
  checkStructure,
  confirmationKey,
  type DisclosedClaims,
  dateOf,
  keyBindingTo,
  type ParsedSdJwt,
} from '@ekkasan/sd-jwt'
import { checkContent, checkDataModel, contentRule, subjectClaims, subjectOf } from '@ekkasan/vcdm'
import type { SdJwtVcErrorCode } from './errors.ts'
import { bodyFault, bodyOf, bodyValidity, hasBody } from './internal/body.ts'
import { checkTypeMetadata } from './internal/check-type-metadata.ts'
import { envelopeClaims, envelopeFault, plainClaims, statusOf } from './internal/claims.ts'
import type { VerifiedSdJwtVc, VerifySdJwtVcOptions } from './types.ts'

/** For issuers' and holders' signatures where nothing else is said: no RSA with PKCS #1 v1.5, no secp256k1. */
export const acceptedAlgorithms: readonly Algorithm[] = supportedAlgorithms().filter(
  (alg) => alg !== 'RS256' && alg !== 'ES256K',
)

// A misspelt `binding` would ask for no holder.
const rules: OptionRules<VerifySdJwtVcOptions> = {
  ...verifyingRules,
  binding: optional(bindingRule),
  typeMetadata: optional(functionRule),
  requireTypeMetadata: optional(booleanRule),
  content: optional(contentRule),
  acceptVcSdJwt: optional(booleanRule),
  algorithms: optional(listRule(textRule, { least: 1 })),
  maxAge: optional(numberRule(0, undefined, 'seconds')),
}

/** @throws TypeError where metadata is required and there is nothing to find any with: the check would not be made */
export function requireTypeMetadataSource(
  { typeMetadata, requireTypeMetadata }: Pick<VerifySdJwtVcOptions, 'typeMetadata' | 'requireTypeMetadata'>,
  what: string,
): void {
  if (!requireTypeMetadata || typeMetadata) return
  throw new TypeError(`${what}: requireTypeMetadata needs typeMetadata, resolveTypeMetadata({ fetch })`)
}

/**
 * Verifies a presented SD-JWT VC, compact or JSON: checks `structure`, `issuer-key`, `issuer-signature`,
 * `issuer-trust`, `validity-start`, `validity-end`, `data-model` (with a W3C body), `holder-…` (with `binding`),
 * `type-metadata` (when configured), `credential-schema` and `related-resources` (where a W3C body names any) and
 * `status`. Registered claims are read where they were signed.
 * A further type (`aka_vcts`, or one that the type extends) counts only if the issuer is trusted for it too.
 * @throws RejectedError, UnavailableError; TypeError for an option that is none or malformed
 */
export async function verifySdJwtVc(
  presentation: unknown,
  options: VerifySdJwtVcOptions,
): Promise<VerifiedSdJwtVc> {
  checkOptions(options, 'verifySdJwtVc', rules)
  requireTypeMetadataSource(options, 'verifySdJwtVc')
  const checks = createChecks()
  const now = options.clock?.() ?? new Date()
  const { sdJwt, disclosed, key, validity } = await checkCredential(checks, presentation, options, now)
  const { binding } = options
  const algorithms = options.algorithms ?? acceptedAlgorithms
  if (binding) {
    await checkKeyBinding(
      checks,
      sdJwt,
      {
        ...keyBindingTo(binding),
        algorithms,
        ...(options.maxAge !== undefined && { maxAge: options.maxAge }),
      },
      now,
    )
  } else if (sdJwt.keyBinding !== undefined) {
    checks.skip('holder-signature', 'sd-jwt-vc.holder.not-required' satisfies SdJwtVcErrorCode)
  }
  let extended: readonly string[] = []
  if (options.typeMetadata) {
    extended = await checkTypeMetadata(
      checks,
      sdJwt,
      disclosed,
      options.typeMetadata,
      options.requireTypeMetadata === true,
    )
  }
  if (disclosed && hasBody(disclosed.claims)) {
    const { claims, partial } = disclosed
    await checkContent(checks, bodyOf(claims), { ...options.content, partial })
  }
  const status = statusOf(sdJwt.jws.payload, disclosed?.claims)
  await checkCredentialStatus(checks, {
    checkStatus: options.checkStatus,
    entry: status,
    issuer: key?.identity,
    jwk: key?.jwk,
  })
  const list = checks.conclude()
  if (!key || !disclosed) throw new RejectedError(list)
  const types = await trustedTypes(sdJwt.jws.payload, extended, options.isTrusted, key.identity)
  const seen = describe(sdJwt.jws.payload, disclosed, types, validity, key.identity)
  const { partialArrays, disclosures } = disclosed
  return {
    format: 'dc+sd-jwt',
    issuer: key.identity,
    header: sdJwt.jws.header,
    checks: list,
    ...seen,
    view: { ...seen.view, partialArrays },
    selective: {
      disclosed: disclosures.map(({ path }) => path),
      claimsAt: hasBody(disclosed.claims) ? ['credentialSubject'] : [],
    },
    ...(typeof status === 'object' && { status }),
  }
}

/** What is checked of every SD-JWT VC, whoever received it. */
export async function checkCredential(
  checks: Checks,
  input: unknown,
  options: Pick<VerifySdJwtVcOptions, 'resolveIssuerKey' | 'isTrusted' | 'acceptVcSdJwt' | 'algorithms'>,
  now: Date,
): Promise<{
  readonly sdJwt: ParsedSdJwt
  readonly disclosed: DisclosedClaims | undefined
  readonly key: IssuerKey | undefined
  readonly validity: Period
}> {
  const { sdJwt, disclosed } = checkStructure(checks, input, (parsed, { disclosures }) => {
    const { typ } = parsed.jws.header
    if (!isJoseType(typ, 'dc+sd-jwt') && !(options.acceptVcSdJwt && isJoseType(typ, 'vc+sd-jwt'))) {
      return 'sd-jwt-vc.type'
    }
    if (disclosures.some(({ path, name = '' }) => path.length === 1 && plainClaims.has(name))) {
      return 'sd-jwt-vc.claim.selective'
    }
    return envelopeFault(parsed.jws.payload)
  })
  if (!sdJwt) throw new RejectedError(checks.list)
  const key = await checkIssuerOf(checks, sdJwt, options)
  const signed = sdJwt.jws.payload
  const ofBody = bodyValidity(disclosed?.claims ?? {})
  const validity = validityOf(signed, ofBody)
  checkValidity(checks, validity, now)
  if (disclosed && hasBody(disclosed.claims)) {
    const { claims, partial } = disclosed
    const body = bodyOf(claims)
    checkDataModel(checks, body, {
      versions: ['2.0'],
      partial,
      further: () => bodyFault(body, claims, ofBody),
    })
  }
  return { sdJwt, disclosed, key, validity }
}

function checkIssuerOf(
  checks: Checks,
  sdJwt: ParsedSdJwt,
  options: Pick<VerifySdJwtVcOptions, 'resolveIssuerKey' | 'isTrusted' | 'algorithms'>,
): Promise<IssuerKey | undefined> {
  const { header, payload } = sdJwt.jws
  const { iss, vct } = payload
  const { resolveIssuerKey, isTrusted, algorithms = acceptedAlgorithms } = options
  return checkIssuer(checks, {
    question: issuerKeyQuestion(header, iss),
    types: typeof vct === 'string' ? [vct] : [],
    resolveIssuerKey,
    isTrusted,
    isNamedByCertificate: true,
    noKey: 'sd-jwt-vc.issuer.no-key' satisfies SdJwtVcErrorCode,
    checkSignature: ({ jwk }) => checkIssuerSignature(checks, sdJwt, jwk, algorithms),
  })
}

/** How a credential looks to those who asked for it. */
export function describe(
  signed: JsonObject,
  disclosed: DisclosedClaims,
  types: readonly string[],
  validity: Period = validityOf(signed, bodyValidity(disclosed.claims)),
  issuer?: IssuerIdentity,
): Pick<VerifiedCredential, 'types' | 'claims' | 'validity' | 'view' | 'holder'> {
  const claims = withoutForeignIssuer(disclosed.claims, issuer)
  const jwk = confirmationKey(signed)
  const holder: HolderKey | undefined = jwk && { jwk }
  return {
    types,
    claims: documentClaims(claims),
    validity,
    view: {
      format: 'dc+sd-jwt',
      types,
      claims,
      holderBound: jwk !== undefined,
      // What was validated, and not what the header says: nobody need have looked at that.
      ...(issuer?.x5c && { x5c: issuer.x5c }),
    },
    ...(holder && { holder }),
  }
}

/**
 * The claims without an `iss`, and the `issuer` of a W3C body, that the certificate does not name: nobody vouches for
 * it, so that no query, policy or screen may meet it (SD-JWT VC section 2.5).
 */
function withoutForeignIssuer(claims: Claims, issuer: IssuerIdentity | undefined): Claims {
  if (issuer?.method !== 'x5c' || claims.iss === undefined || claims.iss === issuer.id) return claims
  const { iss: _unnamed, ...rest } = claims
  if (!hasBody(claims)) return rest
  const { issuer: _ofBody, ...body } = rest
  return body
}

/** What the document says: without the registered claims, and without the W3C body around it. */
function documentClaims(claims: JsonObject): Claims {
  if (hasBody(claims) && subjectOf(claims)) return subjectClaims(claims)
  const said: Record<string, JsonValue> = {}
  for (const name of Object.keys(claims)) {
    if (!envelopeClaims.has(name)) said[name] = claims[name] as JsonValue
  }
  return said
}

/** The later start and the earlier end of the registered claims and of the body. */
function validityOf({ nbf, exp }: JsonObject, body: Period): Period {
  return commonPeriod({ from: dateOf(nbf), until: dateOf(exp) }, body)
}

/** `vct`, and those further types for which the issuer is trusted too: he may claim any. */
export async function trustedTypes(
  signed: JsonObject,
  extended: readonly string[],
  isTrusted: IsTrusted,
  issuer: IssuerIdentity,
): Promise<readonly string[]> {
  const types = [signed.vct as string]
  const akaVcts = (signed.aka_vcts ?? []) as readonly string[]
  for (const type of new Set([...akaVcts, ...extended])) {
    const { trusted } = await isTrusted({ role: 'credential-issuer', id: issuer.id, issuer, types: [type] })
    if (trusted === true) types.push(type)
  }
  return types
}
