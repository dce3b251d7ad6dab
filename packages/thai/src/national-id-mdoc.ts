import type { ClaimPath } from '@ekkasan/core'
import type { DocumentElement } from './document-element.ts'
import { thaiNationalId } from './national-id.ts'

/** Where ISO/IEC 18013-5 has a name for the same thing, its name, and the form that it asks for. */
const isoNames: Readonly<Record<string, Pick<DocumentElement, 'element' | 'as'>>> = {
  birthdate: { element: 'birth_date', as: 'known-date' },
  picture: { element: 'portrait', as: 'bytes' },
  date_of_issuance: { element: 'issue_date', as: 'full-date' },
  date_of_expiry: { element: 'expiry_date', as: 'full-date' },
}

/**
 * The national identity card as an mdoc. What has parts is flat there, so that each part can be shown alone: `address`
 * becomes `address_province` and the rest, `age_equal_or_over` becomes `age_over_20` and the rest.
 * @param docType the agency's own, a reversed domain name; also the default namespace
 */
export function nationalIdMdoc(
  docType: string,
  namespace: string = docType,
): { readonly docType: string; readonly elements: readonly DocumentElement[] } {
  const paths = thaiNationalId.claims.map(({ path }) => path)
  const isWhole = (path: ClaimPath) => paths.some((other) => other.length > 1 && other[0] === path[0])
  const elements = paths
    .filter((path) => path.length > 1 || !isWhole(path))
    .map((path) => {
      const [first, part] = path as readonly string[]
      if (part === undefined)
        return { namespace, path, ...(isoNames[first as string] ?? { element: first as string }) }
      return {
        namespace,
        path,
        element: first === 'age_equal_or_over' ? `age_over_${part}` : `${first}_${part}`,
      }
    })
  return { docType, elements }
}
