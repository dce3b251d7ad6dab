import { ResolveError } from '@ekkasan/core'
import { isJsonObject, type JsonObject, type JsonValue, listOf } from '@ekkasan/core/json'
import type { ContentFault } from './check-content.ts'
import { baseContextV2 } from './context.ts'
import { type Digests, matchesDigests } from './integrity.ts'
import type { ResolveResource } from './resolve-resources.ts'

const maxResources = 32

// VCDM 2.0 appendix B.1: the base context is to be treated as already retrieved.
const baseContext: Digests = {
  'sha-256': 'WZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ',
  'sha-384': 'l_HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4_Tje8YyzYBM8IhqjHWiWpr8-ZbYU',
  'sha-512': 'XVVFK9Lc-KKfWikEc-skKxxft31OaPGgqoe6pNuiaUhS1l7GPUisBKmdlW-fcVO5QG-E0tBMdIabAsI5odgTBQ',
}

/** Why the related resources of a credential are not all what their digests say (VCDM 2.0 section 5.3). */
export async function findResourceFault(
  relatedResource: JsonValue,
  resolve: ResolveResource | undefined,
): Promise<ContentFault | undefined> {
  const resources = listOf(relatedResource).filter(isJsonObject)
  if (resources.length > maxResources) return { outcome: 'failed', code: 'vcdm.related-resource.too-many' }
  let isPassedOver = false
  for (const resource of resources) {
    const isMatch = await matches(resource, resolve)
    if (isMatch === false) return { outcome: 'failed', code: 'vcdm.related-resource.mismatch' }
    if (isMatch === undefined) isPassedOver = true
  }
  return isPassedOver ? { outcome: 'skipped', code: 'vcdm.related-resource.not-configured' } : undefined
}

async function matches(
  resource: JsonObject,
  resolve: ResolveResource | undefined,
): Promise<boolean | undefined> {
  const { id } = resource
  if (id === baseContextV2) return matchesDigests(baseContext, resource)
  if (typeof id !== 'string') return false
  if (!resolve) return undefined
  try {
    return matchesDigests(await resolve(id), resource)
  } catch (error) {
    if (error instanceof ResolveError && error.code === 'core.resolve.not-configured') return undefined
    throw error
  }
}
