import { promises as dns, type LookupAddress, lookup as systemLookup } from 'node:dns'
import { readFileSync, statSync } from 'node:fs'
import { isIP, type LookupFunction } from 'node:net'
import { join } from 'node:path'

export interface LookupSettings {
  /** Addresses of name servers, with a port where it is not 53; the machine's own by default. */
  readonly nameServers?: readonly string[]
  /** For the first try of one name server, in milliseconds; default: 1000. The second takes twice as long. */
  readonly timeout?: number
  /** Default: the file of the machine. */
  readonly hostsFile?: string
}

/** More names than an honest verifier ever looks up at one moment. */
const maxUnderWay = 256

/**
 * Looks names up over sockets of its own. The system's `getaddrinfo` takes one of the four threads for each name, which
 * a few names of silent servers would hold for most of a minute, and everything else on those threads with them. The
 * file of hosts is read first, and `localhost` is this machine (RFC 6761 section 6.3). Those who ask for one name at a
 * time share its answer.
 */
export function createLookup(settings: LookupSettings = {}): LookupFunction {
  const { nameServers, timeout = 1000, hostsFile = defaultHostsFile() } = settings
  const resolver = new dns.Resolver({ timeout, tries: 2 })
  if (nameServers) resolver.setServers(nameServers)
  const hosts = readHosts(hostsFile)
  const ask = async (name: string): Promise<readonly LookupAddress[]> => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const found = [addressesOf(v4, 4), addressesOf(v6, 6)].flat()
    if (found.length === 0) throw v4.status === 'rejected' ? v4.reason : new Error(`${name} has no address`)
    return found
  }
  const shared = sharing(ask)
  return lookupBy((hostname) => {
    const name = hostname.toLowerCase().replace(/\.$/, '')
    const listed = hosts().get(name) ?? (/(^|\.)localhost$/.test(name) ? ['127.0.0.1', '::1'] : undefined)
    return listed
      ? Promise.resolve(listed.map((address) => ({ address, family: isIP(address) })))
      : shared(hostname)
  })
}

/**
 * The system's own lookup, for the few hosts that a setting names: they may stand in whatever the machine goes by (search
 * domains, multicast names). Those who ask for one name at a time take one thread.
 */
export function createSystemLookup(): LookupFunction {
  const ask = (name: string) =>
    new Promise<readonly LookupAddress[]>((resolve, reject) => {
      systemLookup(name, { all: true }, (error, found) => (error ? reject(error) : resolve(found)))
    })
  return lookupBy(sharing(ask))
}

function lookupBy(find: (hostname: string) => Promise<readonly LookupAddress[]>): LookupFunction {
  return (hostname, { all, family }, callback) => {
    const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : (family ?? 0)
    find(hostname).then(
      (found) => {
        const fitting = found.filter((one) => wanted === 0 || one.family === wanted)
        const [first] = fitting
        if (!first) return callback(new Error(`${hostname} has no address of this family`), '')
        return all ? callback(null, fitting) : callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    )
  }
}

function sharing(
  ask: (name: string) => Promise<readonly LookupAddress[]>,
): (name: string) => Promise<readonly LookupAddress[]> {
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>()
  return (name) => {
    const known = underWay.get(name)
    if (known) return known
    if (underWay.size >= maxUnderWay) return Promise.reject(new Error('too many names are looked up at once'))
    const answer = ask(name).finally(() => underWay.delete(name))
    underWay.set(name, answer)
    return answer
  }
}

function addressesOf(result: PromiseSettledResult<readonly string[]>, family: number): LookupAddress[] {
  return result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : []
}

function defaultHostsFile(): string {
  return process.platform === 'win32'
    ? join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts'
}

/** The names of the file, read again when it has changed. */
function readHosts(file: string): () => ReadonlyMap<string, readonly string[]> {
  let names: ReadonlyMap<string, readonly string[]> = new Map()
  let readAt = Number.NaN
  return () => {
    try {
      const { mtimeMs } = statSync(file)
      if (mtimeMs !== readAt) names = parseHosts(readFileSync(file, 'utf8'))
      readAt = mtimeMs
    } catch {
      names = new Map()
    }
    return names
  }
}

function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...hosts] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const host of hosts) {
      const name = host.toLowerCase()
      names.set(name, [...(names.get(name) ?? []), address])
    }
  }
  return names
}
