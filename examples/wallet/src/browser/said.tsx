import { ClaimValue } from '@ekkasan-examples/ui/parts'
import type { Leaf } from './claims.ts'

/** What a leaf of a document says. */
export function Said({ leaf: { path, label, value } }: { readonly leaf: Leaf }) {
  return <ClaimValue name={String(path.at(-1))} label={label} value={value} />
}
