import { derTags, readDer, readOnly, readSequence, writeDer } from './der.ts'
import { urisIn } from './general-names.ts'

const fullName = 0xa0

/**
 * The http and https URLs of CRLDistributionPoints (RFC 5280 section 4.2.1.13) under which the issuer's own list for
 * all reasons is to be had. A point for some reasons, or of another issuer, is left out.
 */
export function readCrlUrls(der: Uint8Array<ArrayBuffer>): readonly string[] {
  const points = readDer(readOnly(der, derTags.sequence).content)
  return points.flatMap((point) => {
    const [name, ...limits] = readSequence(point)
    if (!name || limits.length > 0) return []
    return readPointName(name.content).filter((uri) => /^https?:\/\//i.test(uri))
  })
}

/** The URIs of a DistributionPointName. */
export function readPointName(content: Uint8Array<ArrayBuffer>): readonly string[] {
  return readDer(content)
    .filter(({ tag }) => tag === fullName)
    .flatMap(urisIn)
}

/** DistributionPointName in its explicit tag, as points and lists have it. */
export function writePointName(url: string): Uint8Array<ArrayBuffer> {
  return writeDer(0xa0, writeDer(fullName, writeDer(0x86, new TextEncoder().encode(url))))
}

export function writeCrlDistributionPoints(url: string): Uint8Array<ArrayBuffer> {
  return writeDer(derTags.sequence, writeDer(derTags.sequence, writePointName(url)))
}
