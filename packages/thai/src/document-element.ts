import type { ClaimPath } from '@ekkasan/core'

/** One claim as a data element of an mdoc; the shape that @ekkasan/mdoc reads. */
export interface DocumentElement {
  readonly namespace: string
  readonly element: string
  readonly path: ClaimPath
  readonly as?: 'full-date' | 'known-date' | 'bytes'
}
