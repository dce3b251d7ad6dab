import type { JsonObject, JsonValue } from './json.ts'

// What is handed in. No module of the house reaches for the network, the clock, randomness, keys or trust.

export type Clock = () => Date
export type RandomBytes = (length: number) => Uint8Array
export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>

/** Names of the IANA "Named Information Hash Algorithm" registry. */
export type HashAlgorithm = 'sha-256' | 'sha-384' | 'sha-512'

/** JWS algorithms, RFC 7518 and RFC 9864; which of them a platform has is a matter of @ekkasan/keys. */
export type Algorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'ES256K'
  | 'EdDSA'
  | 'Ed25519'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'RS256'

/** A public JSON Web Key, RFC 7517. Never holds private members: @ekkasan/keys refuses such a key. */
export interface PublicJwk {
  readonly kty: 'EC' | 'OKP' | 'RSA'
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
}

/** How a signature names its key to those who verify it: JOSE header members, beside the key itself. */
export interface KeyReference {
  readonly publicJwk: PublicJwk
  /** A key id, or a DID URL for a key in a DID document. */
  readonly kid?: string
  /** Certificate chain, leaf first, each base64 DER (RFC 7515 section 4.1.6). */
  readonly x5c?: readonly string[]
}

/** Signs. A KMS or HSM fits: only `sign` touches the private key. Has no default anywhere. */
export interface Signer {
  readonly alg: Algorithm
  readonly key: KeyReference
  /** Returns the signature in the JWS form (ECDSA: r || s). */
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** Decrypts a compact JWE that was encrypted to `publicJwk`. */
export interface Decrypter {
  readonly publicJwk: PublicJwk
  decrypt(jwe: string): Promise<Uint8Array>
}

/** The slice of a DID document that is used here; what a DIF did-resolver returns fits. */
export interface DidDocument {
  readonly id: string
  readonly verificationMethod?: readonly VerificationMethod[]
  readonly authentication?: readonly (string | VerificationMethod)[]
  readonly assertionMethod?: readonly (string | VerificationMethod)[]
  readonly service?: readonly unknown[]
}

export interface VerificationMethod {
  readonly id: string
  readonly type: string
  readonly controller: string
  readonly publicKeyJwk?: object
  readonly publicKeyMultibase?: string
}

/** @throws ResolveError */
export type ResolveDid = (did: string) => Promise<DidDocument>

/** Who issued, and by which means his key was found. */
export interface IssuerIdentity {
  /**
   * An https URL or a DID as the credential names it; with a certificate that does not name one, its subject together
   * with the anchor above it: `x509:<RFC 7638 thumbprint of the anchor's key>:<subject, RFC 4514>`.
   */
  readonly id: string
  readonly method: 'jwt-vc-issuer' | 'x5c' | 'did' | 'controlled-identifier'
  /** With `x5c`: the chain as it was validated, leaf first, base64 DER. */
  readonly x5c?: readonly string[]
}

export interface IssuerKey {
  /** The same object each time while it is cached: imported keys are remembered by it. */
  readonly jwk: PublicJwk
  readonly identity: IssuerIdentity
  /** Of the certificate that the key was found in, for formats that hold a credential to it. */
  readonly certificate?: {
    readonly notBefore: Date
    readonly notAfter: Date
    /** Two capital letters, ISO 3166-1; absent when it names none. */
    readonly country?: string
  }
}

export interface IssuerKeyQuestion {
  /** The `iss` claim, or the `issuer` of a W3C body; absent where only a certificate names the issuer. */
  readonly iss?: string
  readonly kid?: string
  readonly x5c?: readonly string[]
  readonly alg: string
}

/** @throws ResolveError */
export interface ResolveIssuerKey {
  (question: IssuerKeyQuestion): Promise<IssuerKey>
  /**
   * Who the issuer will be by the mechanism that this resolver will use, without asking anybody outside: trust is
   * asked by it before anything is fetched. A resolver without it that is asked for a chain is asked for the key
   * first; where there is no chain, `iss` is the identity. Undefined where it cannot be told. @throws ResolveError
   */
  readonly identify?: (question: IssuerKeyQuestion) => Promise<IdentifiedIssuer | undefined>
  /**
   * Told of each issuer of whom a credential was verified and who is trusted for it. What a resolver remembers of
   * others has a bounded part of its memory, so that they cannot push out those.
   */
  readonly keep?: (identity: IssuerIdentity) => void
}

/** An issuer of whom nothing was fetched. */
export interface IdentifiedIssuer {
  readonly identity: IssuerIdentity
  /** The key, where the credential carries it itself. */
  readonly jwk?: PublicJwk
}

export type TrustRole = 'credential-issuer' | 'status-issuer' | 'verifier' | 'wallet-provider'

export interface TrustQuestion {
  readonly role: TrustRole
  /** Who asks to be trusted: issuer's `id`, or a verifier's full client identifier. */
  readonly id: string
  readonly issuer?: IssuerIdentity
  /** With `credential-issuer`: the credential's types (`vct`, or the `type` of a W3C body). */
  readonly types?: readonly string[]
  /** With `status-issuer`: the issuer of the credential whose status it is. */
  readonly onBehalfOf?: IssuerIdentity
  /** With `verifier` and a certificate: its chain, leaf first, base64 DER, not yet validated. */
  readonly x5c?: readonly string[]
}

/** `code` says why in a stable word; a report shows it. `unknown` means that it could not be found out. */
export type TrustAnswer =
  | { readonly trusted: true; readonly detail?: string }
  | { readonly trusted: false; readonly code: string; readonly detail?: string }
  | { readonly trusted: 'unknown'; readonly code: string; readonly detail?: string }

/** Has no default: to trust everyone, write `trustAnyone('why')`. */
export type IsTrusted = (question: TrustQuestion) => Promise<TrustAnswer>

/** Where a credential's status stands. */
export type StatusReference = TokenStatusReference | BitstringStatusReference

export type StatusKind = 'token' | 'bitstring'

/** IETF Token Status List section 6.1: the members of `status_list`, `idx` as index. */
export interface TokenStatusReference {
  readonly uri: string
  readonly index: number
}

/** W3C Bitstring Status List section 2.1: the entries of `credentialStatus`, one for each purpose. */
export interface BitstringStatusReference {
  readonly credentialStatus: readonly BitstringStatusListEntry[]
}

/** For a format that carries Token Status List references only. @throws TypeError when it is of another kind */
export function requireTokenStatus(reference: StatusReference): TokenStatusReference {
  if ('credentialStatus' in reference) throw new TypeError('a Bitstring status has no place in this format')
  return reference
}

/** As it stands in a credential. */
export interface BitstringStatusListEntry {
  readonly id?: string
  readonly type: 'BitstringStatusListEntry'
  /** `revocation`, `suspension`, `refresh`, `message`, or a purpose of somebody's own. */
  readonly statusPurpose: string
  /** A decimal number. */
  readonly statusListIndex: string
  readonly statusListCredential: string
  /** Bits of an entry; default: 1. */
  readonly statusSize?: number
  /** With purpose `message`: what each value says, `status` in hexadecimal (`0x0`). */
  readonly statusMessage?: readonly { readonly status: string; readonly message: string }[]
  readonly statusReference?: string | readonly string[]
}

export type CredentialStatus = 'valid' | 'revoked' | 'suspended'

export type StatusAnswer =
  | {
      readonly status: CredentialStatus
      readonly asOf: Date
      /** What the list says beside it: a status message, that a newer credential is to be had. */
      readonly detail?: string
    }
  /** Deliberately not looked up; the report says so. */
  | { readonly status: 'ignored'; readonly why: string }

/** The credential whose status is looked up: it was verified in all else. */
export interface StatusSubject {
  readonly issuer: IssuerIdentity
  /** The key that signed it. */
  readonly jwk?: PublicJwk
}

/** @throws ResolveError; `core.resolve.unavailable` when the status could not be found out */
export interface CheckStatus {
  (entry: StatusReference, credential: StatusSubject): Promise<StatusAnswer>
  /** Why no status is looked up, of whatever kind; only `ignoreStatus` says so. */
  readonly ignored?: string
}

/** The issuer's side of status: takes an entry for a new credential, and changes it later. */
export interface StatusAuthority<Reference extends StatusReference = StatusReference> {
  /** Which formats can carry its references: `IssuerFormat.statusKinds`. */
  readonly kind: StatusKind
  /**
   * The key that verifiers look for among those that the issuer of this URL publishes (`/.well-known/jwt-vc-issuer`);
   * undefined where they find it otherwise: by a certificate, by a DID.
   */
  publishedKey?(issuer: string): KeyReference | undefined
  /** A reference never given before, at any concurrency, in any process. */
  allocate(): Promise<Reference>
  /** `revoked` is final: setting anything else after it throws. */
  set(entry: Reference, status: CredentialStatus): Promise<void>
  get(entry: Reference): Promise<CredentialStatus>
  /** Answers a GET for one of its lists; undefined when the URL is none of them. */
  fetch(request: Request): Promise<Response | undefined>
}

/** What a presentation is bound to; serves key-binding JWTs, VP JWTs, mdoc handovers and the DC API alike. */
export interface PresentationBinding {
  /** The full client identifier, with its prefix. */
  readonly clientId: string
  readonly nonce: string
  readonly responseUri?: string
  /** With the Digital Credentials API: of the page that asks. It then is the audience, as `origin:<origin>`. */
  readonly origin?: string
  /** An encoded ISO/IEC 18013-5 SessionTranscript, where an mdoc is asked for by another protocol than OpenID4VP. */
  readonly sessionTranscript?: Uint8Array
  /** RFC 7638 thumbprint of the key the response is encrypted to. */
  readonly encryptionKeyThumbprint?: string
  /** base64url strings as they stood in the request (OpenID4VP section 8.4). */
  readonly transactionData?: readonly string[]
}

export interface Versioned<T extends JsonValue = JsonValue> {
  readonly value: T
  /** Changes with every write of this key. */
  readonly version: number
}

/** When the key reads as absent and is purged later. With neither the value stays until it is deleted. */
export interface StoreWriteOptions {
  /** A moment of the store's clock. */
  readonly expiresAt?: Date
  /**
   * Seconds from now, counted by the store's clock: for what must last so long whatever the clock of the process says.
   * Give this or `expiresAt`, not both.
   */
  readonly expiresIn?: number
}

/**
 * Versioned values with an expiry. What a promise of it resolved for is durable. Every method may be called
 * at any concurrency, from several processes. Keys are ASCII, `kind/id`, up to 256 characters.
 */
export interface Store {
  get(key: string): Promise<Versioned | undefined>
  /** Writes whatever stood there before. */
  put(key: string, value: JsonValue, options?: StoreWriteOptions): Promise<void>
  /**
   * Compare and set: writes only if the key's version is still `expected` (undefined: only if absent).
   * A value of undefined deletes. Resolves to whether it was written; exactly one of several racers wins.
   */
  swap(
    key: string,
    expected: number | undefined,
    value: JsonValue | undefined,
    options?: StoreWriteOptions,
  ): Promise<boolean>
  delete(key: string): Promise<void>
  /** Keys with a prefix in ascending order, at most `limit` (default: 100; at most 1000). */
  list(
    prefix: string,
    options?: { readonly after?: string; readonly limit?: number },
  ): Promise<{
    readonly entries: readonly (Versioned & { readonly key: string })[]
    /** Hand it back as `after` for the next page; absent on the last. */
    readonly cursor?: string
  }>
  /** A counter: 0, 1, 2, … each number once. */
  next(counter: string): Promise<number>
  /** How many numbers `next` has given of a counter; 0 for one that nobody asked for yet. Takes none. */
  count(counter: string): Promise<number>
  /** The clock by which the store decides what has expired: PostgreSQL's own, where several machines share it. */
  now(): Promise<Date>
}

/** Text by language tag (BCP 47); the house writes `th` and `en`. */
export type LanguageMap = Readonly<Record<string, string>>

/** As the claims path pointer of SD-JWT VC and OpenID4VP section 7: names, indices, null for all items. */
export type ClaimPath = readonly (string | number | null)[]

/** Whether a value from outside is a claims path pointer: not empty, of names, indices and null. */
export function isClaimPath(value: unknown): value is ClaimPath {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    !value.includes(undefined) &&
    value.every(
      (part) => part === null || typeof part === 'string' || (Number.isSafeInteger(part) && part >= 0),
    )
  )
}

export type Claims = JsonObject
