// Small things that make the pages more comfortable; every page works without them.

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
  const show = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000))
    if (left === 0) {
      element.textContent = element.dataset.ended
      clearInterval(timer)
      return
    }
    const minutes = Math.floor(left / 60)
    const seconds = String(left % 60).padStart(2, '0')
    element.textContent = `เหลือเวลา ${minutes}:${seconds} นาที · ${minutes}:${seconds} left`
  }
  const timer = setInterval(show, 1000)
  show()
}

function offerCopy(button) {
  if (!navigator.clipboard) return
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent)
    const was = button.innerHTML
    button.textContent = button.dataset.copied
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
      said.textContent = said.dataset.declined
    }
  })
}

function isKnown(protocol) {
  return DigitalCredential.userAgentAllowsProtocol?.(protocol) ?? true
}
