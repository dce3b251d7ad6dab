export interface UnknownSetting {
  readonly name: string
  /** The setting that is probably meant. */
  readonly meant?: string
}

/**
 * Variables that look as if they were meant for a program and that it does not know: nearly the name of one of its
 * settings, or with its prefix. They are named at start and never refused: Kubernetes sets `ISSUER_SERVICE_HOST` and
 * `ISSUER_PORT=tcp://…` for a service of that name.
 */
export function unknownSettings(
  names: Iterable<string>,
  known: ReadonlySet<string>,
  prefix: string,
): readonly UnknownSetting[] {
  return [...names]
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = [...known].find((one) => isNearly(name, one))
      if (meant !== undefined) return [{ name, meant }]
      return name.toUpperCase().startsWith(prefix) ? [{ name }] : []
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function isNearly(name: string, known: string): boolean {
  const plain = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  const [a, b] = [plain(name), plain(known)]
  if (a === b) return true
  return distance(a, b) <= (b.length >= 8 ? 2 : b.length >= 4 ? 1 : 0)
}

/** How many letters are wrong, missing, too many or exchanged with their neighbour. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i])
  for (let j = 1; j <= b.length; j++) (rows[0] as number[])[j] = j
  const at = (i: number, j: number) => (rows[i] as number[])[j] as number
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, at(i - 2, j - 2) + 1)
      }
      ;(rows[i] as number[])[j] = least
    }
  }
  return at(a.length, b.length)
}
