import type { Check, JsonObject, JsonValue } from '@ekkasan/core'
import { describeCheck } from '@ekkasan-examples/ui'

// What the demo prints: Thai first, English beside it.

const marks = { passed: '✓', failed: '✗', unknown: '?', skipped: '–' } as const
const states: Readonly<Record<string, string>> = {
  verified: 'ผ่าน · passed',
  rejected: 'ไม่ผ่าน · did not pass',
  unavailable: 'ยังตรวจสอบไม่ครบ · not all could be checked',
}

export const describe = (state: string): string => states[state] ?? state

export const say = {
  title: (number: string, th: string, en: string) => console.log(`\n${number}. ${th} · ${en}`),
  fact: (th: string, en: string, value: string) => console.log(`   ${th} · ${en}: ${value}`),
  note: (th: string, en: string) => console.log(`\n${th}\n${en}`),
  claims(th: string, en: string, claims: JsonObject) {
    console.log(`   ${th} · ${en}:`)
    for (const [name, value] of Object.entries(claims)) console.log(`     ${name}: ${shorten(value)}`)
  },
  checks(th: string, en: string, checks: readonly Check[], describe = describeCheck) {
    console.log(`   ${th} · ${en}:`)
    for (const check of checks) {
      const text = describe(check)
      const code = check.code === undefined ? '' : ` [${check.code}]`
      console.log(`     ${marks[check.outcome]} ${check.name}: ${text.th} · ${text.en}${code}`)
    }
  },
}

function shorten(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.startsWith('data:') ? `${text.slice(0, 24)}… (${text.length})` : text
}
