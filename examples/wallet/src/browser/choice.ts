import type { PresentationSet, ReceivedRequest } from '@ekkasan/wallet'

/** What of a request's alternatives is to be shown. */
export interface Choice {
  /** For each of the request's sets the place of the option taken; undefined where none is. */
  readonly taken: readonly (number | undefined)[]
  /** Query id -> the document chosen for it. */
  readonly documents: Readonly<Record<string, string>>
}

/** One entry of a chooser: an option of a set, with a document for each of its query ids. */
export interface Way {
  readonly option: number
  readonly documents: Readonly<Record<string, string>>
}

interface Asked extends Pick<ReceivedRequest, 'sets'> {
  readonly options: readonly {
    readonly queryId: string
    readonly candidates: readonly { readonly credentialId: string }[]
  }[]
}

/** The option that the verifier likes best of all that is required; where nothing is, of the first set. */
export function firstChoice(request: Asked): Choice {
  const someRequired = request.sets.some(({ required }) => required)
  return {
    taken: request.sets.map(({ required }, at) => (required || (!someRequired && at === 0) ? 0 : undefined)),
    documents: Object.fromEntries(
      request.options.flatMap(({ queryId, candidates: [first] }) =>
        first ? [[queryId, first.credentialId]] : [],
      ),
    ),
  }
}

/** How a set can be answered: where an option is one document, each document that would do is a way by itself. */
export function waysOf(request: Asked, set: PresentationSet): readonly Way[] {
  return set.options.flatMap((ids, option): readonly Way[] => {
    const [only] = ids
    if (only !== undefined && ids.length === 1) return documentsFor(request, option, only)
    const first = ids.flatMap((id) => {
      const way = documentsFor(request, option, id)[0]
      return way ? Object.entries(way.documents) : []
    })
    return [{ option, documents: Object.fromEntries(first) }]
  })
}

/** The documents that answer one query of an option. */
export function documentsFor(request: Asked, option: number, queryId: string): readonly Way[] {
  const { candidates = [] } = request.options.find((offered) => offered.queryId === queryId) ?? {}
  return candidates.map(({ credentialId }) => ({ option, documents: { [queryId]: credentialId } }))
}

export function isTaken({ taken, documents }: Choice, at: number, way: Way): boolean {
  const chosen = Object.entries(way.documents)
  return (
    taken[at] === way.option &&
    (chosen.length > 1 || chosen.every(([queryId, id]) => documents[queryId] === id))
  )
}

/** `way` undefined: nothing is shown for the set. */
export function take(choice: Choice, at: number, way: Way | undefined): Choice {
  return {
    taken: choice.taken.map((option, place) => (place === at ? way?.option : option)),
    documents: { ...choice.documents, ...way?.documents },
  }
}

/** As `present` takes it; empty when nothing is to be shown. */
export function answerOf({ sets }: Asked, { taken, documents }: Choice): Record<string, readonly string[]> {
  const ids = sets.flatMap(({ options }, at) => options[taken[at] ?? -1] ?? [])
  return Object.fromEntries(ids.flatMap((id) => (documents[id] === undefined ? [] : [[id, [documents[id]]]])))
}
