import type { StoredCredential } from '@ekkasan/wallet'
import { isPicture } from '@ekkasan-examples/documents'
import {
  Badge,
  type Bilingual,
  CredentialCard,
  dateWords,
  formatName,
  Text,
} from '@ekkasan-examples/ui/parts'
import { bilingual, type Leaf, leavesOf, lookOf, namesOf } from './claims.ts'

/** A document of the wallet as a card; `tellFormat` where another looks the same. */
export function DocumentCard(props: { readonly document: StoredCredential; readonly tellFormat?: boolean }) {
  const { document, tellFormat } = props
  const leaves = leavesOf(document)
  const name = personName(leaves)
  const picture = leaves.find(({ value }) => isPicture(value))?.value
  const { until } = document.validity
  const ended = until !== undefined && until.getTime() <= Date.now()
  const end = until && dateWords(until)
  return (
    <CredentialCard
      kind={namesOf(document)}
      issuer={bilingual(document.issuerNames, document.issuer.id)}
      {...(name && { name })}
      {...(typeof picture === 'string' && { photo: picture })}
      {...lookOf(document)}
      ended={ended}
      {...(ended && { badge: <Badge th="หมดอายุ" en="expired" tone="bad" /> })}
      lines={[
        ...(end ? [<Text th={`ใช้ได้ถึง ${end.th}`} en={`valid until ${end.en}`} />] : []),
        ...(tellFormat ? [formatName(document.format)] : []),
      ]}
    />
  )
}

/** What the document calls its holder, by the usual names of such claims. */
export function personName(leaves: readonly Leaf[]): Bilingual | undefined {
  const find = (...names: string[]) => {
    for (const name of names) {
      const value = leaves.find(({ path }) => path.at(-1) === name)?.value
      if (typeof value === 'string' && value !== '') return value
    }
    return undefined
  }
  const whole = [find('given_name'), find('family_name')].filter((part) => part !== undefined).join(' ')
  const latin = find('name_en', 'name') ?? whole
  const th = find('name_th') ?? latin
  return th === '' ? undefined : { th, en: th === latin ? '' : latin }
}
