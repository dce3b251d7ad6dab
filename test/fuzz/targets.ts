import { readdirSync } from 'node:fs'
import type { FuzzTarget } from './target.ts'

/** The parsers that are fuzzed: the files of test/fuzz/parsers. */
export const targetNames: readonly string[] = readdirSync(new URL('parsers', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort()

export async function loadTarget(name: string): Promise<FuzzTarget> {
  const { target } = (await import(`./parsers/${name}.ts`)) as { readonly target: FuzzTarget }
  return target
}
