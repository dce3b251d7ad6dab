import type { Claims } from '@ekkasan/core'
import { type MdocType, mobileDrivingLicence } from '@ekkasan/mdoc'
import {
  type CatalogueDocument,
  drivingLicenceClaims,
  nationalIdClaims,
  nationalIdMdoc,
  type RegistryRecord,
  thaiDrivingLicence,
  thaiDrivingLicenceElements,
  thaiNationalId,
} from '@ekkasan/thai'

/** A document as the programs know it: what it says, in every format. */
export interface ProgramDocument {
  readonly type: CatalogueDocument
  readonly mdoc: MdocType
  /** @throws ThaiError when the register has no such document of the person, or a faulty one */
  claims(record: RegistryRecord, at: Date): Claims
  /** The claim with the day on which the document itself ends. */
  readonly endsOn: string
}

/** ISO/IEC 18013-5 has dates of birth as whole days only; where the register knows less, it stays a text. */
const mdlElements = mobileDrivingLicence.elements.map((element) =>
  element.element === 'birth_date' ? { ...element, as: 'known-date' as const } : element,
)

export const documents: readonly ProgramDocument[] = [
  {
    type: thaiNationalId,
    // An agency takes a domain name of its own, reversed.
    mdoc: nationalIdMdoc('example.agency.nationalid.1'),
    claims: nationalIdClaims,
    endsOn: 'date_of_expiry',
  },
  {
    type: thaiDrivingLicence,
    mdoc: {
      docType: mobileDrivingLicence.docType,
      elements: [...mdlElements, ...thaiDrivingLicenceElements],
    },
    claims: drivingLicenceClaims,
    endsOn: 'expiry_date',
  },
]

/** @throws TypeError when the catalogue has no such document */
export function documentOf(id: string): ProgramDocument {
  const found = documents.find(({ type }) => type.id === id)
  if (!found) throw new TypeError(`there is no document ${id}`)
  return found
}
