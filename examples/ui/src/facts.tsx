import type { Child } from 'hono/jsx'
import { type Bilingual, Text } from './text.tsx'

export interface Fact {
  readonly label: Bilingual
  /** Absent or empty: shown as a dash. */
  readonly value?: Child
  /** A word under the label: "selective", "always shown". */
  readonly mark?: Bilingual
}

/** Names and values, one under the other on a phone, side by side on a screen; `compact`: side by side, small. */
export function Facts({ facts, compact }: { readonly facts: readonly Fact[]; readonly compact?: boolean }) {
  return (
    <dl class={compact ? 'facts compact' : 'facts'}>
      {facts.map(({ label, value, mark }) => {
        const empty = value === undefined || value === null || value === ''
        return (
          <div>
            <dt>
              <Text {...label} />
              {mark && (
                <span class="mark">
                  <Text {...mark} inline />
                </span>
              )}
            </dt>
            <dd class={empty ? 'empty' : undefined}>{empty ? '–' : value}</dd>
          </div>
        )
      })}
    </dl>
  )
}

export interface Column<Row> {
  readonly label: Bilingual
  readonly cell: (row: Row) => Child
  /** `lead`: the row's title on a phone; `act`: buttons. */
  readonly kind?: 'lead' | 'act'
}

/** A table that becomes a list of cards on a phone. */
export function Table<Row>(props: {
  readonly caption: Bilingual
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
}) {
  return (
    <table class="table">
      <caption class="visually-hidden">
        <Text {...props.caption} inline />
      </caption>
      <thead>
        <tr>
          {props.columns.map(({ label }) => (
            <th scope="col">
              <Text {...label} inline />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr>
            {props.columns.map(({ label, cell, kind }) => (
              <td class={kind} data-label={label.th} data-label-in-english={label.en}>
                <span>{cell(row)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
