import type pg from 'pg'
import { PostgresStoreError } from './errors.ts'

/** Which database this is: what changes when another one answers under the same name. */
export interface PostgresIdentity {
  /** Of the cluster, made by initdb: a standby has that of its primary. Undefined where the role may not read it. */
  readonly system?: string
  /** Grows by one when a standby is promoted, or a base backup is recovered to a moment. */
  readonly timeline?: number
  /** Object identifier of the database: another after it was dropped and created anew. */
  readonly database: number
  /** Whether each commit waits for a standby (`synchronous_standby_names`), so that a promoted one lacks none. */
  readonly isSynchronous: boolean
}

const insufficientPrivilege = '42501'

/** @throws PostgresStoreError `store-postgres.standby` */
export async function readIdentity(client: pg.ClientBase | pg.Pool): Promise<PostgresIdentity> {
  const { rows } = await client.query(`
    SELECT pg_is_in_recovery() AS standby,
      (SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS database,
      current_setting('synchronous_standby_names') <> ''
        AND current_setting('synchronous_commit') IN ('on', 'remote_apply') AS synchronous`)
  const found = rows[0] as { standby: boolean; database: string; synchronous: boolean }
  if (found.standby) {
    throw new PostgresStoreError(
      'store-postgres.standby',
      'this PostgreSQL is a standby: name the primary, or promote this one',
    )
  }
  return {
    database: Number(found.database),
    isSynchronous: found.synchronous,
    ...(await readCluster(client)),
  }
}

async function readCluster(
  client: pg.ClientBase | pg.Pool,
): Promise<Pick<PostgresIdentity, 'system' | 'timeline'>> {
  try {
    const { rows } = await client.query(`
      SELECT system_identifier::text AS system, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline
      FROM pg_control_system()`)
    const { system, timeline } = rows[0] as { system: string; timeline: string }
    return { system, timeline: Number.parseInt(timeline, 16) }
  } catch (error) {
    if ((error as { code?: unknown }).code === insufficientPrivilege) return {}
    throw error
  }
}

export function isSameDatabase(a: PostgresIdentity, b: PostgresIdentity): boolean {
  return a.system === b.system && a.timeline === b.timeline && a.database === b.database
}
