import {
  normalizeTxCode,
  type OfferedCredential,
  type ReceivedOffer,
  type ReceiveOutcome,
  WalletError,
} from '@ekkasan/wallet'
import { Badge, Choices, Facts, formatWords, Notice, Text } from '@ekkasan-examples/ui/parts'
import { useState } from 'hono/jsx/dom'
import { bilingual } from './claims.ts'
import { explain } from './explain.ts'
import { recallLink, rememberLink } from './link-memory.ts'
import type { OpenedWallet } from './open-wallet.ts'
import {
  codeLimit,
  endedOfferProblem,
  type Problem,
  problemOf,
  untrustedIssuer,
  wrongCodeProblem,
} from './problems.ts'
import { goTo } from './route.ts'
import { Act, Busy, Failure, Heading, ProblemNotice, useLoaded } from './screen.tsx'

type Opened = { readonly offer: ReceivedOffer } | { readonly problem: Problem }

/** What is offered and by whom; the code that was given beside it; then the document. */
export function OfferScreen({ wallet, link }: { readonly wallet: OpenedWallet; readonly link: string }) {
  const [loaded, reload] = useLoaded(() => openOffer(wallet, link), link)
  /** The offer came to its end here: nothing is left to be tried. */
  const [over, setOver] = useState<Problem | undefined>(undefined)
  if (over) return <Failure problem={over} />
  if (loaded.state === 'loading') {
    return <Busy th="กำลังเปิดข้อมูลเอกสาร" en="Opening" />
  }
  if (loaded.state === 'failed') return <Failure problem={problemOf(loaded.error)} onRetry={reload} />
  const opened = loaded.value
  return 'problem' in opened ? (
    <Failure problem={opened.problem} onRetry={reload} />
  ) : (
    <Offer wallet={wallet} link={link} offer={opened.offer} onOver={setOver} />
  )
}

/** Reads an offer, or says why it cannot be redeemed. */
async function openOffer(wallet: OpenedWallet, link: string): Promise<Opened> {
  try {
    return { offer: await wallet.readOffer(link) }
  } catch (error) {
    return { problem: await explain(error, { step: 'receive', link, clock: wallet.clock }) }
  }
}

/** After a refused code: how often it was wrong, or that the offer is over, which reading it again tells. */
async function afterWrongCode(
  wallet: OpenedWallet,
  link: string,
): Promise<Opened & { readonly count: number }> {
  const { wrongCodes = 0 } = await recallLink(link)
  const count = wrongCodes + 1
  await rememberLink(link, { wrongCodes: count })
  if (count >= codeLimit) return { problem: endedOfferProblem('offer_locked', {}), count }
  return { ...(await openOffer(wallet, link)), count }
}

function Offer(props: {
  readonly wallet: OpenedWallet
  readonly link: string
  readonly offer: ReceivedOffer
  readonly onOver: (problem: Problem) => void
}) {
  const { wallet, link, offer, onOver } = props
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [wrongCode, setWrongCode] = useState<Problem | undefined>(undefined)
  const [partly, setPartly] = useState<readonly ReceiveOutcome[] | undefined>(undefined)
  const documents = offer.credentials.length > 0 ? offer.credentials : offer.others
  const accepted = wallet.accepts(offer.issuer.id)
  const issuer = bilingual(offer.issuer.names, offer.issuer.id)

  const receive = async (event: Event) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const input = form.elements.namedItem('code') as HTMLInputElement | null
    const { txCode } = offer
    const code = normalizeTxCode(input?.value ?? '', txCode?.inputMode)
    if (txCode && (code === '' || (txCode.length !== undefined && [...code].length !== txCode.length))) {
      setWrongCode(incomplete(txCode))
      input?.focus()
      return
    }
    setBusy(true)
    setWrongCode(undefined)
    setProblem(undefined)
    try {
      const configurationIds = chosenFormats(offer, new FormData(form))
      const outcomes = await wallet.receive(offer, { ...(txCode && { txCode: code }), configurationIds })
      const failed = outcomes.find((one) => one.outcome === 'failed')
      const [first] = outcomes.flatMap((one) => (one.outcome === 'received' ? one.credentials : []))
      if (failed?.outcome === 'failed' && !first) throw failed.error
      if (first) await rememberLink(link, { received: first.id })
      if (failed) setPartly(outcomes)
      else goTo(first ? `card/${encodeURIComponent(first.id)}/new` : '', 'replace')
    } catch (error) {
      const refused = error instanceof WalletError && error.code === 'wallet.receive.grant-refused'
      if (refused && txCode) {
        const after = await afterWrongCode(wallet, link)
        if ('problem' in after) onOver({ ...after.problem, code: error.code })
        else {
          setBusy(false)
          setWrongCode({ ...wrongCodeProblem(after.count), code: error.code })
          input?.focus()
          input?.select()
        }
        return
      }
      const name = { th: issuer.th, en: issuer.en || issuer.th }
      const explained = refused
        ? { ...endedOfferProblem(undefined, await recallLink(link)), code: error.code }
        : await explain(error, { step: 'receive', link, name, clock: wallet.clock })
      if (refused || explained.code === 'wallet.offer.ended') {
        onOver(explained)
        return
      }
      setBusy(false)
      setProblem(explained)
    }
  }

  if (partly) return <PartlyReceived offer={offer} outcomes={partly} />
  return (
    <>
      <Heading th="มีเอกสารรอให้ท่านรับ" en="A document is waiting for you" />
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
        <Notice tone="bad" th={untrustedIssuer.th} en={untrustedIssuer.en}>
          <p>
            <Text {...untrustedIssuer.advice} />
          </p>
        </Notice>
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
      <Act onClick={() => goTo('')} kind="quiet" busy={busy} th="ยังไม่รับตอนนี้" en="Not now" />
    </>
  )
}

/** Some of the documents came, others did not: which, and what to do. */
function PartlyReceived(props: {
  readonly offer: ReceivedOffer
  readonly outcomes: readonly ReceiveOutcome[]
}) {
  const { offer, outcomes } = props
  const nameOf = (id: string) => {
    const offered = [...offer.credentials, ...offer.others].find(
      ({ configurationId }) => configurationId === id,
    )
    return bilingual(offered?.names ?? {}, id)
  }
  return (
    <>
      <Heading th="ได้รับเอกสารบางส่วน" en="Some documents were received" />
      {outcomes.map((one) => {
        const { th, en } = nameOf(one.configurationId)
        if (one.outcome === 'received') {
          return <Notice tone="ok" th={`ได้รับ ${th} แล้ว`} en={`Received: ${en || th}`} />
        }
        const problem = problemOf(one.error)
        const named = { ...problem, th: `${th}: ${problem.th}`, en: `${en || th}: ${problem.en}` }
        return <ProblemNotice problem={named} />
      })}
      <Act onClick={() => goTo('')} th="ไปที่เอกสารของฉัน" en="To my documents" />
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
        <Text th="รูปแบบเอกสาร (สำหรับผู้เชี่ยวชาญ)" en="Format (for experts)" inline />
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
    <Badge th="อยู่ในรายชื่อที่เชื่อถือได้" en="on the trusted list" tone="ok" />
  ) : (
    <Badge th="ไม่อยู่ในรายชื่อที่เชื่อถือได้" en="not on the trusted list" tone="warn" />
  )
}

function CodeField(props: {
  readonly txCode: NonNullable<ReceivedOffer['txCode']>
  readonly problem: Problem | undefined
}) {
  const { txCode, problem } = props
  const { length, inputMode, description } = txCode
  const isNumeric = inputMode === 'numeric'
  return (
    <div class="field">
      <label for="code">
        {length === undefined ? (
          <Text th="รหัสรับเอกสาร" en="Receiving code" />
        ) : isNumeric ? (
          <Text th={`รหัสรับเอกสาร ${length} หลัก`} en={`${length}-digit receiving code`} />
        ) : (
          <Text th={`รหัสรับเอกสาร ${length} ตัวอักษร`} en={`Receiving code of ${length} characters`} />
        )}
      </label>
      <p class="hint" id="code-hint">
        <Text
          th="เจ้าหน้าที่แจ้งรหัสนี้ให้ท่านแยกจากคิวอาร์โค้ด อย่าบอกรหัสแก่ผู้อื่น"
          en="The officer gave you this code apart from the QR code. Tell it to nobody."
        />
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

type TxCode = NonNullable<ReceivedOffer['txCode']>

function incomplete({ length, inputMode }: TxCode): Problem {
  if (length === undefined) {
    return {
      th: 'กรุณาใส่รหัสรับเอกสาร',
      en: 'Enter the receiving code',
      advice: { th: 'ยังไม่ได้ส่งข้อมูลใด ๆ', en: 'Nothing was sent yet.' },
    }
  }
  const [unit, units] = inputMode === 'text' ? ['ตัวอักษร', 'characters'] : ['หลัก', 'digits']
  return {
    th: `รหัสรับเอกสารมี ${length} ${unit} กรุณาใส่ให้ครบ`,
    en: `The receiving code has ${length} ${units}; enter all of them`,
    advice: { th: 'ยังไม่ได้ส่งข้อมูลใด ๆ', en: 'Nothing was sent yet.' },
  }
}
