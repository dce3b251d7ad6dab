import type { Clock, StatusJournal, StatusJournalRecord } from '@ekkasan/core'

export interface CreateFileJournalOptions {
  /** Holds one file for each replica; made if it is missing, readable by its owner only. */
  readonly folder: string
  readonly clock?: Clock
}

export interface FileJournal extends StatusJournal {
  /** Ends it in order: the next process that starts goes on with the same file. */
  close(): Promise<void>
}

/** @throws TypeError where there are no files */
export async function createFileJournal(_options: CreateFileJournalOptions): Promise<FileJournal> {
  throw new TypeError('createFileJournal needs files: it runs on Node, Bun and Deno')
}

/** @throws TypeError where there are no files */
export async function readFileJournals(_folder: string): Promise<readonly StatusJournalRecord[]> {
  throw new TypeError('readFileJournals needs files: it runs on Node, Bun and Deno')
}
