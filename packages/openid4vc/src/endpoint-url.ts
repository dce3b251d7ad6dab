/** Whether a text is an absolute https URL without credentials or fragment; http only where the host is this machine. */
export function isEndpointUrl(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#')) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname))
}

const loopback = ['localhost', '127.0.0.1', '[::1]']
