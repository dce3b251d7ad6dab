export * from './bitstring.ts'
export {
  type BitstringCredential,
  type CreateBitstringCredentialOptions,
  createBitstringCredential,
  parseBitstringCredential,
} from './bitstring-credential.ts'
export * from './bitstring-status-lists.ts'
export { issueStatusListCwt, parseStatusListCwt, type StatusListCwt } from './cwt.ts'
export * from './errors.ts'
export {
  type CreateFileJournalOptions,
  createFileJournal,
  type FileJournal,
  readFileJournals,
} from './file-journal.ts'
export type { StatusPurpose } from './layout.ts'
export type { Reconciliation, StatusListMaintenance, StatusListState } from './list-maintenance.ts'
export type { PublishedList } from './publications.ts'
export * from './status-checker.ts'
export * from './status-list.ts'
export * from './status-lists.ts'
export {
  type IssueStatusListTokenOptions,
  issueStatusListToken,
  parseStatusListToken,
  type StatusListToken,
  type StatusListTokenClaims,
} from './token.ts'
