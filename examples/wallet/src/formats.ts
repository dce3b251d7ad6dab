import type { HolderFormat, ResolveIssuerKey } from '@ekkasan/core'
import { ldpVcHolder } from '@ekkasan/data-integrity'
import { jwtVcHolder } from '@ekkasan/jwt-vc'
import { mdocHolder } from '@ekkasan/mdoc'
import { sdJwtVcHolder } from '@ekkasan/sd-jwt-vc'
import { documentContexts } from '@ekkasan-examples/documents'

/** The formats that the wallet holds; of a document offered in several it takes the one that stands first here. */
export function createHolderFormats(options: {
  readonly resolveIssuerKey: ResolveIssuerKey
  readonly resolveMdocIssuer: ResolveIssuerKey
  /** Under whose URLs the contexts of the catalogue are known. */
  readonly issuers: readonly string[]
}): readonly HolderFormat[] {
  const { resolveIssuerKey, resolveMdocIssuer } = options
  const contexts = documentContexts(options.issuers)
  return [
    sdJwtVcHolder({ resolveIssuerKey }),
    mdocHolder({ resolveIssuerKey: resolveMdocIssuer }),
    ldpVcHolder({ resolveIssuerKey, contexts }),
    jwtVcHolder({ resolveIssuerKey }),
  ]
}
