import { EkkasanError } from '@ekkasan/core'

export type StatusErrorCode =
  /** Not a Status List: bits, encoding or compression are not what they must be. */
  | 'status.list.malformed'
  /** It unpacks to more than is accepted. */
  | 'status.list.too-large'
  /** Not a Status List Token: not a JWT, another `typ`, a claim missing or of a wrong kind. */
  | 'status.token.malformed'
  /** `sub` is not the URI from which it was fetched. */
  | 'status.token.subject'
  /** Issued in the future, or not valid yet. */
  | 'status.token.not-yet'
  | 'status.token.expired'
  /** Not signed by the key of the party that it names. */
  | 'status.token.signature'
  /** Signed by a party that is not trusted for the statuses of the credential's issuer. */
  | 'status.token.untrusted'
  /** Not a BitstringStatusListCredential: type, subject, purpose, list or a date is not what it must be. */
  | 'status.credential.malformed'
  /** `id` is not the URL from which it was fetched. */
  | 'status.credential.id'
  /** Valid only in the future. */
  | 'status.credential.not-yet'
  | 'status.credential.expired'
  /** A check of the credential that is the list failed; the cause has all checks. */
  | 'status.credential.unverified'
  /** Signed by a party that is not trusted for the statuses of the credential's issuer. */
  | 'status.credential.untrusted'
  /** It has fewer entries than the least that hides one credential among others. */
  | 'status.list.too-short'
  /** The list is not for the purpose of the entry. */
  | 'status.entry.purpose'
  /** The list has entries of another size. */
  | 'status.entry.size'
  /** The list is shorter than the credential's index. */
  | 'status.entry.out-of-range'
  /** The list holds a value that is none of valid, revoked, suspended; something is set for a purpose unknown here. */
  | 'status.entry.value'
  /** The reference is none of this authority's. */
  | 'status.entry.unknown'
  /** The entry is revoked, which is final. */
  | 'status.entry.revoked'
  /** The store lacks what a journal says: it was lost, restored, or is another. Nothing is given and nothing published. */
  | 'status.store.behind'
  /** A journal cannot be read: a line in its middle is damaged or missing, or a newer version wrote a line. */
  | 'status.journal.damaged'
  /** The disk did not take a line of the journal; nothing was given and nothing changed. */
  | 'status.journal.failed'
  /** Others changed the same part of the list over and over; nothing was changed. */
  | 'status.entry.contended'

export class StatusError extends EkkasanError<StatusErrorCode> {}
