import type { ReceivedRequest, StoredCredential } from '@ekkasan/wallet'
import { WalletError } from '@ekkasan/wallet'
import { commonNameOf, Facts, Notice, Text } from '@ekkasan-examples/ui/parts'
import { useState } from 'hono/jsx/dom'
import { answerOf, type Choice, firstChoice } from './choice.ts'
import { Consent } from './consent.tsx'
import { Standing } from './offer-screen.tsx'
import type { OpenedWallet } from './open-wallet.ts'
import { type Problem, problemOf } from './problems.ts'
import { forgetLink, goTo } from './route.ts'
import { Act, Busy, Failure, Heading, ProblemNotice, useLoaded } from './screen.tsx'

/** Who asks, for what, and what would be shown; nothing leaves the wallet before the person agrees. */
export function RequestScreen({ wallet, link }: { readonly wallet: OpenedWallet; readonly link: string }) {
  const [loaded, reload] = useLoaded(async () => {
    const request = await wallet.readRequest(link)
    return { request, documents: await wallet.credentials() }
  }, link)
  const leave = () => goTo('')
  if (loaded.state === 'loading') {
    return <Busy th="กำลังอ่านคำขอและตรวจผู้ขอ" en="Reading the request and checking who asks" />
  }
  if (loaded.state === 'failed') {
    return <Failure problem={problemOf(loaded.error)} onRetry={reload} onLeave={leave} />
  }
  return <Request wallet={wallet} {...loaded.value} />
}

type Outcome =
  | { readonly done: 'presented' | 'declined'; readonly redirectUri?: string }
  | { readonly done: 'failed'; readonly problem: Problem; readonly redirectUri?: string }

interface RequestProps {
  readonly wallet: OpenedWallet
  readonly request: ReceivedRequest
  readonly documents: readonly StoredCredential[]
}

function Request({ wallet, request, documents }: RequestProps) {
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const [choice, setChoice] = useState<Choice>(firstChoice(request))
  const [incomplete, setIncomplete] = useState(false)
  const { verifier, missing, sets } = request
  const canAnswer = verifier.trusted && missing.length === 0 && sets.length > 0

  const run = async (done: 'presented' | 'declined', act: () => Promise<{ redirectUri?: string }>) => {
    setBusy(true)
    try {
      const { redirectUri } = await act()
      forgetLink()
      setOutcome({ done, ...(redirectUri !== undefined && { redirectUri }) })
      returnTo(redirectUri)
    } catch (error) {
      setBusy(false)
      const redirectUri = error instanceof WalletError ? error.redirectUri : undefined
      setOutcome({
        done: 'failed',
        problem: problemOf(error),
        ...(redirectUri !== undefined && { redirectUri }),
      })
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
    else await run('presented', () => wallet.present(request, answer))
  }

  if (outcome) return <Result outcome={outcome} onRetry={() => setOutcome(undefined)} />
  return (
    <>
      <Heading th="มีผู้ขอดูเอกสาร" en="Somebody asks for a document" />
      <Asker wallet={wallet} request={request} />
      {!verifier.trusted && (
        <Notice
          tone="bad"
          th="ผู้ขอรายนี้ไม่อยู่ในรายชื่อที่เชื่อถือ จึงแสดงเอกสารให้ไม่ได้"
          en="This party is not in the list of trusted verifiers: nothing can be shown to it."
        />
      )}
      {verifier.trusted && !canAnswer && (
        <Notice tone="warn" th="ไม่มีเอกสารที่ตรงกับคำขอ" en="There is no document here that answers the request.">
          <p>
            <Text th="รับเอกสารที่ขอก่อน แล้วสแกนคำขอใหม่" en="Receive it first, then scan the request again." />
          </p>
        </Notice>
      )}
      {canAnswer && <Consent request={request} documents={documents} choice={choice} onChoice={choose} />}
      {incomplete && (
        <Notice
          tone="warn"
          announce
          th="เลือกเอกสารที่จะแสดงอย่างน้อยหนึ่งฉบับ"
          en="Choose at least one document to show."
        />
      )}
      <div class="decision">
        {canAnswer && (
          <Act
            id="consent"
            busy={busy}
            onClick={show}
            {...(busy ? { th: 'กำลังส่ง…', en: 'Sending…' } : { th: 'ยินยอมและแสดง', en: 'Agree and show' })}
          />
        )}
        <Act
          id="decline"
          kind="quiet"
          busy={busy}
          onClick={() => run('declined', () => wallet.decline(request))}
          th="ไม่ยินยอม"
          en="Decline"
        />
      </div>
    </>
  )
}

const means: Readonly<Record<string, { readonly th: string; readonly en: string }>> = {
  x509_hash: { th: 'ใบรับรองของผู้ขอ (ลายมือชื่อถูกต้อง)', en: 'its certificate (signature correct)' },
  x509_san_dns: {
    th: 'ใบรับรองของชื่อโดเมน (ลายมือชื่อถูกต้อง)',
    en: 'a certificate for its domain name (signature correct)',
  },
  decentralized_identifier: { th: 'DID ของผู้ขอ (ลายมือชื่อถูกต้อง)', en: 'its DID (signature correct)' },
}

function Asker({ wallet, request }: Pick<RequestProps, 'wallet' | 'request'>) {
  const { clientId, names } = request.verifier
  const prefix = clientId.slice(0, Math.max(0, clientId.indexOf(':')))
  return (
    <Facts
      facts={[
        {
          label: { th: 'ผู้ขอ', en: 'Who asks' },
          value: (
            <>
              <strong>{commonNameOf(names.und ?? clientId.slice(prefix.length + 1))}</strong>
              <Standing listed={wallet.isListed('verifier', clientId)} />
              <details>
                <summary>
                  <Text th="รหัสของผู้ขอ" en="Its identifier" inline />
                </summary>
                <code class="small">{clientId}</code>
              </details>
            </>
          ),
        },
        {
          label: { th: 'ตรวจผู้ขอแล้วด้วย', en: 'Verified by' },
          value: means[prefix] && <Text {...means[prefix]} />,
        },
      ]}
    />
  )
}

function returnTo(redirectUri: string | undefined): void {
  if (redirectUri !== undefined) location.assign(redirectUri)
}

function Result({ outcome, onRetry }: { readonly outcome: Outcome; readonly onRetry: () => void }) {
  const { redirectUri } = outcome
  return (
    <>
      {outcome.done === 'presented' && (
        <>
          <Heading th="แสดงเอกสารแล้ว" en="Document shown" />
          <Notice
            tone="ok"
            announce
            th="ผู้ขอได้รับและตรวจเอกสารแล้ว"
            en="The party that asked received and checked it."
          />
        </>
      )}
      {outcome.done === 'declined' && (
        <>
          <Heading th="ไม่ได้แสดงเอกสาร" en="Nothing was shown" />
          <Notice tone="info" announce th="แจ้งผู้ขอแล้วว่าไม่ยินยอม" en="The party that asked was told so." />
        </>
      )}
      {outcome.done === 'failed' && (
        <>
          <Heading th="แสดงเอกสารไม่สำเร็จ" en="The document was not accepted" />
          <ProblemNotice problem={outcome.problem} />
          {outcome.problem.code === 'wallet.present.unavailable' && (
            <Act onClick={onRetry} th="ลองอีกครั้ง" en="Try again" />
          )}
        </>
      )}
      {redirectUri !== undefined && (
        <a class="button wide" href={redirectUri}>
          <Text th="กลับไปหาผู้ขอ" en="Back to the party that asked" />
        </a>
      )}
      <Act onClick={() => goTo('')} kind="quiet" th="กลับหน้าเอกสาร" en="Back to the documents" />
    </>
  )
}
