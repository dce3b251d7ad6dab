import { appendFileSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '@ekkasan-examples/ui'
import { makePrivateFolder } from '@ekkasan-examples/ui'

export type AuditEvent =
  | 'sign-in'
  | 'sign-in-refused'
  | 'sign-out'
  | 'search'
  | 'citizen-viewed'
  | 'issuances-viewed'
  | 'offer-created'
  | 'offer-withdrawn'
  | 'offer-replaced'
  | 'revoked'
  | 'suspended'
  | 'restored'

export interface AuditEntry {
  readonly event: AuditEvent
  /** Or `api`, for what an agency's own system did. */
  readonly officer?: string
  /** The citizen's handle: an HMAC of the number. */
  readonly citizen?: string
  readonly offer?: string
  readonly issuance?: string
  /** Id of the document offered. */
  readonly document?: string
  /** A code out of a list, never free text. */
  readonly reason?: string
}

export type Audit = (entry: AuditEntry) => void

/** Who did what, as JSON lines in one file a day, kept for `days`; also written to the program's log. */
export function createAudit(options: {
  readonly folder: string
  readonly days: number
  readonly log: Log
  readonly clock?: () => Date
}): Audit {
  const { folder, days, log, clock = () => new Date() } = options
  makePrivateFolder(folder)
  let purged = ''
  return ({ event, ...who }) => {
    const at = clock()
    const day = at.toISOString().slice(0, 10)
    appendFileSync(
      join(folder, `${day}.jsonl`),
      `${JSON.stringify({ time: at.toISOString(), event, ...who })}\n`,
      {
        mode: 0o600,
      },
    )
    log(`audit.${event}`, who)
    if (purged === day) return
    purged = day
    const oldest = new Date(at.getTime() - days * 86_400_000).toISOString().slice(0, 10)
    for (const name of readdirSync(folder)) {
      if (/^\d{4}-\d\d-\d\d\.jsonl$/.test(name) && name.slice(0, 10) < oldest) unlinkSync(join(folder, name))
    }
  }
}
