import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { createFileKeys } from './file-keys.ts'
import type { KeyRing } from './key-ring.ts'

/** The key ring that `KEYS` names; Veramo is loaded only where it is asked for. */
export async function openKeys(config: Config): Promise<KeyRing> {
  if (config.keys === 'files') return createFileKeys(join(config.dataDir, 'keys'))
  const { createVeramoKeys } = await import('./veramo-keys.ts')
  return createVeramoKeys(join(config.dataDir, 'veramo'))
}

/** Whether an earlier start has made keys. */
export function hasKeys({ dataDir }: Config): boolean {
  return ['keys/first.json', 'veramo/private-keys.json'].some((name) => existsSync(join(dataDir, name)))
}
