/** Whether a text is an absolute https URL without credentials or fragment; http only where the host is this machine. */
export function isEndpointUrl(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#')) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname))
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * For the URL under which a program is reached. What came is named without credentials and query.
 * @param what the option, as a message names it: `createIssuer: url`
 * @throws TypeError unless it is an endpoint's URL without query
 */
export function requireEndpointUrl(text: string, what: string): void {
  if (isEndpointUrl(text) && !text.includes('?')) return
  throw new TypeError(
    `${what}: expected an https URL without query, fragment and credentials; got ${faultOf(text)}`,
  )
}

function faultOf(text: string): string {
  if (!URL.canParse(text)) return 'a text that is no absolute URL; write it with its scheme, https://…'
  const { protocol, host, username, password } = new URL(text)
  if (username !== '' || password !== '') return 'one with credentials'
  if (text.includes('#')) return 'one with a fragment'
  if (text.includes('?')) return 'one with a query'
  if (protocol !== 'http:') return `the scheme ${protocol.slice(0, 64)}`
  return `http://${host}; http is for this machine alone (${loopback.join(', ')})`
}
