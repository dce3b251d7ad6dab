import { type ResolveDid, ResolveError } from '@ekkasan/core'
import { createDidResolver } from '@ekkasan/did'
import type { IResolver, TAgent } from '@veramo/core-types'

/**
 * Every DID as the agent's resolver finds it; the document is compared with the DID and bounded as ours are.
 * Veramo says of a failure only that it was one: it counts as unknown unless DID Resolution's own words say more.
 */
export function resolveDidByVeramo(agent: TAgent<Pick<IResolver, 'resolveDid'>>): ResolveDid {
  return async (did) => {
    const [, method] = /^did:([a-z0-9]+):./.exec(did) ?? []
    if (method === undefined) throw new ResolveError('core.resolve.invalid', 'not a DID')
    const ask = createDidResolver({ methods: { [method]: async () => agent.resolveDid({ didUrl: did }) } })
    return ask(did)
  }
}
