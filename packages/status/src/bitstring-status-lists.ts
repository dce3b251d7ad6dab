import type {
  BitstringStatusListEntry,
  BitstringStatusReference,
  Clock,
  CredentialStatus,
  RandomBytes,
  StatusAuthority,
  StatusChange,
  StatusJournal,
  Store,
} from '@ekkasan/core'
import { platformRandomBytes } from '@ekkasan/core/bytes'
import { isJsonObject, type JsonObject } from '@ekkasan/core/json'
import {
  anyRule,
  booleanRule,
  checkOptions,
  expecting,
  functionRule,
  listRule,
  numberRule,
  type OptionRules,
  oneOfRule,
  optional,
  portRule,
  storeRule,
  textRule,
} from '@ekkasan/core/options'
import { encodeBitstring } from './bitstring.ts'
import { createBitstringCredential, messagesOf } from './bitstring-credential.ts'
import { StatusError } from './errors.ts'
import { bitstringOf, createLayout, type Layout, parseLayout, type StatusPurpose } from './layout.ts'
import { createListMaintenance, type StatusListMaintenance } from './list-maintenance.ts'
import { createListStorage, type ListRecord } from './list-storage.ts'
import {
  createPublications,
  isRead,
  listAnswer,
  listId,
  type PublishedList,
  pathBelow,
  requireListOptions,
  unavailable,
  whileWhole,
} from './publications.ts'

export interface CreateBitstringStatusListsOptions {
  /**
   * Below which the lists are served: `<url>/revocation/<id>`, with a random id that the lists of one entry share. Part
   * of every credential; never change it.
   */
  readonly url: string
  /** The `issuer` of the lists: the URL or DID of the issuer, or an object with one as `id`. */
  readonly issuer: string | JsonObject
  /**
   * Secures a list, in any securing format: the media type and the bytes to serve. Best the one, with the same key,
   * that the credentials have (section 3.6).
   */
  readonly issueCredential: (credential: JsonObject) => Promise<PublishedList>
  readonly store: Store
  /**
   * Kept beside the store, `createFileJournal` on Node: with it a store that was lost or restored is found, and no
   * status is lost with it. Without it an old backup gives indices again that are in wallets already.
   */
  readonly journal?: StatusJournal
  /** What can be said of a credential; default: revocation and suspension. Lists that are begun keep theirs. */
  readonly purposes?: readonly StatusPurpose[]
  /** With purpose `message`: what each value says, from 0; two, four, eight … of them. */
  readonly messages?: readonly string[]
  /** With purpose `message`: URLs of material about them. */
  readonly statusReference?: string | readonly string[]
  /** One list for revocation, suspension and refresh together, and not one for each; not every verifier reads it. */
  readonly multiPurpose?: boolean
  /** The data model of the list's credential; default: 2.0; `jwt_vc_json` takes 1.1. */
  readonly dataModel?: '2.0' | '1.1'
  /** Entries of a list that is begun from now on; default: 131072, which is the least (section 6.1). */
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

const rules: OptionRules<CreateBitstringStatusListsOptions> = {
  url: textRule,
  issuer: expecting(
    'a URL or a DID, or an object with one as id',
    (value) => (typeof value === 'string' && value !== '') || isJsonObject(value),
  ),
  issueCredential: functionRule,
  store: storeRule,
  purposes: optional(listRule(textRule, { least: 1 })),
  messages: optional(listRule(textRule, { least: 1 })),
  statusReference: optional(anyRule),
  multiPurpose: optional(booleanRule),
  dataModel: optional(oneOfRule(['2.0', '1.1'])),
  size: optional(numberRule(1)),
  ttl: optional(numberRule(0)),
  lifetime: optional(numberRule(0)),
  journal: optional(portRule('a StatusJournal', ['append', 'read'])),
  onError: optional(functionRule),
  clock: optional(functionRule),
  randomBytes: optional(functionRule),
}

/** Beside revocation and suspension, for lists that have the purpose. */
export interface BitstringStatusLists extends StatusAuthority<BitstringStatusReference> {
  /** Which of `messages` stands for the credential; 0 at first. */
  setMessage(entry: BitstringStatusReference, value: number): Promise<void>
  getMessage(entry: BitstringStatusReference): Promise<number>
  /** An updated credential is to be had from the credential's refresh service. Not reversible. */
  setRefresh(entry: BitstringStatusReference): Promise<void>
  readonly maintenance: StatusListMaintenance
}

/**
 * The issuer's status lists as W3C Bitstring Status Lists, kept as those of `createStatusLists` are: in a store that
 * several processes may share, an index never given twice. A reference has an entry for each purpose, at one index
 * (next to each other where one list has several purposes).
 *
 * @throws TypeError when the options do not fit together
 */
export function createBitstringStatusLists(options: CreateBitstringStatusListsOptions): BitstringStatusLists {
  checkOptions(options, 'createBitstringStatusLists', rules)
  const { issuer, store, issueCredential, messages, statusReference, dataModel = '2.0' } = options
  const { purposes = ['revocation', 'suspension'], multiPurpose = false } = options
  const { size = 131_072, ttl = 300, lifetime = 86_400 } = options
  const { clock = () => new Date(), randomBytes = platformRandomBytes } = options
  const url = requireListOptions({ url: options.url, size, ttl, lifetime }, 131_072)
  const messageSize = messages ? Math.log2(messages.length) : 1
  if (!Number.isInteger(messageSize) || messageSize < 1) {
    throw new TypeError('messages are two, four, eight or another power of two')
  }
  if (purposes.includes('message') !== (messages !== undefined)) {
    throw new TypeError('messages belong to the purpose message')
  }
  const layout = createLayout({ purposes, messageSize, multiPurpose })
  if (layout.served.some((served) => served.purposes.length * served.size * size > maxBits)) {
    throw new TypeError('a list would be longer than 4 MiB, which verifiers need not accept')
  }
  const { journal } = options
  const layouts = new WeakMap<ListRecord, Layout>()
  const layoutOf = (record: ListRecord): Layout => {
    const known = layouts.get(record) ?? parseLayout(record.about)
    layouts.set(record, known)
    return known
  }
  const requireField = (record: ListRecord, purpose: StatusPurpose) => {
    const field = layoutOf(record).field(purpose)
    if (!field) throw new TypeError(`the status list has no purpose ${purpose}`)
    return field
  }
  const flag = (record: ListRecord, purpose: StatusPurpose): number =>
    2 ** requireField(record, purpose).offset

  const apply = (record: ListRecord, change: StatusChange, before: number): number => {
    if ('refresh' in change) return before | flag(record, 'refresh')
    if ('message' in change) {
      const { offset, size } = requireField(record, 'message')
      const mask = (2 ** size - 1) << offset
      return (before & ~mask) | (change.message << offset)
    }
    const { status } = change
    const layout = layoutOf(record)
    const revoked = layout.field('revocation') ? flag(record, 'revocation') : 0
    const suspended = layout.field('suspension') ? flag(record, 'suspension') : 0
    // A suspension stays beside the revocation: who holds an older revocation list must not see it lifted.
    if (status === 'revoked') return before | flag(record, 'revocation')
    if ((before & revoked) !== 0) {
      throw new StatusError('status.entry.revoked', 'the entry is revoked, which is final')
    }
    return status === 'suspended' ? before | flag(record, 'suspension') : before & ~suspended
  }
  const storage = createListStorage({
    store,
    name: `bitstring ${options.url}`,
    size,
    bits: layout.bits,
    about: layout.about,
    randomBytes,
    ...(journal && { journal }),
    // Where there are several for one entry, the first stands for all of them.
    uriOf: (record) => `${options.url}${layoutOf(record).served[0]?.path(record.id)}`,
    apply,
  })
  const idOf = (uri: string) =>
    uri.startsWith(`${options.url}/`) ? listId(uri.slice(uri.lastIndexOf('/'))) : undefined
  const maintenance = createListMaintenance({ store, storage, journal, idOf })

  const servedAt = (record: ListRecord, path: string) =>
    layoutOf(record).served.find((served) => served.path(record.id) === path)

  const publications = createPublications({
    storage,
    ttl,
    lifetime,
    clock,
    onError: options.onError,
    ready: () => maintenance.ready(),
    async build(record, path, now) {
      const layout = layoutOf(record)
      const served = servedAt(record, path)
      if (!served) throw new TypeError('no such list')
      const bits = bitstringOf(await storage.whole(record), record.size, layout, served)
      const isMessage = served.purposes[0] === 'message'
      return issueCredential(
        createBitstringCredential({
          url: `${options.url}${path}`,
          issuer,
          purposes: served.purposes,
          encodedList: await encodeBitstring(bits),
          issuedAt: now,
          expiresAt: new Date(now.getTime() + lifetime * 1000),
          ttl,
          dataModel,
          ...(isMessage && { messages: messagesFor(served.size) }),
        }),
      )
    },
  })

  /** Where a list was begun with more messages than there are now, the others say nothing. */
  const messagesFor = (size: number): readonly string[] =>
    Array.from({ length: 2 ** size }, (_, value) => messages?.[value] ?? 'undefined')

  const referenceTo = (record: ListRecord, place: number): BitstringStatusReference => {
    const entries = layoutOf(record).served.flatMap((served) =>
      served.purposes.map((purpose, at): BitstringStatusListEntry => {
        const statusListCredential = `${options.url}${served.path(record.id)}`
        const statusListIndex = String(place * served.purposes.length + at)
        return {
          id: `${statusListCredential}#${statusListIndex}`,
          type: 'BitstringStatusListEntry',
          statusPurpose: purpose,
          statusListIndex,
          statusListCredential,
          ...(purpose === 'message' && {
            ...(served.size > 1 && { statusSize: served.size }),
            statusMessage: messagesOf(messagesFor(served.size)),
            ...(statusReference !== undefined && { statusReference }),
          }),
        }
      }),
    )
    return { credentialStatus: entries }
  }

  const find = async (reference: BitstringStatusReference) => {
    const [first] = reference.credentialStatus
    const path = first?.statusListCredential.startsWith(`${options.url}/`)
      ? first.statusListCredential.slice(options.url.length)
      : ''
    await maintenance.ready()
    const record = await recordAt(path)
    const served = record && servedAt(record, path)
    const place = Math.floor(Number(first?.statusListIndex) / (served?.purposes.length ?? 1))
    if (record && served && place >= 0 && place < record.size) {
      if (isSameReference(referenceTo(record, place), reference)) return { record, place }
    }
    throw new StatusError('status.entry.unknown', 'the reference does not point to one of these status lists')
  }

  const recordAt = async (path: string): Promise<ListRecord | undefined> => {
    const id = listId(path.slice(path.lastIndexOf('/')))
    return id === undefined ? undefined : storage.record(id)
  }

  const change = async (record: ListRecord, place: number, change: StatusChange) => {
    await storage.write(record, place, change)
    publications.changed(record.id)
  }

  return {
    kind: 'bitstring',
    maintenance,
    async allocate() {
      await maintenance.ready()
      const { record, place } = await storage.allocate()
      return referenceTo(record, place)
    },
    async set(entry, status) {
      if (!statuses.includes(status)) throw new TypeError('status must be valid, revoked or suspended')
      const { record, place } = await find(entry)
      await change(record, place, { status })
    },
    async get(entry): Promise<CredentialStatus> {
      const { record, place } = await find(entry)
      const value = await storage.read(record, place)
      const isSet = (purpose: StatusPurpose) => {
        const field = layoutOf(record).field(purpose)
        return field !== undefined && ((value >> field.offset) & 1) === 1
      }
      return isSet('revocation') ? 'revoked' : isSet('suspension') ? 'suspended' : 'valid'
    },
    async setMessage(entry, value) {
      const { record, place } = await find(entry)
      const { size } = requireField(record, 'message')
      if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** size) {
        throw new TypeError(`a message is an integer from 0 to ${2 ** size - 1}`)
      }
      await change(record, place, { message: value })
    },
    async getMessage(entry) {
      const { record, place } = await find(entry)
      const { offset, size } = requireField(record, 'message')
      return ((await storage.read(record, place)) >> offset) & (2 ** size - 1)
    },
    async setRefresh(entry) {
      const { record, place } = await find(entry)
      requireField(record, 'refresh')
      await change(record, place, { refresh: true })
    },
    fetch: (request) =>
      whileWhole(async () => {
        const path = pathBelow(url, request)
        const id = path === undefined ? undefined : listId(path.slice(path.lastIndexOf('/')))
        if (path === undefined || id === undefined) return undefined
        const record = await storage.record(id)
        if (!record) {
          await maintenance.ready()
          return (await storage.isUnsure(id)) ? unavailable() : undefined
        }
        if (!servedAt(record, path)) return undefined
        if (!isRead(request)) return listAnswer(405, { allow: 'GET, HEAD' })
        // Section 3.2: lists as they were at another time are not kept.
        if (new URL(request.url).searchParams.has('timestamp')) return listAnswer(501)
        return publications.answer(request, record, path)
      }),
  }
}

const maxBits = 2 ** 25
const statuses: readonly CredentialStatus[] = ['valid', 'revoked', 'suspended']

/** All entries, and none else; what their messages say does not matter. */
function isSameReference(own: BitstringStatusReference, given: BitstringStatusReference): boolean {
  const name = (entry: BitstringStatusListEntry) =>
    JSON.stringify([entry.statusPurpose, entry.statusListCredential, entry.statusListIndex])
  const names = new Set(own.credentialStatus.map(name))
  return (
    given.credentialStatus.length === names.size &&
    given.credentialStatus.every((entry) => names.delete(name(entry)))
  )
}
