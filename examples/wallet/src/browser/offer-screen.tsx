import type { OfferedCredential, ReceivedOffer } from '@ekkasan/wallet'
import { WalletError } from '@ekkasan/wallet'
import { Badge, Choices, Facts, formatWords, Notice, Text } from '@ekkasan-examples/ui/parts'
import { useState } from 'hono/jsx/dom'
import { bilingual } from './claims.ts'
import type { OpenedWallet } from './open-wallet.ts'
import { codeProblem, type Problem, problemOf } from './problems.ts'
import { goTo } from './route.ts'
import { Act, Busy, Failure, Heading, ProblemNotice, useLoaded } from './screen.tsx'

/** What is offered and by whom; the code that was given beside it; then the document. */
export function OfferScreen({ wallet, link }: { readonly wallet: OpenedWallet; readonly link: string }) {
  const [loaded, reload] = useLoaded(() => wallet.readOffer(link), link)
  const leave = () => goTo('')
  if (loaded.state === 'loading') {
    return <Busy th="กำลังอ่านข้อเสนอ" en="Reading the offer" />
  }
  if (loaded.state === 'failed') {
    return <Failure problem={problemOf(loaded.error)} onRetry={reload} onLeave={leave} />
  }
  return <Offer wallet={wallet} offer={loaded.value} onLeave={leave} />
}

function Offer(props: {
  readonly wallet: OpenedWallet
  readonly offer: ReceivedOffer
  readonly onLeave: () => void
}) {
  const { wallet, offer, onLeave } = props
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [wrongCode, setWrongCode] = useState<Problem | undefined>(undefined)
  const documents = offer.credentials.length > 0 ? offer.credentials : offer.others
  const accepted = wallet.accepts(offer.issuer.id)

  const receive = async (event: Event) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const input = form.elements.namedItem('code') as HTMLInputElement | null
    const code = input?.value.replace(/[\s-]/g, '') ?? ''
    const { txCode } = offer
    if (txCode && (code === '' || (txCode.length !== undefined && code.length !== txCode.length))) {
      setWrongCode(incomplete(txCode.length))
      input?.focus()
      return
    }
    setBusy(true)
    setWrongCode(undefined)
    setProblem(undefined)
    try {
      const configurationIds = chosenFormats(offer, new FormData(form))
      const [first] = await wallet.receive(offer, { ...(txCode && { txCode: code }), configurationIds })
      goTo(first ? `card/${encodeURIComponent(first.id)}/new` : '', 'replace')
    } catch (error) {
      setBusy(false)
      if (txCode && error instanceof WalletError && error.code === 'wallet.receive.grant-refused') {
        setWrongCode({ ...codeProblem, code: error.code })
        input?.focus()
        input?.select()
      } else setProblem(problemOf(error))
    }
  }

  const issuer = bilingual(offer.issuer.names, offer.issuer.id)
  return (
    <>
      <Heading th="มีเอกสารให้รับ" en="A document is offered" />
      {problem && <ProblemNotice problem={problem} />}
      <Facts
        facts={[
          {
            label: { th: 'ผู้ออกเอกสาร', en: 'Issuer' },
            value: (
              <>
                <Text {...issuer} />
                <code class="small">{offer.issuer.id}</code>
                <Standing listed={wallet.isListed('credential-issuer', offer.issuer.id)} />
              </>
            ),
          },
          {
            label: { th: 'เอกสาร', en: 'Document' },
            value: documents.map(({ configurationId, names }) => (
              <Text {...bilingual(names, configurationId)} />
            )),
          },
        ]}
      />
      {!accepted && (
        <Notice
          tone="bad"
          th="กระเป๋านี้ไม่รับเอกสารจากผู้ออกรายนี้ เพราะไม่อยู่ในรายชื่อที่เชื่อถือ"
          en="This wallet receives nothing from this issuer, who is not in its list of trusted issuers."
        />
      )}
      {accepted && (
        <form class="stack" onSubmit={receive} novalidate>
          {offer.txCode && <CodeField txCode={offer.txCode} problem={wrongCode} />}
          <FormatChoice offer={offer} />
          <button type="submit" class="button wide" disabled={busy}>
            {busy ? (
              <Text th="กำลังรับเอกสาร…" en="Receiving the document…" />
            ) : (
              <Text th="รับเอกสาร" en="Receive the document" />
            )}
          </button>
        </form>
      )}
      <Act onClick={onLeave} kind="quiet" busy={busy} th="ไม่รับ" en="Do not receive" />
    </>
  )
}

/** The same document in each format that the wallet has, the one that it takes first. */
function formatsOf({ others }: ReceivedOffer, taken: OfferedCredential): readonly OfferedCredential[] {
  const looks = JSON.stringify(taken.names)
  const same = others.filter(({ supported, names }) => supported && JSON.stringify(names) === looks)
  return [taken, ...same].filter(
    ({ format }, at, all) => all.findIndex((other) => other.format === format) === at,
  )
}

const fieldOf = ({ configurationId }: OfferedCredential) => `format-${configurationId}`

function chosenFormats({ credentials }: ReceivedOffer, form: FormData): readonly string[] {
  return credentials.map((taken) => String(form.get(fieldOf(taken)) ?? taken.configurationId))
}

/** For whoever wants another format than the wallet's first; nobody has to know that there are several. */
function FormatChoice({ offer }: { readonly offer: ReceivedOffer }) {
  const several = offer.credentials.filter((taken) => formatsOf(offer, taken).length > 1)
  if (several.length === 0) return null
  return (
    <details data-formats>
      <summary>
        <Text th="เลือกรูปแบบเอง" en="Choose the format" inline />
      </summary>
      {several.map((taken) => (
        <Choices
          name={fieldOf(taken)}
          legend={bilingual(taken.names, 'เอกสาร')}
          options={formatsOf(offer, taken).map((offered) => ({
            value: offered.configurationId,
            ...formatWords(offered.format),
            checked: offered === taken,
          }))}
        />
      ))}
    </details>
  )
}

/** Whether the wallet's own lists name a party. */
export function Standing({ listed }: { readonly listed: boolean }) {
  return listed ? (
    <Badge th="อยู่ในรายชื่อที่เชื่อถือ" en="trusted" tone="ok" />
  ) : (
    <Badge th="ไม่อยู่ในรายชื่อที่เชื่อถือ" en="not listed" tone="warn" />
  )
}

function CodeField(props: {
  readonly txCode: NonNullable<ReceivedOffer['txCode']>
  readonly problem: Problem | undefined
}) {
  const { txCode, problem } = props
  const { length, inputMode, description } = txCode
  return (
    <div class="field">
      <label for="code">
        {length === undefined ? (
          <Text th="รหัสรับเอกสาร" en="Code" />
        ) : (
          <Text th={`รหัสรับเอกสาร ${length} หลัก`} en={`${length}-digit code`} />
        )}
      </label>
      <p class="hint" id="code-hint">
        <Text th="รหัสที่หน่วยงานให้แยกจาก QR" en="Given to you by the agency, apart from the QR" />
        {description}
      </p>
      <input
        id="code"
        name="code"
        class="code-input"
        type="text"
        inputmode={inputMode}
        autocomplete="one-time-code"
        maxlength={length === undefined ? undefined : length * 2}
        aria-describedby={problem ? 'code-hint code-error' : 'code-hint'}
        aria-invalid={problem ? 'true' : undefined}
      />
      {problem && (
        <div class="error" id="code-error" role="alert">
          <Text th={problem.th} en={problem.en} />
          <Text {...problem.advice} />
        </div>
      )}
    </div>
  )
}

const incomplete = (length: number | undefined): Problem =>
  length === undefined
    ? { th: 'ยังไม่ได้ใส่รหัส', en: 'The code is missing', advice: { th: 'ใส่รหัสก่อน', en: 'Enter it first.' } }
    : {
        th: `รหัสต้องมี ${length} หลัก`,
        en: `The code has ${length} digits`,
        advice: { th: 'ยังไม่ได้ส่งอะไรออกไป ใส่ให้ครบ', en: 'Nothing was sent yet; enter all of them.' },
      }
