import type { JsonObject } from '@ekkasan/core'

export interface Violation {
  /** JSON pointer into the body. */
  readonly path: string
  /** Stable code: `vcdm.context.first`, `vcdm.type.missing`, … */
  readonly code: string
  readonly message: string
}

export declare function validateCredential(body: JsonObject): readonly Violation[]
export declare function validatePresentation(body: JsonObject): readonly Violation[]
