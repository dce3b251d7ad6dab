import type { DocumentElement } from './document-element.ts'
import { thaiDrivingLicence } from './driving-licence.ts'

/** ISO/IEC 18013-5 section 7.2.8: a country's own elements stand beside those of the standard. */
const namespace = 'org.iso.18013.5.1.TH'

const domestic = new Set(['name_th', 'citizen_id', 'licence_types', 'lifelong'])

/**
 * What the mDL of Thailand has beside the elements of the standard, which `mobileDrivingLicence` of @ekkasan/mdoc has:
 * `{ docType, elements: [...mobileDrivingLicence.elements, ...thaiDrivingLicenceElements] }`.
 */
export const thaiDrivingLicenceElements: readonly DocumentElement[] = thaiDrivingLicence.claims
  .filter(({ path }) => domestic.has(String(path[0])))
  .map(({ path }) => ({ namespace, element: String(path[0]), path }))
