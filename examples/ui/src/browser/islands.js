// Small things that make the pages more comfortable; every page works without them.

followLanguage()
for (const element of document.querySelectorAll('[data-poll]')) poll(element)
for (const element of document.querySelectorAll('[data-countdown]')) countDown(element)
for (const button of document.querySelectorAll('[data-copy]')) offerCopy(button)
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    document.body.classList.toggle('print-slip', button.dataset.print === 'slip')
    window.print()
  })
}
if ('DigitalCredential' in window) {
  for (const element of document.querySelectorAll('[data-dc-api]')) offerBrowserWallet(element)
}
for (const form of document.querySelectorAll('form[method="post"]:not([data-dc-api] form)')) {
  let sent = false
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault()
    sent = true
  })
  // A page that comes back out of the history cache may be sent again.
  window.addEventListener('pageshow', () => {
    sent = false
  })
}
document.querySelector('[aria-invalid="true"]')?.focus()

function poll(element) {
  const pause = Number(element.dataset.pollSeconds) * 1000
  let failures = 0
  const ask = async () => {
    if (document.hidden) {
      document.addEventListener('visibilitychange', ask, { once: true })
      return
    }
    try {
      const answer = await fetch(element.dataset.poll, {
        headers: { accept: 'text/html' },
        cache: 'no-store',
      })
      if (answer.redirected || answer.status === 401 || answer.status === 403) return location.reload()
      if (answer.ok) {
        failures = 0
        const state = answer.headers.get('poll')
        if (state === 'reload') return location.reload()
        const html = await answer.text()
        if (element.dataset.seen !== html) {
          element.dataset.seen = html
          element.innerHTML = html
          for (const counted of element.querySelectorAll('[data-countdown]')) countDown(counted)
        }
        if (state === 'done') return
      } else failures += 1
    } catch {
      failures += 1
    }
    setTimeout(ask, Math.min(pause * 2 ** failures, 30_000))
  }
  setTimeout(ask, pause)
}

function countDown(element) {
  const until = Date.parse(element.dataset.countdown)
  const spoken = element.parentElement.querySelector('[data-countdown-spoken]')
  const show = () => {
    // A poll may have put another in its place.
    if (!element.isConnected) return clearInterval(timer)
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000))
    if (left === 0) {
      say(element, element.dataset.endedTh, element.dataset.endedEn)
      if (spoken) say(spoken, element.dataset.endedTh, element.dataset.endedEn)
      clearInterval(timer)
      return
    }
    const minutes = Math.floor(left / 60)
    const seconds = left % 60
    const th = minutes === 0 ? `เหลือเวลา ${seconds} วินาที` : `เหลือเวลา ${minutes} นาที ${seconds} วินาที`
    const en = minutes === 0 ? `${seconds} seconds left` : `${minutes} min ${seconds} s left`
    say(element, th, en)
    if (spoken && (left === 60 || left === 30)) say(spoken, th, en)
  }
  const timer = setInterval(show, 1000)
  show()
}

/** As the Text of the pages: both languages, of which the page shows what is chosen. */
function say(element, th, en) {
  const text = document.createElement('span')
  text.className = 'text inline'
  const words = [th, en].map((said, at) => {
    const span = document.createElement('span')
    span.className = at === 0 ? 'th' : 'en'
    span.lang = span.className
    span.textContent = said
    return span
  })
  text.append(words[0], ' ', words[1])
  element.replaceChildren(text)
}

/** The language that was chosen last, on this page or another; choosing changes the words and nothing else. */
function followLanguage() {
  const root = document.documentElement
  const show = (language) => {
    root.dataset.language = language
    root.lang = language === 'en' ? 'en' : 'th'
    for (const link of document.querySelectorAll('[data-choose-language]')) {
      if (link.dataset.chooseLanguage === language) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
    for (const element of document.querySelectorAll('[data-label-th]')) {
      const text = language === 'en' ? element.dataset.labelEn : element.dataset.labelTh
      if (element.localName === 'title') document.title = text
      else element.setAttribute('aria-label', text)
    }
  }
  const kept = /(?:^|; )language=(th|en|both)(?:;|$)/.exec(document.cookie)?.[1]
  if (kept && kept !== root.dataset.language) show(kept)
  for (const link of document.querySelectorAll('[data-choose-language]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault()
      const language = link.dataset.chooseLanguage
      const secure = location.protocol === 'https:' ? '; secure' : ''
      // biome-ignore lint/suspicious/noDocumentCookie: Cookie Store is not in every browser
      document.cookie = `language=${language}; path=/; max-age=31536000; samesite=lax${secure}`
      show(language)
    })
  }
}

function offerCopy(button) {
  if (!navigator.clipboard) return
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent)
    const was = button.innerHTML
    say(button, button.dataset.copiedTh, button.dataset.copiedEn)
    setTimeout(() => {
      button.innerHTML = was
    }, 2000)
  })
}

/** The Digital Credentials API: a wallet that the browser knows is asked; the QR beside it stays. */
function offerBrowserWallet(element) {
  const form = element.querySelector('form')
  const said = element.querySelector('[role="status"]')
  element.hidden = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    said.textContent = ''
    try {
      const started = await fetch(form.action, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
      })
      if (!started.ok) return location.reload()
      const { requests } = await started.json()
      const known = requests.filter(({ protocol }) => isKnown(protocol))
      const digital = { requests: known.map(({ protocol, data }) => ({ protocol, data })) }
      const { protocol, data } = await navigator.credentials.get({ mediation: 'required', digital })
      await fetch(requests.find((request) => request.protocol === protocol).responseUri, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ protocol, data }),
      })
      location.reload()
    } catch {
      say(said, said.dataset.declinedTh, said.dataset.declinedEn)
    }
  })
}

function isKnown(protocol) {
  return DigitalCredential.userAgentAllowsProtocol?.(protocol) ?? true
}
