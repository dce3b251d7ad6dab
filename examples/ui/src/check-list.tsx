import type { Check } from '@ekkasan/core'
import { describeCheck } from '@ekkasan/core/check-texts'
import { Icon, type IconName } from './icon.tsx'
import { type Bilingual, Text } from './text.tsx'

const icons: Record<Check['outcome'], IconName> = {
  passed: 'check',
  failed: 'cross',
  unknown: 'question',
  skipped: 'dash',
}
const outcomes: Record<Check['outcome'], Bilingual> = {
  passed: { th: 'ผ่าน', en: 'passed' },
  failed: { th: 'ไม่ผ่าน', en: 'failed' },
  unknown: { th: 'ยังตรวจสอบไม่ได้', en: 'could not be checked' },
  skipped: { th: 'ไม่ได้ตรวจสอบ', en: 'not checked' },
}

/** The checks of a verification in plain words, in the order they were made; what went wrong with its code. */
export function CheckList(props: {
  readonly checks: readonly Check[]
  readonly describe?: (check: Check) => Bilingual
}) {
  const { checks, describe = describeCheck } = props
  return (
    <ol class="checks">
      {checks.map((check) => (
        <li class={check.outcome} data-check={check.name} data-outcome={check.outcome}>
          <Icon name={icons[check.outcome]} />
          <div>
            <span class="visually-hidden">
              <Text {...outcomes[check.outcome]} inline />{' '}
            </span>
            <p class="what">
              <Text {...describe(check)} />
            </p>
            {check.code && check.outcome !== 'skipped' && <code>{check.code}</code>}
          </div>
        </li>
      ))}
    </ol>
  )
}
