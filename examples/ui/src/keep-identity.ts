import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonFile, writePrivateFile } from './private-file.ts'

export interface KeepIdentityOptions {
  readonly dataDir: string
  /** The URL that the settings name. */
  readonly url: string | undefined
  /** The address listened on, which is the URL where the settings name none. */
  readonly address: string
  /** Whether there are keys from an earlier start. */
  readonly hasKeys: boolean
  /** As it was set: 0 takes another at each start. */
  readonly port: number
  /** The setting that names the URL. */
  readonly setting: string
}

/**
 * The URL by which a program is known, which is remembered in `DATA_DIR/identity.json`. Where no setting names it, it is
 * the address listened on, and changes with the port; once there are keys, another one than before is refused.
 * @throws Error that says what to set
 */
export function keepIdentity({ dataDir, url, address, port, hasKeys, setting }: KeepIdentityOptions): string {
  const file = join(dataDir, 'identity.json')
  const before = existsSync(file) ? readJsonFile<{ url: string }>(file).url : undefined
  const now = url ?? address
  const isAnother = before === undefined ? port === 0 : before !== address
  if (url === undefined && hasKeys && isAnother) {
    const known = before === undefined ? 'an address that is not known' : before
    throw new Error(
      `${setting} must be set: without it this program would be ${address}, and the keys in ${dataDir} belong to ${known}. ` +
        `Set ${setting} to where it is reached, or PORT to the port that it had`,
    )
  }
  if (now !== before) writePrivateFile(file, `${JSON.stringify({ url: now })}\n`)
  return now
}
