import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ContextRegistry, createContextRegistry } from '@ekkasan/data-integrity'

/**
 * The bundled contexts and those in a folder: each file `{ "url": …, "document": { "@context": … } }`. Nothing else is
 * known, and nothing is fetched. `inline` says whether documents may bring contexts of their own.
 * @throws Error that names the file
 */
export function readContexts(folder: string, inline: 'refused' | 'accepted' = 'refused'): ContextRegistry {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  return createContextRegistry(
    names.map((name) => {
      const { url, document } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      if (typeof url !== 'string' || typeof document !== 'object' || document === null) {
        throw new Error(`${join(folder, name)} must hold a url and a document`)
      }
      return { url, document }
    }),
    inline === 'accepted' ? { inlineContexts: inline } : {},
  )
}
