import type { ReceivedRequest, StoredCredential } from '@ekkasan/wallet'
import { WalletError } from '@ekkasan/wallet'
import { type Bilingual, commonNameOf, Facts, Notice, Text } from '@ekkasan-examples/ui/parts'
import { useState } from 'hono/jsx/dom'
import { answerOf, type Choice, firstChoice } from './choice.ts'
import { Consent } from './consent.tsx'
import { explain } from './explain.ts'
import { rememberLink } from './link-memory.ts'
import { Standing } from './offer-screen.tsx'
import type { OpenedWallet } from './open-wallet.ts'
import { anyVerifier, offline, type Problem, problemOf } from './problems.ts'
import { forgetLink, goTo } from './route.ts'
import { Act, Busy, Failure, Heading, ProblemNotice, useLoaded } from './screen.tsx'
import { whyNot, withoutEnded } from './unanswered.ts'

type Opened =
  | { readonly request: ReceivedRequest; readonly documents: readonly StoredCredential[] }
  | { readonly problem: Problem }

/** Who asks, for what, and what would be shown; nothing leaves the wallet before the person agrees. */
export function RequestScreen({ wallet, link }: { readonly wallet: OpenedWallet; readonly link: string }) {
  const [loaded, reload] = useLoaded(() => openRequest(wallet, link), link)
  if (loaded.state === 'loading') {
    return <Busy th="กำลังเปิดคำขอและตรวจสอบว่าใครเป็นผู้ขอดูข้อมูล" en="Opening the request and checking who asks" />
  }
  if (loaded.state === 'failed') {
    return <Failure problem={problemOf(loaded.error, anyVerifier)} onRetry={reload} />
  }
  const opened = loaded.value
  return 'problem' in opened ? (
    <Failure problem={opened.problem} onRetry={reload} />
  ) : (
    <Request wallet={wallet} link={link} {...opened} />
  )
}

async function openRequest(wallet: OpenedWallet, link: string): Promise<Opened> {
  try {
    const request = await wallet.readRequest(link)
    return { request, documents: await wallet.credentials() }
  } catch (error) {
    return { problem: await explain(error, { step: 'read-request', link, clock: wallet.clock }) }
  }
}

type Outcome =
  | { readonly done: 'presented' | 'declined'; readonly redirectUri?: string }
  | { readonly done: 'failed'; readonly problem: Problem; readonly redirectUri?: string }

interface RequestProps {
  readonly wallet: OpenedWallet
  readonly link: string
  readonly request: ReceivedRequest
  readonly documents: readonly StoredCredential[]
}

function Request({ wallet, link, request: received, documents }: RequestProps) {
  const request = withoutEnded(received, documents)
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const [choice, setChoice] = useState<Choice>(firstChoice(request))
  const [incomplete, setIncomplete] = useState(false)
  const { verifier } = request
  const name = verifierName(request)
  const lacking = whyNot(request, documents, name)
  const canAnswer = verifier.trusted && !lacking

  const run = async (done: 'presented' | 'declined', act: () => Promise<{ redirectUri?: string }>) => {
    setBusy(true)
    try {
      const { redirectUri } = await act()
      forgetLink()
      await rememberLink(link, { answered: true })
      setOutcome({ done, ...(redirectUri !== undefined && { redirectUri }) })
      returnTo(redirectUri)
    } catch (error) {
      const problem = await explain(error, { step: 'send', link, name, clock: wallet.clock })
      setBusy(false)
      const redirectUri = error instanceof WalletError ? error.redirectUri : undefined
      setOutcome({ done: 'failed', problem, ...(redirectUri !== undefined && { redirectUri }) })
      returnTo(redirectUri)
    }
  }

  const choose = (next: Choice) => {
    setIncomplete(false)
    setChoice(next)
  }
  const show = async () => {
    const answer = answerOf(request, choice)
    if (Object.keys(answer).length === 0) setIncomplete(true)
    else if (!navigator.onLine) setOutcome({ done: 'failed', problem: offline })
    else await run('presented', () => wallet.present(received, answer))
  }
  // A verifier that is not trusted is not answered at all; another learns only that no data come.
  const close = () =>
    verifier.trusted
      ? wallet
          .decline(received)
          .catch(() => undefined)
          .then(() => rememberLink(link, { answered: true }))
          .then(() => goTo(''))
      : goTo('')

  if (outcome) return <Result outcome={outcome} name={name} onRetry={() => setOutcome(undefined)} />
  return (
    <>
      <Heading {...headingOf(request)} />
      {verifier.trusted ? (
        <Asker wallet={wallet} request={request} />
      ) : (
        <Notice
          tone="bad"
          th="ไม่อยู่ในรายชื่อที่เชื่อถือได้ กระเป๋าเอกสารจึงไม่ส่งข้อมูล"
          en="Not on the trusted list: nothing is sent"
        >
          <p>
            <Text
              th={`ผู้ที่ขอดูข้อมูลใช้ชื่อ "${name.th}" ซึ่งยังตรวจสอบไม่ได้ ไม่ได้ส่งข้อมูลใด ๆ`}
              en={`Whoever asks calls itself “${name.en}”, which could not be confirmed. Nothing was sent.`}
            />
          </p>
          <p>
            <Text
              th="หากท่านอยู่ที่จุดบริการ กรุณาแจ้งเจ้าหน้าที่ หากได้รับลิงก์นี้ทางข้อความหรือโซเชียลมีเดีย กรุณาลบทิ้ง"
              en="At a counter, tell the staff. If this link came by message or social media, delete it."
            />
          </p>
        </Notice>
      )}
      {verifier.trusted && lacking && (
        <Notice tone="warn" th={lacking.th} en={lacking.en}>
          <p>
            <Text {...lacking.advice} />
          </p>
        </Notice>
      )}
      {canAnswer && <Consent request={request} documents={documents} choice={choice} onChoice={choose} />}
      {incomplete && (
        <Notice
          tone="warn"
          announce
          th="กรุณาเลือกเอกสารที่จะใช้อย่างน้อยหนึ่งฉบับ"
          en="Choose at least one document."
        />
      )}
      <div class="decision">
        {canAnswer && (
          <Act
            id="consent"
            busy={busy}
            onClick={show}
            {...(busy
              ? { th: 'กำลังส่งข้อมูล อย่าปิดหน้านี้', en: 'Sending; keep this page open' }
              : { th: 'ตกลง ส่งข้อมูล', en: 'Agree and send' })}
          />
        )}
        {canAnswer ? (
          <Act
            id="decline"
            kind="quiet"
            busy={busy}
            onClick={() => run('declined', () => wallet.decline(received))}
            th="ไม่ส่ง"
            en="Do not send"
          />
        ) : (
          <Act id="decline" kind="quiet" onClick={close} th="ปิด" en="Close" />
        )}
      </div>
      <Technical request={request} />
    </>
  )
}

/** The name that a verifier's certificate proves, or the address where it has no other. */
function verifierName({ verifier: { clientId, names } }: ReceivedRequest): Bilingual {
  const prefix = clientId.slice(0, Math.max(0, clientId.indexOf(':')))
  const name = commonNameOf(names.und ?? clientId.slice(prefix.length + 1))
  return { th: name, en: name }
}

// A host, with a port perhaps: says where somebody is, not who.
const isHost = (name: string) => /^(\[[0-9a-f:]+\]|localhost|[\w-]+(\.[\w-]+)+)(:\d+)?$/i.test(name)

function headingOf(request: ReceivedRequest): Bilingual {
  const { th: name } = verifierName(request)
  if (!request.verifier.trusted) return { th: 'มีผู้ขอดูข้อมูลของท่าน', en: 'Somebody asks to see your data' }
  return isHost(name)
    ? {
        th: `ที่อยู่เว็บ ${name} ขอดูข้อมูลของท่าน (ไม่ทราบชื่อหน่วยงาน)`,
        en: `The web address ${name} asks to see your data (organisation unknown)`,
      }
    : { th: `${name} ขอดูข้อมูลของท่าน`, en: `${name} asks to see your data` }
}

function Asker({ wallet, request }: Pick<RequestProps, 'wallet' | 'request'>) {
  return (
    <div class="stack tight" data-asker>
      <p>
        <Standing listed={wallet.isListed('verifier', request.verifier.clientId)} />
      </p>
      <p>
        <Text th="ยังไม่มีข้อมูลใดถูกส่งออกจากเครื่องนี้" en="Nothing has left this device yet" />
      </p>
    </div>
  )
}

const means: Readonly<Record<string, Bilingual>> = {
  x509_hash: { th: 'ใบรับรองอิเล็กทรอนิกส์', en: 'electronic certificate' },
  x509_san_dns: { th: 'ใบรับรองอิเล็กทรอนิกส์ของชื่อโดเมน', en: 'electronic certificate of its domain name' },
  decentralized_identifier: { th: 'ตัวระบุแบบกระจายศูนย์ (DID)', en: 'decentralised identifier (DID)' },
}

/** For those who help. A certificate says nothing for a verifier whom no list names: anybody can make one. */
function Technical({ request: { verifier } }: Pick<RequestProps, 'request'>) {
  const { clientId, trusted } = verifier
  const mean = means[clientId.slice(0, Math.max(0, clientId.indexOf(':')))]
  return (
    <details data-technical>
      <summary>
        <Text th="รายละเอียดทางเทคนิค" en="Technical details" inline />
      </summary>
      <Facts
        facts={[
          {
            label: { th: 'เลขอ้างอิงของผู้ตรวจสอบเอกสาร', en: 'Verifier’s reference' },
            value: <code class="small">{clientId}</code>,
          },
          ...(mean
            ? [
                {
                  label: { th: 'หลักฐานที่ใช้', en: 'Its proof' },
                  value: trusted ? (
                    <Text {...mean} />
                  ) : (
                    <Text
                      th={`มี${mean.th} แต่ไม่ทราบว่าผู้ใดรับรอง`}
                      en={`It has a means of proof (${mean.en}), but not of anybody known`}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
    </details>
  )
}

function returnTo(redirectUri: string | undefined): void {
  if (redirectUri !== undefined) location.assign(redirectUri)
}

function Result(props: {
  readonly outcome: Outcome
  readonly name: Bilingual
  readonly onRetry: () => void
}) {
  const { outcome, name, onRetry } = props
  const { redirectUri } = outcome
  return (
    <>
      {outcome.done === 'presented' && (
        <>
          <Heading th="ส่งข้อมูลเรียบร้อย" en="Data sent" />
          <Notice
            tone="ok"
            announce
            th={`${name.th} ได้รับข้อมูลแล้ว และเอกสารผ่านการตรวจสอบ`}
            en={`${name.en} has received them and accepted the document.`}
          />
        </>
      )}
      {outcome.done === 'declined' && (
        <>
          <Heading th="ไม่ได้ส่งข้อมูลใด ๆ" en="Nothing was sent" />
          <Notice tone="info" announce th={`แจ้ง ${name.th} แล้ว`} en={`${name.en} has been told.`}>
            <p>
              <Text
                th={`${name.th} ทราบเพียงว่าไม่ได้รับข้อมูล ท่านแสดงบัตรตัวจริงแทนได้`}
                en={`${name.en} knows only that no data came. You can show your physical card instead.`}
              />
            </p>
          </Notice>
        </>
      )}
      {outcome.done === 'failed' && (
        <>
          <Heading {...failureHeading(outcome.problem)} />
          <ProblemNotice problem={outcome.problem} />
          {outcome.problem.code === 'wallet.present.unavailable' && (
            <Act onClick={onRetry} th="ส่งอีกครั้ง" en="Send again" />
          )}
          {outcome.problem.next === 'retry' && <Act onClick={onRetry} th="ลองใหม่" en="Try again" />}
        </>
      )}
      {redirectUri !== undefined && (
        <a class="button wide" href={redirectUri}>
          <Text th={`กลับไปที่ ${name.th}`} en={`Back to ${name.en}`} />
        </a>
      )}
      <Act onClick={() => goTo('')} kind="quiet" th="กลับหน้าเอกสารของฉัน" en="Back to my documents" />
    </>
  )
}

function failureHeading({ code = '' }: Problem): Bilingual {
  return code.startsWith('wallet.present.') && code !== 'wallet.present.untrusted'
    ? { th: 'ส่งข้อมูลแล้ว', en: 'Data sent' }
    : { th: 'ส่งข้อมูลไม่สำเร็จ', en: 'The data could not be sent' }
}
