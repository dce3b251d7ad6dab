import type { JsonValue } from './json.ts'
import type { CredentialStatus } from './ports.ts'

// The journal of status lists: kept beside the store, so that a store that was lost or restored can be told from one
// that is whole, and so that no status is lost with it. It names lists and indices, never a person.

/** What happened to a list or to one of its entries. `list` is the URI as credentials carry it. */
export type StatusJournalEvent =
  /** A list was begun: all of it stands in the journals from here on. */
  | {
      readonly event: 'begun'
      readonly list: string
      readonly size: number
      readonly bits: number
      readonly about?: JsonValue
    }
  /** An index left for a credential, which is valid at first; `count` is its number in the list's own counter. */
  | { readonly event: 'given'; readonly list: string; readonly index: number; readonly count: number }
  /** A status, or what a Bitstring list says beside it. */
  | ({ readonly event: 'set'; readonly list: string; readonly index: number } & StatusChange)
  /** All entries of a list were revoked, given or not. */
  | { readonly event: 'revoked-all'; readonly list: string }
  /** Another replica keeps a journal of its own for these lists. */
  | { readonly event: 'peer'; readonly replica: string }

/** What is set for an entry: one of these. */
export type StatusChange =
  | { readonly status: CredentialStatus }
  | { readonly message: number }
  | { readonly refresh: true }

export type StatusJournalLine = StatusJournalEvent & {
  /** 1, 2, 3, … in this journal. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly time: number
}

/** What can be read of a journal, also of one that another replica kept. */
export interface StatusJournalRecord {
  /** Names the replica that writes it; never that of two processes at the same time. */
  readonly replica: string
  /** All lines, oldest first. */
  read(): AsyncIterable<StatusJournalLine>
}

/**
 * A journal of one process. An index or a status counts as given when `append` resolved: the line is on the disk then.
 * Lines asked for at the same moment may share one write.
 */
export interface StatusJournal extends StatusJournalRecord {
  /** Resolves to the number of the line. */
  append(event: StatusJournalEvent): Promise<number>
  /** The journals of other replicas that can be read from here, living or gone. */
  others?(): Promise<readonly StatusJournalRecord[]>
}
