import type {
  Algorithm,
  Clock,
  CredentialStatus,
  RandomBytes,
  Signer,
  StatusAuthority,
  StatusJournal,
  Store,
  TokenStatusReference,
} from '@ekkasan/core'
import { platformRandomBytes } from '@ekkasan/core/bytes'
import {
  checkOptions,
  functionRule,
  numberRule,
  type OptionRules,
  optional,
  portRule,
  signerRule,
  storeRule,
  textRule,
} from '@ekkasan/core/options'
import { coseAlgorithms } from '@ekkasan/cose'
import { publishedKeyOf } from '@ekkasan/keys'
import { issueStatusListCwt } from './cwt.ts'
import { StatusError } from './errors.ts'
import { createListMaintenance, type StatusListMaintenance } from './list-maintenance.ts'
import { createListStorage, type ListRecord } from './list-storage.ts'
import {
  acceptedType,
  createPublications,
  isRead,
  listAnswer,
  listId,
  pathBelow,
  requireListOptions,
  unavailable,
  whileWhole,
} from './publications.ts'
import { issueStatusListToken } from './token.ts'

export interface CreateStatusListsOptions {
  /**
   * Below which the lists are served, each at `<url>/<id>` with a random id. Part of every credential; never change it.
   */
  readonly url: string
  /** The newest key; the `kid` or `x5c` that it names goes into the header. */
  readonly signer: Signer
  /**
   * The `iss` claim of the lists: the URL or DID of the issuer. Without it verifiers look for the key named by
   * `kid` or `x5c` where they found the credential issuer's.
   */
  readonly issuer?: string
  readonly store: Store
  /**
   * Kept beside the store, `createFileJournal` on Node: with it a store that was lost or restored is found, and no
   * status is lost with it. Without it an old backup gives indices again that are in wallets already.
   */
  readonly journal?: StatusJournal
  /** Entries of a list that is begun from now on; default: 131072. */
  readonly size?: number
  /** Seconds for which verifiers may keep a list: how late a revocation may reach them; default: 300. */
  readonly ttl?: number
  /** Seconds for which a signed list is valid; default: 86400. */
  readonly lifetime?: number
  /** Told of what keeps a list from being signed anew while the last one, still valid, is served in its place. */
  readonly onError?: (error: unknown) => void
  readonly clock?: Clock
  readonly randomBytes?: RandomBytes
}

export interface TokenStatusLists extends StatusAuthority<TokenStatusReference> {
  readonly maintenance: StatusListMaintenance
}

const rules: OptionRules<CreateStatusListsOptions> = {
  url: textRule,
  signer: signerRule,
  issuer: optional(textRule),
  store: storeRule,
  size: optional(numberRule(1)),
  ttl: optional(numberRule(0)),
  lifetime: optional(numberRule(0)),
  journal: optional(portRule('a StatusJournal', ['append', 'read'])),
  onError: optional(functionRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

const jwtType = 'application/statuslist+jwt'
const cwtType = 'application/statuslist+cwt'
type TokenType = typeof jwtType | typeof cwtType

const values: Readonly<Record<CredentialStatus, number>> = { valid: 0, revoked: 1, suspended: 2 }
const names: readonly (CredentialStatus | undefined)[] = ['valid', 'revoked', 'suspended']

/**
 * The issuer's status lists (IETF Token Status List, 2 bits, as JWT or CWT by the request's `Accept`), kept in a store
 * that several processes may share. An index is a counter's number sent through a keyed permutation: never given
 * twice, and of no order that the list's readers could tell. A list that is full is followed by the next.
 */
export function createStatusLists(options: CreateStatusListsOptions): TokenStatusLists {
  checkOptions(options, 'createStatusLists', rules)
  const { signer, issuer, store, size = 131_072, ttl = 300, lifetime = 86_400 } = options
  const { clock = () => new Date(), randomBytes = platformRandomBytes } = options
  const url = requireListOptions({ url: options.url, size, ttl, lifetime }, 1)
  const { journal } = options
  const uriOf = ({ id }: ListRecord) => `${options.url}/${id}`
  const storage = createListStorage({
    store,
    name: options.url,
    size,
    bits: 2,
    randomBytes,
    ...(journal && { journal }),
    uriOf,
    apply(_record, change, before) {
      if (!('status' in change)) throw new TypeError('a token list has statuses only')
      const value = values[change.status]
      if (before === values.revoked && value !== before) {
        throw new StatusError('status.entry.revoked', 'the entry is revoked, which is final')
      }
      return value
    },
  })
  const idOf = (uri: string) =>
    uri.startsWith(`${options.url}/`) ? listId(uri.slice(options.url.length)) : undefined
  const maintenance = createListMaintenance({ store, storage, journal, idOf })
  const types: readonly [TokenType, ...TokenType[]] = isCoseAlgorithm(signer.alg)
    ? [jwtType, cwtType]
    : [jwtType]

  const find = async ({ uri, index }: TokenStatusReference): Promise<ListRecord> => {
    await maintenance.ready()
    const id = idOf(uri)
    const record = id === undefined ? undefined : await storage.record(id)
    if (!record || !Number.isSafeInteger(index) || index < 0 || index >= record.size) {
      throw new StatusError(
        'status.entry.unknown',
        'the reference does not point to one of these status lists',
      )
    }
    return record
  }

  const publications = createPublications({
    storage,
    ttl,
    lifetime,
    clock,
    onError: options.onError,
    ready: () => maintenance.ready(),
    async build(record, type, now) {
      const issue = type === cwtType ? issueStatusListCwt : issueStatusListToken
      const body = await issue({
        signer,
        list: await storage.whole(record),
        uri: uriOf(record),
        ...(issuer !== undefined && { issuer }),
        issuedAt: now,
        expiresAt: new Date(now.getTime() + lifetime * 1000),
        ttl,
      })
      return { contentType: type, body }
    },
  })

  return {
    kind: 'token',
    maintenance,
    publishedKey: (url) => (issuer === undefined ? undefined : publishedKeyOf(signer.key, issuer, url)),
    async allocate() {
      await maintenance.ready()
      const { record, place } = await storage.allocate()
      return { uri: uriOf(record), index: place }
    },
    async set(entry, status) {
      if (!Object.hasOwn(values, status)) throw new TypeError('status must be valid, revoked or suspended')
      const record = await find(entry)
      await storage.write(record, entry.index, { status })
      publications.changed(record.id)
    },
    async get(entry) {
      const name = names[await storage.read(await find(entry), entry.index)]
      if (!name) throw new StatusError('status.entry.value', 'the list holds a value that is no status')
      return name
    },
    fetch: (request) =>
      whileWhole(async () => {
        const id = listId(pathBelow(url, request))
        if (id === undefined) return undefined
        const record = await storage.record(id)
        if (!record) {
          await maintenance.ready()
          return (await storage.isUnsure(id)) ? unavailable() : undefined
        }
        if (!isRead(request)) return listAnswer(405, { allow: 'GET, HEAD' })
        if (new URL(request.url).searchParams.has('time')) return listAnswer(501)
        const type = acceptedType(request.headers.get('accept'), types)
        return publications.answer(request, record, type)
      }),
  }
}

function isCoseAlgorithm(alg: Algorithm): boolean {
  return alg === 'Ed25519' || Object.hasOwn(coseAlgorithms, alg)
}
