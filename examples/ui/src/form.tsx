import type { Child } from 'hono/jsx'
import { type Bilingual, Text } from './text.tsx'

export interface ButtonProps extends Bilingual {
  readonly kind?: 'main' | 'quiet' | 'danger'
  readonly wide?: boolean
  /** Makes it a link that looks like a button. */
  readonly href?: string
  readonly type?: 'submit' | 'button'
  readonly name?: string
  readonly value?: string
  readonly id?: string
  readonly disabled?: boolean
  /** What a screen reader says in place of the text, where the text alone is ambiguous. */
  readonly label?: string
  readonly data?: Readonly<Record<`data-${string}`, string>>
}

export function Button(props: ButtonProps) {
  const classes = ['button', props.kind ?? 'main', props.wide ? 'wide' : ''].filter(Boolean).join(' ')
  const text = <Text th={props.th} en={props.en} />
  if (props.href !== undefined) {
    return (
      <a class={classes} href={props.href} id={props.id} aria-label={props.label} {...props.data}>
        {text}
      </a>
    )
  }
  return (
    <button
      class={classes}
      type={props.type ?? 'submit'}
      name={props.name}
      value={props.value}
      id={props.id}
      disabled={props.disabled}
      aria-label={props.label}
      {...props.data}
    >
      {text}
    </button>
  )
}

/** A form that posts, with its CSRF token (`csrf.token(c)`). */
export function Form(props: {
  readonly action: string
  readonly csrf: string
  readonly id?: string
  readonly class?: string
  readonly children?: Child
}) {
  return (
    <form method="post" action={props.action} id={props.id} class={props.class ?? 'stack'} novalidate>
      <input type="hidden" name="csrf" value={props.csrf} />
      {props.children}
    </form>
  )
}

export interface FieldProps {
  readonly name: string
  readonly label: Bilingual
  readonly hint?: Bilingual
  readonly error?: Bilingual
  readonly value?: string
  readonly type?: 'text' | 'password' | 'search' | 'number' | 'url' | 'date'
  readonly inputMode?: 'numeric' | 'text' | 'search' | 'url'
  readonly autoComplete?: string
  readonly maxLength?: number
  readonly required?: boolean
  readonly multiline?: boolean
  readonly autoFocus?: boolean
  readonly data?: Readonly<Record<`data-${string}`, string>>
}

/** A labelled input; the error stands under it and is announced with it. */
export function Field(props: FieldProps) {
  const { name, label, hint, error } = props
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  const attributes = {
    id: name,
    name,
    required: props.required,
    maxlength: props.maxLength,
    autocomplete: props.autoComplete,
    autofocus: props.autoFocus,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': described === '' ? undefined : described,
    ...props.data,
  }
  return (
    <div class="field">
      <label for={name}>
        <Text {...label} />
      </label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          <Text {...hint} inline />
        </p>
      )}
      {props.multiline ? (
        <textarea {...attributes}>{props.value ?? ''}</textarea>
      ) : (
        <input {...attributes} type={props.type ?? 'text'} inputmode={props.inputMode} value={props.value} />
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          <Text {...error} />
        </p>
      )}
    </div>
  )
}

export interface ChoiceOption extends Bilingual {
  readonly value: string
  readonly checked?: boolean
  readonly disabled?: boolean
  readonly children?: Child
}

/** Radio buttons, or check boxes with `many`, as large targets under one legend. */
export function Choices(props: {
  readonly name: string
  readonly legend: Bilingual
  readonly options: readonly ChoiceOption[]
  readonly many?: boolean
  readonly error?: Bilingual
}) {
  return (
    <fieldset class="field" aria-describedby={props.error ? `${props.name}-error` : undefined}>
      <legend>
        <Text {...props.legend} />
      </legend>
      {props.options.map((option) => (
        <label class="choice">
          <input
            type={props.many ? 'checkbox' : 'radio'}
            name={props.name}
            value={option.value}
            checked={option.checked}
            disabled={option.disabled}
          />
          <span>
            <Text th={option.th} en={option.en} />
            {option.children}
          </span>
        </label>
      ))}
      {props.error && (
        <p class="error" id={`${props.name}-error`}>
          <Text {...props.error} />
        </p>
      )}
    </fieldset>
  )
}
