import type { IssuerFormat, StatusAuthority, StatusReference } from '@ekkasan/core'
import { IssuerError } from './errors.ts'

/** The issuer's authorities of statuses, one of a kind. */
export interface Statuses {
  /** The one whose references the format carries. */
  for(format: IssuerFormat): StatusAuthority | undefined
  /** The one that gave the reference. @throws IssuerError `issuer.status.none` when it is no longer there */
  of(reference: StatusReference): StatusAuthority
  /** Answers for the lists of all of them. */
  fetch(request: Request): Promise<Response | undefined>
}

/** @throws TypeError when two are of one kind */
export function createStatuses(status: StatusAuthority | readonly StatusAuthority[] | undefined): Statuses {
  const authorities = status === undefined ? [] : [status].flat()
  if (new Set(authorities.map(({ kind }) => kind)).size !== authorities.length) {
    throw new TypeError('two status authorities are of one kind')
  }
  return {
    for: ({ statusKinds }) => authorities.find(({ kind }) => statusKinds.includes(kind)),
    of(reference) {
      const kind = 'credentialStatus' in reference ? 'bitstring' : 'token'
      const authority = authorities.find((one) => one.kind === kind)
      if (!authority) throw new IssuerError('issuer.status.none', `no ${kind} status authority was given`)
      return authority
    },
    async fetch(request) {
      for (const authority of authorities) {
        const response = await authority.fetch(request)
        if (response) return response
      }
      return undefined
    },
  }
}
