import { createMemoryStore } from '@ekkasan/core'
import { expect, it } from 'vitest'
import { openOfficerAccount } from '../src/officer-account.ts'

async function account() {
  const time = { now: Date.parse('2026-11-21T10:00:00Z') }
  const clock = () => new Date(time.now)
  const opened = await openOfficerAccount({
    file: '/nowhere',
    store: createMemoryStore({ clock }),
    password: 'right-password-1',
    onCreated: () => {
      throw new Error('no account is made')
    },
    clock,
  })
  return { time, signIn: opened.signIn }
}

it('locks for longer each time, and while locked refuses the right password too', async () => {
  const { time, signIn } = await account()
  for (let guess = 0; guess < 5; guess++) expect((await signIn('officer', 'wrong')).outcome).toBe('refused')
  expect((await signIn('officer', 'right-password-1')).outcome).toBe('locked')
  time.now += 15_001
  expect((await signIn('officer', 'wrong')).outcome).toBe('refused')
  time.now += 15_001
  expect((await signIn('officer', 'right-password-1')).outcome).toBe('locked')
  time.now += 15_001
  const accepted = await signIn('officer', 'right-password-1')
  expect(accepted).toEqual({ outcome: 'accepted', officer: 'officer', device: expect.any(String) })
  expect((await signIn('officer', 'wrong')).outcome).toBe('refused')
})

it('counts guesses that are made at once one by one', async () => {
  const { signIn } = await account()
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => signIn('officer', 'wrong')))
  expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toHaveLength(5)
  expect(outcomes.filter(({ outcome }) => outcome === 'locked')).toHaveLength(15)
})

it('knows one user only', async () => {
  const { signIn } = await account()
  expect((await signIn('admin', 'right-password-1')).outcome).toBe('refused')
})

it('strangers who guess do not lock out the browser in which the officer signed in before', async () => {
  const { time, signIn } = await account()
  const first = await signIn('officer', 'right-password-1')
  const device = first.outcome === 'accepted' ? first.device : ''
  expect(device).toMatch(/^[\w-]{43}$/)
  for (let guess = 0; guess < 5; guess++) await signIn('officer', 'wrong', `stranger ${guess}`)
  expect((await signIn('officer', 'right-password-1')).outcome).toBe('locked')
  expect((await signIn('officer', 'right-password-1', 'made up')).outcome).toBe('locked')
  expect(await signIn('officer', 'right-password-1', device)).toMatchObject({ outcome: 'accepted', device })
  expect((await signIn('officer', 'right-password-1')).outcome).toBe('locked')

  // Whoever has that browser has no more guesses than others.
  for (let guess = 0; guess < 5; guess++) await signIn('officer', 'wrong', device)
  expect((await signIn('officer', 'right-password-1', device)).outcome).toBe('locked')
  time.now += 91 * 24 * 3_600_000
  for (let guess = 0; guess < 5; guess++) await signIn('officer', 'wrong')
  expect((await signIn('officer', 'right-password-1', device)).outcome).toBe('locked')
})
