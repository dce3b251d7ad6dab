import { ResolveError } from '@ekkasan/core'
import type { StoredCredential } from '@ekkasan/wallet'
import { Text } from '@ekkasan-examples/ui/parts'
import { useEffect, useState } from 'hono/jsx/dom'
import type { OpenedWallet } from './open-wallet.ts'
import { Act } from './screen.tsx'

// Whether the person lets the wallet look by itself whenever documents are opened.
const consentKey = 'wallet-status-consent'
const isAllowed = () => localStorage.getItem(consentKey) === 'always'

/** After this time a status found before is looked up again. */
const freshFor = 600_000

export interface StatusLook {
  /** Ids of documents whose status could not be found out just now. */
  readonly failed: ReadonlySet<string>
  readonly busy: boolean
  look(): Promise<void>
}

/**
 * Looks up the statuses of documents: when the person asks for it, and by itself where the person allowed that and the
 * last look is over ten minutes old. `onLooked` then reads the documents again.
 */
export function useStatusLook(
  wallet: OpenedWallet,
  documents: readonly StoredCredential[],
  onLooked: () => void,
): StatusLook {
  const [failed, setFailed] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const looking = async (some: readonly StoredCredential[]) => {
    setBusy(true)
    const outcomes = await Promise.all(
      some.map(async ({ id }) => {
        try {
          await wallet.checkStatus(id)
          return undefined
        } catch (error) {
          if (error instanceof ResolveError) return id
          throw error
        }
      }),
    )
    setFailed(new Set(outcomes.filter((id) => id !== undefined)))
    setBusy(false)
    onLooked()
  }
  const withStatus = documents.filter(({ hasStatus }) => hasStatus)
  useEffect(() => {
    const due = withStatus.filter(
      ({ lastStatus }) => !lastStatus || Date.now() - lastStatus.checkedAt.getTime() > freshFor,
    )
    if (isAllowed() && due.length > 0 && navigator.onLine) looking(due)
  }, [documents.map(({ id }) => id).join(' ')])
  return { failed, busy, look: () => looking(withStatus) }
}

/** Asks before anything is fetched: whoever publishes the lists learns that this device looked. */
export function StatusPanel(props: {
  readonly documents: readonly StoredCredential[]
  readonly status: StatusLook
}) {
  const { documents, status } = props
  const [always, setAlways] = useState(isAllowed())
  if (!documents.some(({ hasStatus }) => hasStatus)) return null
  const choose = (event: Event) => {
    const { checked } = event.target as HTMLInputElement
    if (checked) localStorage.setItem(consentKey, 'always')
    else localStorage.removeItem(consentKey)
    setAlways(checked)
  }
  return (
    <section class="panel stack tight" aria-labelledby="status-heading" data-status-panel>
      <h2 id="status-heading">
        <Text th="ตรวจสอบว่าเอกสารยังใช้ได้หรือไม่" en="Check whether the documents are still valid" />
      </h2>
      <p class="hint" id="status-hint">
        <Text
          th="กระเป๋าเอกสารจะเปิดดูรายการสถานะจากระบบของผู้ออกเอกสาร ผู้ออกเอกสารจะทราบว่ามีผู้เปิดดูรายการ แต่ไม่ทราบว่าดูเอกสารฉบับใด"
          en="The wallet then reads the status list from the issuer’s system. The issuer learns that somebody read the list, not which document it was for."
        />
      </p>
      <Act
        id="look-up-status"
        kind="quiet"
        busy={status.busy}
        onClick={() => {
          status.look()
        }}
        {...(status.busy
          ? { th: 'กำลังตรวจสอบสถานะ…', en: 'Checking the status…' }
          : { th: 'ตรวจสอบสถานะเดี๋ยวนี้', en: 'Check the status now' })}
      />
      <label class="choice">
        <input type="checkbox" id="always-look" checked={always} onChange={choose} />
        <span>
          <Text
            th="อนุญาตให้ตรวจสอบเองทุกครั้งที่เปิดเอกสาร"
            en="Let the wallet check by itself whenever documents are opened"
          />
        </span>
      </label>
    </section>
  )
}
