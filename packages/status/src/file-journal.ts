export {
  type CreateFileJournalOptions,
  createFileJournal,
  type FileJournal,
  readFileJournals,
} from '#file-journal'
