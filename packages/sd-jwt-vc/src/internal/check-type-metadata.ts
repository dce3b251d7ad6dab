import { type Checks, EkkasanError, ResolveError } from '@ekkasan/core'
import { type DisclosedClaims, type ParsedSdJwt, selectAsIssued } from '@ekkasan/sd-jwt'
import type { SdJwtVcErrorCode } from '../errors.ts'
import type { ClaimMetadata, ResolveTypeMetadata } from '../types.ts'

/**
 * Records `type-metadata`: skipped where the type has none and need not have; else that it was found, is the one named, and the claims are what it says of them (section 4.6).
 * Nothing is fetched for a credential that is refused already. Gives the types that the type extends.
 */
export async function checkTypeMetadata(
  checks: Checks,
  sdJwt: ParsedSdJwt,
  disclosed: DisclosedClaims | undefined,
  resolve: ResolveTypeMetadata,
  isRequired: boolean,
): Promise<readonly string[]> {
  if (!disclosed || !checks.isSound) {
    checks.skip('type-metadata', 'sd-jwt-vc.type-metadata.not-asked' satisfies SdJwtVcErrorCode)
    return []
  }
  const { vct, 'vct#integrity': integrity } = sdJwt.jws.payload
  try {
    const metadata = await resolve(vct as string, integrity as string | undefined)
    const wrong = metadata.claims.find((claim) => !isAsDescribed(sdJwt, disclosed, claim))
    if (wrong) {
      const path = JSON.stringify(wrong.path)
      checks.fail('type-metadata', 'sd-jwt-vc.type-metadata.claims' satisfies SdJwtVcErrorCode, path)
      return []
    }
    checks.pass('type-metadata')
    return metadata.extends
  } catch (error) {
    if (!(error instanceof EkkasanError)) throw error
    if (error instanceof ResolveError && error.code === 'core.resolve.not-found') {
      const mustBeThere = isRequired || integrity !== undefined
      const [record, code] = mustBeThere
        ? ([checks.fail, 'sd-jwt-vc.type-metadata.missing'] as const)
        : ([checks.skip, 'sd-jwt-vc.type-metadata.not-there'] as const)
      record('type-metadata', code satisfies SdJwtVcErrorCode, error.message)
      return []
    }
    const isUnknown = error instanceof ResolveError && error.code === 'core.resolve.unavailable'
    checks[isUnknown ? 'unknown' : 'fail']('type-metadata', error.code, error.message)
    return []
  }
}

// A claim that is absent may be one that was not disclosed: only one that could not have been concealed is missed.
function isAsDescribed(sdJwt: ParsedSdJwt, disclosed: DisclosedClaims, claim: ClaimMetadata): boolean {
  const selected = selectAsIssued(sdJwt, disclosed, claim.path)
  if (!selected) return false
  if (claim.mandatory && claim.sd === 'never' && claim.path.length === 1 && selected.length === 0)
    return false
  if (claim.sd === 'always') return selected.every(({ selective }) => selective)
  if (claim.sd === 'never') return selected.every(({ selective }) => !selective)
  return true
}
