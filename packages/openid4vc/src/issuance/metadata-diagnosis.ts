export type MetadataPath = readonly (string | number)[]

export type MetadataFaultCode =
  /** A text for a screen had control characters, or was too long: they are spaces now, the rest is cut off. */
  | 'openid4vc.issuer-metadata.text'
  /** An entry or a member of `display` is not what it should be: it is left out. */
  | 'openid4vc.issuer-metadata.display'
  /** An image of `display` is not one: it is left out. */
  | 'openid4vc.issuer-metadata.logo'
  /** A claims description, or a whole list of them that repeats or contradicts itself (Appendix B.3), is left out. */
  | 'openid4vc.issuer-metadata.claims'
  /** A credential configuration whose member at this path is not acceptable: the whole configuration is left out. */
  | 'openid4vc.issuer-metadata.configuration'
  /** What the issuer says of encryption cannot be read, so that none of its configurations can be used. */
  | 'openid4vc.issuer-metadata.encryption'
  /** An authorization server whose identifier is no https URL, or that is named twice, is left out. */
  | 'openid4vc.issuer-metadata.authorization-server'
  /** Another optional member is not what it should be: it is left out. */
  | 'openid4vc.issuer-metadata.member'

/** One thing in an issuer's metadata that is not as the standard says, and was left out for it. */
export interface MetadataFault {
  /** From the root of the document: names of members and indices of lists. */
  readonly path: MetadataPath
  readonly code: MetadataFaultCode
}

/** Gathers what was left out while metadata are read. */
export interface MetadataDiagnosis {
  note(
    what: MetadataFaultCode extends `openid4vc.issuer-metadata.${infer What}` ? What : never,
    path: MetadataPath,
  ): void
  readonly faults: readonly MetadataFault[]
}

/** Faults of texts, entries and members beyond these are not recorded one by one. */
const maxSmallFaults = 1000

export function createMetadataDiagnosis(): MetadataDiagnosis {
  const faults: MetadataFault[] = []
  let small = 0
  return {
    faults,
    note(what, path) {
      if (what !== 'configuration' && what !== 'encryption' && ++small > maxSmallFaults) return
      faults.push({ code: `openid4vc.issuer-metadata.${what}`, path })
    },
  }
}
